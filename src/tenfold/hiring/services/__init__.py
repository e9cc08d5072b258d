"""The verbs. Each is atomic, takes `by` and `now`, asks who may, and writes its audit entry in the same transaction."""
