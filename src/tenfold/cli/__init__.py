"""The command line: each command parses, calls one function and renders. `app` is the root; the rest loads on demand."""
