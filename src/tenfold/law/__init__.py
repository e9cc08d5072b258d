"""Dated rules by place: pay transparency, automated decisions, records. Not legal advice.

Rows are data (`data/*.toml`), each with the day it takes effect, its sources and an evidence mark on every field; the
engines here take plain values and a date (`as_of`) and answer in words that a lawyer would not object to: present,
missing, open-ended, unusually wide, not required, unknown. An unconfirmed field never decides.
"""
