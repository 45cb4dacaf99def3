"""The bureau's supervision: check tasks, unfiled websites, notices, blacklist, forced cancellations."""
