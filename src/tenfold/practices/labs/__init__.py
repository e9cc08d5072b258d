"""P5: work samples on real tools, in an isolated room, graded by how the candidate's system behaves.

Words: a *lab* is a folder of data; a *variant* is a lab with a seed; a *box* is an isolated room; a
*session* is one candidate's work on one variant; a *grading* judges an immutable snapshot of it.
"""
