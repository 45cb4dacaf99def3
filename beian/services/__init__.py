"""What people do that belongs to no portal, as verbs."""
