"""The command line: each command parses, calls one function, renders. `app` is the root; the rest loads on demand."""

import os

# Help and usage errors as plain text: no boxes, and a tenth of a second less at every `--help`. Must be said before
# Typer is imported anywhere.
os.environ.setdefault("TYPER_USE_RICH", "0")
# No plugin of pydantic is ours, and looking for some reads the metadata of everything that is installed.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
