"""Pages that belong to no portal."""
