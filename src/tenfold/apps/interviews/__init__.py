"""Interview kits of open roles, who interviews whom, and scorecards that are blind until one's own is in."""
