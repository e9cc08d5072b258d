"""Outside systems read as values: spreadsheets, git, registries, monitoring and incident tools.

A connector turns bytes or API answers into frozen values and says what it could not read and where. Nothing here
opens a connection: whoever calls hands in a fetch. Read-only throughout.
"""
