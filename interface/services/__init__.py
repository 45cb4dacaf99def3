"""What the interface does with its rows: accounts, uploads, mailboxes, the log of calls."""
