"""Periods as files, and what the search offers."""
