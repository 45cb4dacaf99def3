"""The least that would have to be done, written without the system."""
