"""Dated rules by place: pay transparency, automated decisions, records. Not legal advice.

Rows are data (`data/*.toml`), each with the day it takes effect, its sources and an evidence mark on every
field. The engines take plain values and a date (`as_of`) and answer: present, missing, open-ended,
unusually wide, not required, unknown. An unconfirmed field never decides. How a row is kept: docs/law.md.
"""
