#!/bin/sh
# Grades what was handed in and writes one reward file. Run by the harness in a fresh container.
exec python /tests/run.py /workspace /logs/verifier/reward.json
