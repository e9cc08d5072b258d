"""Keeping whom one hired: on-call, impact, pulse, 1:1s, the yearly pay round and the loop back to hiring."""
