"""Importers: each reads one kind of source, row by row, and says of every row whether it was kept and if not, why."""
