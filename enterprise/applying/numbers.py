"""The numbers that a granted request was given: found by the ids under which we asked for it.

The result says that a request was granted, the filing says under which numbers; either may come first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from beian.models import Access, Node, ObjectKind, ProviderId, Sponsor, Website
from beian.records import FilingRecord, Request
from beian.records.rows import filings
from enterprise.models import Case
from enterprise.queries.on_file import sponsor_named_by
from enterprise.queries.timeline import NUMBERED
from enterprise.services import notices
from enterprise.services.contents import SILENT, request_of
from enterprise.services.guard import tell, update
from enterprise.workflow import Kind, State

OBJECTS: dict[int, ObjectKind] = {
    Kind.NEW_FILING: ObjectKind.SPONSOR,
    Kind.NEW_WEBSITE: ObjectKind.WEBSITE,
    Kind.NEW_ACCESS: ObjectKind.ACCESS,
}
"""What a request brings into being; its `opinion_ids` are our ids of those objects."""

Found = dict[tuple[ObjectKind, int], tuple[int, str]]


def number_cases(provider: Node, said: Iterable[FilingRecord]) -> None:
    """Write the numbers in these filings on the granted cases that asked for them."""
    found = _numbers_in(said)
    asked = Case.objects.at(provider).filter(
        state=State.FILED, kind__in=OBJECTS, opinion_ids__overlap=[own for _, own in found]
    )
    known = asked.values_list("pk", "kind", "opinion_ids", "sponsor_number", "filing_number")
    differing = [
        pk
        for pk, kind, ids, sponsor, number in known
        if (given := _given(kind, ids, found)) is not None and given != (sponsor, number)
    ]
    rows = Case.objects.at(provider).light().filter(pk__in=differing).order_by("pk")
    for case in rows.select_for_update(of=("self",)).select_related("provider", "sponsor_account__user", "agent"):
        _number(case, found)
        if case.kind in NUMBERED and case.filing_number:
            notices.tell_number(case)


def number_case(case: Case) -> None:
    """Write on a locked case that was granted the numbers which our copy has for it already."""
    if case.kind in OBJECTS:
        _number(case, _numbers_in(_on_file(case)))
    elif case.kind not in SILENT and case.sponsor_number is None:
        number = sponsor_named_by(case.provider, cast(Request, request_of(case)))
        row = Sponsor.objects.held_by(case.provider).filter(number=number).first() if number else None
        if row is not None:
            update(case, sponsor_number=row.number, filing_number=case.filing_number or row.filing_number or "")


def _number(case: Case, found: Found) -> None:
    given = _given(case.kind, case.opinion_ids, found)
    if given is None or given == (case.sponsor_number, case.filing_number):
        return
    sponsor, number = given
    update(case, sponsor_number=sponsor, filing_number=number)
    tell(case, "number", data={"filing_number": number})


def _given(kind: int, ids: Iterable[int], found: Found) -> tuple[int, str] | None:
    return next((found[OBJECTS[kind], own] for own in ids if (OBJECTS[kind], own) in found), None)


def _numbers_in(said: Iterable[FilingRecord]) -> Found:
    """Give the sponsor's number and the filing number (of an access its website's) by kind of object and our id."""
    return dict(each for filing in said for each in _of_filing(filing))


def _of_filing(filing: FilingRecord) -> Iterator[tuple[tuple[ObjectKind, int], tuple[int, str]]]:
    sponsor = filing.sponsor
    if sponsor.number is None:
        return
    if sponsor.provider_id is not None:
        yield (ObjectKind.SPONSOR, sponsor.provider_id), (sponsor.number, sponsor.filing_number or "")
    for website in filing.websites:
        given = (sponsor.number, website.filing_number or "")
        if website.provider_id is not None:
            yield (ObjectKind.WEBSITE, website.provider_id), given
        for access in website.accesses:
            if access.provider_id is not None:
                yield (ObjectKind.ACCESS, access.provider_id), given


def _on_file(case: Case) -> Iterable[FilingRecord]:
    """Give the filings of our copy that hold what a case asked for."""
    provider, kind = case.provider, OBJECTS[case.kind]
    ours = ProviderId.objects.filter(holder=provider, isp_id=provider.isp_id, kind=kind)
    named = ours.filter(provider_id__in=case.opinion_ids).values_list("number", flat=True)
    numbers = [number for number in named if number is not None]
    if kind == ObjectKind.WEBSITE:
        websites = Website.objects.held_by(provider).filter(number__in=numbers)
        numbers = list(websites.values_list("sponsor__number", flat=True))
    elif kind == ObjectKind.ACCESS:
        accesses = Access.objects.held_by(provider).filter(number__in=numbers)
        numbers = list(accesses.values_list("website__sponsor__number", flat=True))
    return filings(provider, numbers, isp_id=provider.isp_id).values()
