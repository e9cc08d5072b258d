"""Pay: what the market says, what an offer is worth, and the company's own pay beside both."""
