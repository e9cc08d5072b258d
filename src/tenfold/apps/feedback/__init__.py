"""Feedback to candidates after a decision: drafted from the evidence, edited and approved by a person, then sent."""
