"""P3 Skills: no impossible combinations.

Words: a *must-have* keeps a person out, a *nice-to-have* does not; an area is *deep* where expert or strong command is
demanded; the *team's cover* is what the people already there can do.
"""
