"""Terms as values, how they lie to plan, band and market, and what an offer is on a day."""
