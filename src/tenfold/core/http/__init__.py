"""HTTP for all apps: who is signed in, limits, problems, cursors, API access."""
