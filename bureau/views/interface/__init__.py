"""The bureau's pages about the interface: provider accounts, calls, mailboxes, uploads; and its people."""
