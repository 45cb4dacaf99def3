"""Forms of the bureau's pages."""
