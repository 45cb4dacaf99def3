"""The log of calls: who called, what was answered, and why, in plain words and without secrets."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import structlog
from django.db import DatabaseError

from beian import events
from beian.batch import Batch
from beian.models import Node
from interface.models import CallLog, ProviderAccount

log = structlog.get_logger("interface.calls")

ISP_ID_DIGITS = 12


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
    _written: tuple[int | None, str] | None = None

    def write(self) -> None:
        """Append to the log, unless this very answer stands there. It is given whatever becomes of this."""
        if self._written == (self.code, self.reason):
            return
        try:
            self._row().save(force_insert=True)
        except DatabaseError as error:
            log.error("the call could not be logged", error=type(error).__name__, code=self.code)

    def write_with(self, batch: Batch) -> None:
        """Append to the log together with what the call does: where that is stored, this is too."""
        batch.insert(self._row())

    def stands(self) -> None:
        """Remember that what went `with` a batch is stored: it need not be written again."""
        self._written = (self.code, self.reason)

    def _row(self) -> CallLog:
        current = events.current_correlation.get()
        return CallLog(
            bureau=self.bureau,
            account=self.account or self._named(),
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

    def _named(self) -> ProviderAccount | None:
        """Find the account that a call refused at the threshold names: its provider is to see that call too."""
        if not (self.isp_id.isascii() and self.isp_id.isdecimal() and len(self.isp_id) <= ISP_ID_DIGITS):
            return None
        return ProviderAccount.objects.filter(bureau=self.bureau, isp_id=int(self.isp_id)).first()
