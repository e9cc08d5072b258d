"""What pages of labs show, as values."""
