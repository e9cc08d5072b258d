"""The people who were hired: who is in which team, and the lists that say how long people stay."""
