"""What the interface does with uploads, mailboxes and calls."""
