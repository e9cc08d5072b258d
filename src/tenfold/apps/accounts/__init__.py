"""Signing in, members, invitations, API tokens, the trail page."""
