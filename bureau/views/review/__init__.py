"""The reviewers' pages: queue, one application, decisions, and what they keep for it."""
