"""What an upload asks for: the kinds of its records, and where each stands in the document."""

from __future__ import annotations

from enum import StrEnum

from lxml import etree


class Branch(StrEnum):
    """The branch of the filing system a document is about; an account has a permission for each."""

    WEBSITES = "ICP"
    ADDRESSES = "IP"
    DOMAINS = "YM"


class RecordKind(StrEnum):
    """A kind of record in an upload."""

    NEW_FILING = "new_filing"
    NEW_WEBSITE = "new_website"
    NEW_ACCESS = "new_access"
    CHANGE = "change"
    CANCELLATION = "cancellation"
    CHECK_RESULT = "check_result"
    UNFILED_HANDLING = "unfiled_handling"
    VERIFICATION_MATERIAL = "verification_material"
    NEW_ADDRESSES = "new_addresses"
    CHANGED_ADDRESSES = "changed_addresses"
    DELETED_ADDRESSES = "deleted_addresses"
    NEW_REGISTRATION = "new_registration"
    CHANGED_REGISTRATION = "changed_registration"
    DELETED_REGISTRATION = "deleted_registration"


# Section and record below the root; address records stand in lists of several names.
PLACES = {
    RecordKind.NEW_FILING: "ICP/XZBA/Baxx",
    RecordKind.NEW_WEBSITE: "ICP/XZWZ/Xzxx",
    RecordKind.NEW_ACCESS: "ICP/XZJR/Xzxx",
    RecordKind.CHANGE: "ICP/BGBA/Bgxx",
    RecordKind.CANCELLATION: "ICP/ZXBA/Zx_xx",
    RecordKind.CHECK_RESULT: "ICP/HSJG/Hsjgxx",
    RecordKind.UNFILED_HANDLING: "ICP/WBACLJG/Clxx",
    RecordKind.VERIFICATION_MATERIAL: "ICP/XZHYD/Fjxx",
    RecordKind.NEW_ADDRESSES: "IP/XZBA/*/*",
    RecordKind.CHANGED_ADDRESSES: "IP/XGBA/*/*",
    RecordKind.DELETED_ADDRESSES: "IP/SCBA/*/*",
    RecordKind.NEW_REGISTRATION: "YM/XZBA/Xzxx",
    RecordKind.CHANGED_REGISTRATION: "YM/XGBA/Xzxx",
    RecordKind.DELETED_REGISTRATION: "YM/SCBA/Scxx",
}

# The names that the limit of a document counts; address records and deletions are not among them.
LIMITED_NAMES = ("Baxx", "Xzxx", "Bgxx", "Zx_xx", "Hsjgxx", "Clxx", "Fjxx")


def counts(root: etree._Element) -> dict[RecordKind, int]:
    """Say how many records of each kind there are, leaving out the kinds that are not there."""
    found = {kind: sum(1 for _ in root.iterfind(place)) for kind, place in PLACES.items()}
    return {kind: count for kind, count in found.items() if count}


def limited(found: dict[RecordKind, int]) -> int:
    """How many of these records count towards the limit of a document."""
    return sum(count for kind, count in found.items() if PLACES[kind].endswith(LIMITED_NAMES))
