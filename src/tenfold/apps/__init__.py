"""What people do: one Django app a subject, all alike (ARCHITECTURE.md)."""
