"""What a provider may ask for. Every rule says for which of these it holds."""

from __future__ import annotations

from enum import IntEnum


class Operation(IntEnum):
    """A kind of request. 1 to 7 are the numbers of the wire; what follows has none there."""

    NEW_FILING = 1
    NEW_WEBSITE = 2
    NEW_ACCESS = 3
    CHANGE = 4
    CANCEL_ACCESS = 5
    CANCEL_SPONSOR = 6
    CANCEL_WEBSITE = 7
    MATERIAL = 35
    CHECK_RESULT = 101
    UNFILED_HANDLING = 102


Operations = frozenset[Operation]

NAMES = {
    Operation.NEW_FILING: "new filing",
    Operation.NEW_WEBSITE: "new website",
    Operation.NEW_ACCESS: "new access",
    Operation.CHANGE: "change",
    Operation.CANCEL_ACCESS: "cancel access",
    Operation.CANCEL_SPONSOR: "cancel sponsor",
    Operation.CANCEL_WEBSITE: "cancel website",
    Operation.MATERIAL: "verification material",
    Operation.CHECK_RESULT: "check result",
    Operation.UNFILED_HANDLING: "handling of an unfiled website",
}
"""In words, for the reference page."""

EVERY_REQUEST: Operations = frozenset(operation for operation in Operation if operation <= Operation.CANCEL_WEBSITE)
"""All that becomes an application."""

WITH_SPONSOR: Operations = frozenset({Operation.NEW_FILING, Operation.CHANGE})
"""Say what the sponsor is."""

WITH_WEBSITES: Operations = WITH_SPONSOR | {Operation.NEW_WEBSITE}
"""Say what websites are."""

WITH_ACCESSES: Operations = WITH_WEBSITES | {Operation.NEW_ACCESS}
"""Say where websites are hosted, and may bring attachments."""

CANCELLATIONS: Operations = frozenset({Operation.CANCEL_ACCESS, Operation.CANCEL_SPONSOR, Operation.CANCEL_WEBSITE})
OF_WHAT_STANDS: Operations = EVERY_REQUEST - {Operation.NEW_FILING}
"""Name something that is on file."""

WITH_ATTACHMENTS: Operations = WITH_ACCESSES | {Operation.MATERIAL}
"""Bring files."""
