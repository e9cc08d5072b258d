"""Debriefs over what interviewers handed in, and decisions that a named person signs."""
