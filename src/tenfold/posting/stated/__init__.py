"""Answers to a plan's questions that a posting states beside its requirements, each with the words that state it."""
