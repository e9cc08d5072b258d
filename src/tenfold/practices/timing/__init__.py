"""P6 Timing: neither too early nor too late.

Words: a *sign* is one of the guide's four indicators that an MLOps engineer has work to do; a *bar* is one of its three
reasons to wait; a *crisis* is a hire into a platform in trouble. The thresholds are the guide's, kept as house rules.
"""
