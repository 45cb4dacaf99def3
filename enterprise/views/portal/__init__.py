"""Accounts of sponsors, and applying in steps."""
