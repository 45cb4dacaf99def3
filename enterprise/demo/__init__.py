"""The demo of the provider's system: connection, people, cases."""
