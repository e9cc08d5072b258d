"""What a draft says, whether a letter has gone out, and what the law asks after a decision."""
