"""The REST interface for the provider's own systems."""
