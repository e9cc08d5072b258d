"""Pages of plans: the list, the editor with its ten checks, versions, comments, reports."""
