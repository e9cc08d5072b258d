"""What comes in from outside as values within bounds, and the notices that go out by law. Knows no Django."""
