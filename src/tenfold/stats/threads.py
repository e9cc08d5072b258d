"""One thread for a fit of many small matrices, where several would only wait for each other."""

from __future__ import annotations

from importlib import import_module

from threadpoolctl import threadpool_limits


def single_threaded() -> threadpool_limits:
    """A context in which numpy and scipy start no threads."""
    import_module("scipy.linalg")  # has threads of its own; only what is loaded can be limited
    return threadpool_limits(1)
