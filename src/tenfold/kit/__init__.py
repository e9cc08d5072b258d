"""Plain Python used by every layer: errors, findings, facts with their sources, money, the hash chain.

Nothing here knows of plans, postings or practices.
"""
