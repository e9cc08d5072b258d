"""What commands share: lists in the terminal, output to a file or standard output, hints."""
