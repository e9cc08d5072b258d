"""P1 Requirements: MLOps is not DevOps with a new title.

Words: the *ML-operations share* (`mlops_share`) is how much of what is asked for belongs to the six ML-operations
areas, as against generic infrastructure; languages, data and modelling count on neither side.
"""
