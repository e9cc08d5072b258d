"""The API for programs: tokens with scopes, and plans, audits, readings and pay estimates under /api/v1.

Every answer is made by the same code that pages use, seen with the rights of the person whose token asks.
"""
