"""Work samples in the browser: invitations, the candidate's room, people beside them, reviews and verdicts."""
