"""P8 Collaboration: assess soft skills on purpose.

Words: a *round* is one conversation; a *rater* rates it alone; an *anchor* is the written description of what earns a
rating; the *decision rule* says beforehand how ratings become a decision, which a named person takes.
"""
