"""P4 Scope: say which MLOps job this is.

Words: the *scope* is the share of infrastructure work, declared in the plan and read from the posting with an interval;
the *family* is what the job really is by its duties; an *archetype* is one of three shapes of the MLOps job.
"""
