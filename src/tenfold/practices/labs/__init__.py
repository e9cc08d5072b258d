"""P5 Assessment: work samples on real tools, graded by behaviour, not whiteboards.

Words: an *instrument* is one test or work sample; a *lab* is an instrument that Tenfold runs; a *must-have* is covered
when one or two instruments give evidence of its competency.
"""
