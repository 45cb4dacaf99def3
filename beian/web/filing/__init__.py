"""A filing on a screen, whoever's: what its fields are called, what is masked, old beside new."""
