"""What a bureau keeps beside the filings themselves."""

from bureau.models.application import Application
from bureau.models.desk import RefusalReason, SavedFilter

__all__ = ["Application", "RefusalReason", "SavedFilter"]
