"""Statistics that several practices need: values in, frozen answers out.

Every estimate carries n and an interval. Results are checked against published values, R or a well-kept library; the
source is in the docstring or the test.
"""
