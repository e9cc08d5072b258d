"""P5 Assessment: work samples on real tools, graded by behaviour, not whiteboards.

Words: an *instrument* is one test or work sample; a *lab* is an instrument that Tenfold runs (a folder of data); a
*must-have* is covered when one or two instruments give evidence of its competency. A *variant* is a lab with a seed; a
*box* is an isolated room; a *session* is one candidate's work on one variant; a *grading* judges a snapshot of it.
"""
