"""Questions that a bureau's pages ask of the database, each in a constant number of queries."""
