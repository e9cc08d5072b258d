"""Offers: written, compared, approved by named people, answered by the candidate over a signed link."""
