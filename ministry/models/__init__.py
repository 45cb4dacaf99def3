"""What the ministry keeps beside its copy of the filings."""

from ministry.models.public import PublicFiling

__all__ = ["PublicFiling"]
