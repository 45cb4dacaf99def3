"""Tasks from the bureau, stock verification, the re-check of what is on file."""
