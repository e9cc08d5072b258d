"""P9 Growth: a ladder that is real.

Words: a *ladder* is a list of *steps*, one a level; a step says its *scope* (what the level owns) and its *behaviours*
(what someone at it observably does). Years are never a criterion.
"""
