"""What is told of labs, invitations, rooms and reviews."""
