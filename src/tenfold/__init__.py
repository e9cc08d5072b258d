"""Tenfold: hire MLOps engineers right, and keep them. ARCHITECTURE.md is the map."""

__version__ = "0.1.0"
