"""Everything that is written of labs: invitations, rooms, reviews, verdicts."""
