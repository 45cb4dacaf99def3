"""The log of calls: who called, what was answered, and why, in plain words and without secrets."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import structlog
from django.db import DatabaseError

from beian import events
from beian.models import Node
from interface.models import CallLog, ProviderAccount

log = structlog.get_logger("interface.calls")


@dataclass(slots=True)
class CallNote:
    """What is known about a call while it is answered; written down at its end."""

    bureau: Node
    address: str
    started: float = field(default_factory=time.monotonic)
    account: ProviderAccount | None = None
    isp_id: str = ""
    operation: str = ""
    code: int | None = None
    reason: str = ""
    size: int = 0
    sequence: int | None = None

    def write(self) -> None:
        """Append to the log. The answer stands whatever becomes of this."""
        current = events.current_correlation.get()
        try:
            CallLog.objects.create(
                bureau=self.bureau,
                account=self.account,
                isp_id=self.isp_id[:32].replace("\0", ""),
                operation=self.operation[:40],
                address=self.address or None,
                code=self.code,
                reason=self.reason,
                request_size=self.size,
                milliseconds=round((time.monotonic() - self.started) * 1000),
                sequence=self.sequence,
                **({"correlation": current} if current else {}),
            )
        except DatabaseError as error:
            log.error("the call could not be logged", error=type(error).__name__, code=self.code)
