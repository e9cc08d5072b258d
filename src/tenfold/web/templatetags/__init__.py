"""Our template tags."""
