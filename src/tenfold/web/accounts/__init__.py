"""Signing in, invitations, the first administrator, people and their roles."""
