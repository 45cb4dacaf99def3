"""What the tests of applying share: cases that wait at the bureau, and documents as they come from it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils import timezone

from beian.models import Node, Sponsor
from beian.records import CodeRecord, FilingRecord, OpinionRecord, ResultRecord, as_json
from beian.records.rows import filings, with_numbers
from enterprise.applying.document import apply
from enterprise.models import Case, Incoming, Outgoing, OutgoingState
from enterprise.services import contents
from enterprise.workflow import State
from interface.documents.download import DownloadDocument
from tests import builders

MOMENT = "2026-11-20 12:00:00"
LATER = "2026-11-21 12:00:00"


def incoming(provider: Node, name: str = "D1") -> Incoming:
    """A document as the gateway stores it."""
    found, _ = Incoming.objects.get_or_create(provider=provider, file_name=name, defaults={"content": "0", "size": 1})
    return found


def arrive(provider: Node, name: str = "D1", **parts: Any) -> Incoming:
    """Let a document with these parts come and be applied."""
    stored = incoming(provider, name)
    apply(provider, stored, document(**parts))
    return stored


def document(**parts: Any) -> DownloadDocument:
    """A document with these parts."""
    return DownloadDocument(version="V.3.0", **{name: tuple(part) for name, part in parts.items()})


def outgoing(provider: Node, sequence: int = 1, state: str = OutgoingState.ACCEPTED) -> Outgoing:
    """An upload under its number."""
    return Outgoing.objects.create(
        provider=provider, sequence=sequence, state=state, content="0", size=1, records=1, payload_hash=""
    )


def sent(provider: Node, request: contents.CaseRequest, upload: Outgoing | None = None, **values: Any) -> Case:
    """A case of `request` that the bureau has: acknowledged, unless `values` say otherwise."""
    kind = contents.kind_of(request)
    address, found, now = contents.address_of(request), contents.searchable(request), timezone.now()
    known = {
        "state": State.ACKNOWLEDGED,
        "request": as_json(request),
        "subject": address.subject,
        "answered_as": address.answered_as,
        "opinion_ids": list(address.opinion_ids),
        "sponsor_name": found.sponsor_name,
        "certificate_index": found.certificate_index,
        "domains": list(found.domains),
        "document": upload,
        "uploaded_at": now,
        "acknowledged_at": now,
    }
    reference = f"{Case.objects.at(provider).count() + 1:08d}"
    return Case.objects.create(provider=provider, kind=kind, reference=reference, **(known | values))


def result(case: Case, *codes: int, remark: str | None = None) -> ResultRecord:
    """What the bureau answers about a case."""
    operation = case.answered_as or 4
    said = tuple(CodeRecord(code=code, description=f"说明{code}") for code in codes)
    return ResultRecord(codes=said, operation=operation, subject=case.subject, remark=remark)


def opinion(case: Case, verdict: int = 0, text: str = "请补充材料", at: str = LATER) -> OpinionRecord:
    """What a reviewer says about a case."""
    return OpinionRecord(
        reviewed=at,
        verdict=verdict,
        opinion=text,
        reviewer="示例审核员",
        operation=case.answered_as,
        subject=case.opinion_ids[0],
    )


def filed(provider: Node, n: int = 1, *, websites: int = 1, at: str = MOMENT) -> FilingRecord:
    """A filing as the bureau sends it to `provider`, whose objects bear its ids."""
    numbers = iter(range(440_000_000_000_000 + n * 1000, 440_000_000_000_000 + n * 1000 + 999))
    filing = with_numbers(builders.filing(n, websites=websites), numbers.__next__, provider.isp_id)
    return numbered(filing, n, at)


def numbered(filing: FilingRecord, n: int, at: str = MOMENT) -> FilingRecord:
    """A filing with its filing numbers and times."""
    number, times = f"粤ICP备2026{n:06d}号", {"first_reported": MOMENT, "last_modified": at}
    websites = (
        replace(website, filing_number=f"{number}-{place}", **times) for place, website in enumerate(filing.websites, 1)
    )
    sponsor = replace(filing.sponsor, filing_number=number, **times)
    return replace(filing, sponsor=sponsor, websites=tuple(websites), attachments=())


def copy(provider: Node) -> dict[int, FilingRecord]:
    """Our copy of everything."""
    numbers = Sponsor.objects.held_by(provider).values_list("number", flat=True)
    return filings(provider, numbers, isp_id=provider.isp_id)
