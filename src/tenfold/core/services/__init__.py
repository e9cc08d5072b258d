"""Writes that every app uses: the trail, API tokens, idempotent requests."""
