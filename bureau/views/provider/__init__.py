"""The pages on which a provider reads about itself."""
