"""What the office, sponsors and the gateway do: verbs, each one transaction."""
