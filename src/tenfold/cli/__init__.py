"""The command line: each command parses, calls one function, renders. `app` is the root; the rest loads on demand."""
