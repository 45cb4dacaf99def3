"""What follows from judging a document's records: an event for each, an answer or the way to another bureau."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from beian import events
from beian.checks import Finding
from beian.models import Node
from beian.records import Request
from bureau.models import Application
from bureau.services import refusal
from bureau.services.forwarding import forward
from interface.models import Upload


class Judged(Protocol):
    """A request, the application made of it, what was found, and the bureau it goes to if not this one."""

    @property
    def request(self) -> Request: ...
    @property
    def application(self) -> Application: ...
    @property
    def findings(self) -> list[Finding]: ...
    @property
    def home(self) -> Node | None: ...


def tell_judged(upload: Upload, judged: Sequence[Judged]) -> None:
    """Write an event for each record; answer what comes back, send on what another bureau decides."""
    events.record_many(
        "application",
        [
            (each.application.pk, "return" if each.findings else "receive", {"codes": [f.code for f in each.findings]})
            for each in judged
        ],
        node=upload.account.bureau,
        correlation=upload.correlation,
    )
    for each in judged:
        if each.findings:
            refusal.tell_returned(each.application, each.findings)
        elif each.home is not None:
            forward(each.application, each.request, each.home)
