"""P2 Pay: benchmark against ML engineering.

Words: the *offer* is the range of base pay in the plan; the *market* is the distribution of posted base pay for the
role, level and place, with its interval; the offer's *percentile* is the share of comparable postings that pay less.
"""
