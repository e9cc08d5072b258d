"""Pages of postings: the reader, the writer, the law of their places, and how they come in from outside."""
