"""The command line: each command parses, calls one function, renders. `app` is the root; the rest loads on demand."""

import os

# Help and usage errors as plain text: no boxes, and a tenth of a second less at every `--help`. Must be said before
# Typer is imported anywhere.
os.environ.setdefault("TYPER_USE_RICH", "0")
