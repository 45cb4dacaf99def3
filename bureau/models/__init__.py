"""What a bureau keeps beside the filings themselves."""

from bureau.models.application import Application
from bureau.models.bureau_notice import BureauNotice, NoticeKind
from bureau.models.check_task import CheckState, CheckTask
from bureau.models.desk import RefusalReason, SavedFilter
from bureau.models.unfiled_website import UnfiledState, UnfiledWebsite

__all__ = [
    "Application",
    "BureauNotice",
    "CheckState",
    "CheckTask",
    "NoticeKind",
    "RefusalReason",
    "SavedFilter",
    "UnfiledState",
    "UnfiledWebsite",
]
