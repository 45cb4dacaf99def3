"""The pages of what is on file with our access."""
