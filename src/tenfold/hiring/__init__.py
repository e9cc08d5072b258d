"""What all practices and both faces keep: organisations, people, plans with their versions, and the audit trail.

`models` hold facts, `services` are the only place that writes, `permissions` say who may. Every model answers
`visible_to(user)`. Nothing here audits a plan: that stands above.
"""
