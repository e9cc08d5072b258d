"""P10 Retention: keep whom you hired.

Words: *toil* is work that repeats and leaves nothing behind; a *rotation* is the people who share on-call; a *backfill*
is the plan for when the engineer leaves. Risk is spoken of for teams, never for a person.
"""
