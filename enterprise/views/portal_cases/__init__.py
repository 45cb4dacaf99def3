"""A sponsor's own cases and filings: where each stands, what to do next, what can be asked for."""
