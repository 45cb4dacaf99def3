"""A filing on file in Guangdong, to which two providers give access, and applications of every kind about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db import transaction

from beian import numbers, store
from beian.models import Node, NodeKind
from beian.records import (
    AttachmentRecord,
    CancellationRecord,
    Cancelled,
    FilingRecord,
    NameRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    as_json,
)
from beian.records.differences import difference
from beian.records.merging import merged
from beian.records.requests import ChangeRecord, Request
from beian.records.rows import number_of, store_filing
from bureau.models import Application
from bureau.services.applying import describe_request
from bureau.services.prospects import prospect
from bureau.services.requests import kind_of, subject
from tests import builders
from tests.applications import application_row
from tests.beian.filed import CALLER, OTHER, change, on_file
from tests.builders import changed, jpeg_bytes

STORED, ISSUED_IN = "2026-01-05 10:00:00", 2026


def filed(bureau: Node, *, websites: int = 2, shared: bool = True) -> FilingRecord:
    """Put a filing on file at `bureau`, its numbers issued there, two providers giving access to each website."""
    for isp_id, name in ((CALLER, "示例接入商"), (OTHER, "示例数据中心")):
        Node.objects.get_or_create(
            code=f"provider:{isp_id}", defaults={"kind": NodeKind.PROVIDER, "name": name, "province": bureau.province}
        )
    store.put(jpeg_bytes())
    record = on_file(websites=websites, shared=shared)
    moments = {"first_reported": STORED, "last_modified": STORED}
    record = replace(
        record,
        sponsor=replace(record.sponsor, **moments),
        websites=tuple(replace(each, **moments) for each in record.websites),
        attachments=(form_of(record),),
    )
    with transaction.atomic():
        numbers.issue_filing_number(bureau, ISSUED_IN)
        numbers.issue_objects(bureau, 200)
        store_filing(bureau, record)
    return replace(record, attachments=())


def form_of(record: FilingRecord) -> AttachmentRecord:
    """The verification form, of a sponsor on file."""
    return builders.attachment(str(record.sponsor.number))


def cancellation(what: Cancelled, number: int | None, **changes: Any) -> CancellationRecord:
    """A cancellation because the website is no longer run."""
    assert number is not None
    return CancellationRecord(**({"what": what, "number": number, "reason": 1} | changes))


def requests_about(record: FilingRecord) -> dict[str, Request]:
    """Requests of every kind about a filing on file, by name."""
    site, own = record.websites[0], record.websites[0].accesses[0]
    after = changed(changed(record, "sponsor.person.mobile", "16000009999"), "sponsor.person.name", "示例新人")
    return {
        "new_website": NewWebsitesRecord(
            sponsor=NameRecord(filing_number=record.sponsor.filing_number),
            websites=(builders.website(88),),
            attachments=(form_of(record),),
        ),
        "new_access": NewAccessRecord(website=NameRecord(number=site.number), access=builders.access(88)),
        "change": change(after),
        "cancel_access": cancellation(Cancelled.ACCESS, own.number),
        "cancel_website": cancellation(Cancelled.WEBSITE, site.number, remark="示例说明"),
        "cancel_sponsor": cancellation(Cancelled.SPONSOR, record.sponsor.number),
    }


def application_about(
    bureau: Node, record: FilingRecord, request: Request, *, base: FilingRecord | None = None, **values: Any
) -> Application:
    """An application as intake writes it for a request about `record`, which is on file."""
    found = prospect(request, record, CALLER, base)
    return application_row(
        bureau,
        **{
            "kind": kind_of(request),
            "isp_id": CALLER,
            "sequence": 1,
            "subject": subject(request),
            "record": as_json(request),
            "base": None if base is None else as_json(base),
            "difference": found.as_json(),
            **describe_request(request, record, found.after),
            **values,
        },
    )


def every_kind(bureau: Node, record: FilingRecord) -> Iterator[tuple[str, Application]]:
    """One pending application of each kind about a filing on file."""
    for name, request in requests_about(record).items():
        yield name, application_about(bureau, record, request)


def contested(bureau: Node, record: FilingRecord) -> tuple[FilingRecord, ChangeRecord]:
    """What a provider knew before others changed the e-mail on file, and its change of the same."""
    base = changed(record, "sponsor.person.email", "before@example1.cn")
    asked = change(changed(base, "sponsor.person.email", "asked@example1.cn"))
    assert merged(base, record, asked, CALLER).both
    assert difference(base, record)
    return base, asked


def sponsor_number(record: FilingRecord) -> int:
    """The bureau-issued number of the sponsor."""
    return number_of(record.sponsor)
