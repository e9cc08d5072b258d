"""Hiring plans: written, checked, versioned, discussed, approved, shared."""
