"""The pages on which the provider's own systems are let in, and told."""
