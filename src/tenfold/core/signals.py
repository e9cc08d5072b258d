"""What apps below tell those above, who may not be imported by them."""

from __future__ import annotations

from django.dispatch import Signal

plan_archived = Signal()
"""Sent inside the transaction that archives; with `plan`, `by` (a user) and `now`."""
