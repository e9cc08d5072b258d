"""Commands of the audit: `audit`, `plan`, `facts`, `rules`."""
