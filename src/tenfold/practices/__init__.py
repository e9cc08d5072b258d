"""practices."""
