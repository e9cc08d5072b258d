"""P7 Alignment: one reporting line, real authority.

Words: the *line* is whom the hire reports to; a *decision right* names the one post that is *accountable*; a *charter*
is all of them; teams' metrics are in *conflict* when what earns one team praise costs another.
"""
