"""Everything that writes offers: versions, approvals, sendings, answers, erasure."""
