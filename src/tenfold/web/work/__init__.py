"""Background work that somebody asked for: queued, done by the worker, its progress shown, its result fetched."""
