"""What the interface keeps: accounts, uploads, mailboxes, calls."""

from interface.models.account import ProviderAccount, RegisteredAddress
from interface.models.call import CallLog
from interface.models.handed import HandedFiling
from interface.models.mailbox import FIRST, STREAMS, Outcome, Parcel, ParcelKind
from interface.models.upload import Upload, UploadPiece, UploadState

__all__ = [
    "FIRST",
    "STREAMS",
    "CallLog",
    "HandedFiling",
    "Outcome",
    "Parcel",
    "ParcelKind",
    "ProviderAccount",
    "RegisteredAddress",
    "Upload",
    "UploadPiece",
    "UploadState",
]
