"""Postings: read, written, turned into plans, published."""
