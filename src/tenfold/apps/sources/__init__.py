"""Outside systems that are read on a schedule, and who their names belong to."""
