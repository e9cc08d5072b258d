"""Isolated rooms: one small interface, several backends, one conformance suite, one escape suite."""
