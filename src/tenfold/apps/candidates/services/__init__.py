"""Everything that writes: roles, applications and their moves, candidates, mail, meetings, privacy, webhooks."""
