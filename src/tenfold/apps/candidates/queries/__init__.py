"""What is worked out from rows: histories, boards, funnels, duplicates, retention. Nothing here writes."""
