"""Labs without Django: sandbox, environments, lab format, sessions, grading, doctor."""
