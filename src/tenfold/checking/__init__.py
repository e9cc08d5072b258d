"""How a practice checks a plan: the case it looks at, and the rules it is made of."""
