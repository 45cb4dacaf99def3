"""Doing what the bureau's documents say: one subject a module, `document.apply` calls them."""
