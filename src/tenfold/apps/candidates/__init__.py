"""Candidates: who applies to open roles, what happens to their applications, and what they may ask of us."""
