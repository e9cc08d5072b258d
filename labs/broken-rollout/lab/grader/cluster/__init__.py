"""A cluster small enough for a room: it speaks enough of Kubernetes' API for the real kubectl, and its pods are processes.

    store        objects with versions, and those who watch them
    merging      strategic merge, JSON merge and JSON patch
    api          HTTP: discovery, get, list, watch, create, patch, delete, tables, logs
    controllers  Deployments make ReplicaSets make pods; Services know who is ready
    pods         containers as processes: probes, restarts, memory limits, ending
    network      Services as addresses that pass connections on

What it does not do is refused, in words: see README.md beside it.
"""
