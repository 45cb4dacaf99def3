"""Processes that are killed with `kill -9` at a known step, and what the next one makes of it."""
