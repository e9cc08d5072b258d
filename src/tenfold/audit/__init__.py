"""Runs the ten checks over a plan or a posting, and renders what they say: terminal, HTML, JSON, Markdown.

`intake` turns a file into a plan; `run` asks ten practices; `report` puts the answer in the order in which a person
wants to read it; `renderers` draw that report.
"""
