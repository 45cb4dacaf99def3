"""Load what rules of requests need to know for a whole document: a fixed number of queries."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.conf import settings
from django.db.models import Q

from beian.calendar import shanghai_day
from beian.checks.base import Facts, Taken
from beian.checks.facts import load_facts
from beian.checks.material import owner_name
from beian.checks.operations import Operation
from beian.checks.passwords import compared, sent_password
from beian.checks.requests import Gone, Known, OnFile, OwnId, ask, marks, name_of
from beian.checks.requests.asked import Asked
from beian.checks.requests.known import OwnIds
from beian.checks.requests.naming import ACCESS, SPONSOR, WEBSITE, normal, spellings
from beian.models import (
    Access,
    Cancelled,
    Node,
    ProviderId,
    Reservation,
    Reserved,
    Sponsor,
    Website,
)
from beian.records import AttachmentRecord, ChangeRecord, FilingRecord, NameRecord, Request
from beian.records.rows import filings

MARKS = (Reserved.CHANGE, Reserved.CANCELLATION, Reserved.ACCESS)


def load_request_facts(
    holder: Node,
    *,
    isp_id: int,
    requests: Sequence[Request],
    except_application: int | None = None,
    waiting: Mapping[int, int] | None = None,
    passwords: Mapping[tuple[int, str], bool | None] | None = None,
) -> Known:
    """Load what the rules need to judge `requests`, reported by provider `isp_id`, at the bureau `holder`.

    `requests` may hold new filings too: those are judged with the same facts. `except_application` leaves
    out what that application itself has taken, for judging it again. `waiting` counts the provider's
    changes that wait for a decision here, by sponsor's number (1051). `passwords` are verdicts that
    `beian.checks.passwords.password_verdicts` gave before the transaction; what is missing there is
    compared now, which is slow. 24 queries at most, however many requests, while none names more than
    5,000 keys of a kind.
    """
    names = _names(requests)
    on_file = load_on_file(holder, names)
    asked = [ask(request, Known(facts=_nothing(holder, isp_id), on_file=on_file)) for request in requests]
    shapes = [each.shape.filing for each in asked]
    facts = load_facts(holder, isp_id=isp_id, filings=shapes, except_application=except_application)
    return Known(
        facts=facts,
        on_file=on_file,
        gone=load_gone(holder, names),
        marks=_marks(holder, asked, except_application),
        passwords=_passwords(holder, isp_id, asked, passwords or {}),
        waiting=dict(waiting or {}),
        most_waiting=settings.ENV.changes_waiting,
        since=_since(holder, isp_id, asked),
        own=load_own(holder, isp_id, names),
        called=_called(holder, isp_id, asked),
    )


def load_material_facts(holder: Node, *, isp_id: int, attachments: Sequence[AttachmentRecord]) -> Known:
    """Load what `beian.checks.material.check_material` needs for material that came on its own."""
    names = [owner_name(attachment) for attachment in attachments]
    own = load_own(holder, isp_id, names)
    filed = [NameRecord(number=each.number) for some in own.values() for each in some if each.number is not None]
    return Known(
        facts=load_facts(holder, isp_id=isp_id, filings=()),
        on_file=load_on_file(holder, [*names, *filed]),
        gone=load_gone(holder, names),
        own=own,
    )


def _nothing(holder: Node, isp_id: int) -> Facts:
    return Facts(tables={}, regions={}, today=datetime.date.min, province=holder.province, provider=isp_id)


def _names(requests: Iterable[Request]) -> list[NameRecord]:
    """Give all that requests name: what they are about, and for changes the websites."""
    names = []
    for request in requests:
        if isinstance(request, FilingRecord):
            continue
        names.append(name_of(request))
        if isinstance(request, ChangeRecord):
            names += [NameRecord(number=website.number) for website in request.websites]
    return names


def _numbers(names: Iterable[NameRecord]) -> set[int]:
    return {name.number for name in names if name.number is not None}


def _written(names: Iterable[NameRecord]) -> set[str]:
    return {form for name in names if name.filing_number for form in spellings(name.filing_number)}


def load_on_file(holder: Node, names: Sequence[NameRecord]) -> OnFile:
    """Load the whole filings of all sponsors, websites and accesses that are named."""
    if not names:
        return OnFile()
    numbers, written = _numbers(names), _written(names)
    named = Q(number__in=numbers) | Q(filing_number__in=written)
    sponsors = {
        *Sponsor.objects.held_by(holder).filter(named).values_list("number", flat=True),
        *Website.objects.held_by(holder).filter(named).values_list("sponsor__number", flat=True),
        *Access.objects.held_by(holder).filter(number__in=numbers).values_list("website__sponsor__number", flat=True),
    }
    return OnFile(filings(holder, sponsors).values())


def load_gone(holder: Node, names: Sequence[NameRecord]) -> dict[int | str, Gone]:
    """Load the tombstones of what is named, and of the sponsors of that."""
    if not names:
        return {}
    stones = Cancelled.objects.held_by(holder)
    rows = list(stones.filter(Q(number__in=_numbers(names)) | Q(filing_number__in=_written(names))))
    known = {row.number for row in rows}
    if sponsors := {row.sponsor for row in rows if row.sponsor is not None} - known:
        rows += stones.filter(number__in=sponsors)
    gone: dict[int | str, Gone] = {}
    for row in rows:
        on = shanghai_day(row.cancelled_at)
        gone[row.number] = Gone(row.kind, row.number, row.filing_number, on, row.sponsor, row.reason)
        if row.filing_number:
            gone[normal(row.filing_number)] = gone[row.number]
    return gone


def load_own(holder: Node, isp_id: int, names: Sequence[NameRecord]) -> dict[int, tuple[OwnId, ...]]:
    """Load what the provider itself calls by the numbers that are named: it may have mistaken them."""
    own: dict[int, tuple[OwnId, ...]] = defaultdict(tuple)
    if numbers := _numbers(names):
        rows = ProviderId.objects.filter(
            holder=holder, isp_id=isp_id, provider_id__in=numbers, kind__in=(SPONSOR, WEBSITE, ACCESS)
        )
        for row in rows.order_by("kind"):
            own[row.provider_id] += (OwnId(row.kind, row.number, row.application),)
    return dict(own)


def _marks(holder: Node, asked: Iterable[Asked], except_application: int | None) -> dict[tuple[str, str], Taken]:
    """Load the marks of pending requests on everything that the requests are about."""
    keys = {key for each in asked if each.on_file for key in _mark_keys(each, each.on_file)}
    if not keys:
        return {}
    rows = Reservation.objects.filter(holder=holder, kind__in=MARKS, key__in=keys)
    if except_application is not None:
        rows = rows.exclude(application=except_application)
    return {(row.kind, row.key): Taken(row.taken_by, shanghai_day(row.taken_at)) for row in rows}


def _mark_keys(asked: Asked, filing: FilingRecord) -> Iterable[str]:
    """Give the keys of all marks that may be on a filing."""
    yield marks.change_of_sponsor(filing.sponsor.number or 0)[1]
    for website in filing.websites:
        yield marks.change_of_website(website.number or 0)[1]
        yield marks.access_for(website.number or 0, asked.isp_id)[1]
        yield from (marks.cancelling(ACCESS, access.number or 0)[1] for access in website.accesses)


def _passwords(
    holder: Node, isp_id: int, asked: Iterable[Asked], known: Mapping[tuple[int, str], bool | None]
) -> dict[tuple[int, str], bool | None]:
    """Compare the filing passwords that nobody compared yet."""
    sent = [(each.target, sent_password(each.request)) for each in asked]
    missing = [
        (target, password)
        for target, password in sent
        if target is not None and password and (target, password) not in known
    ]
    return {**known, **compared(holder, missing, isp_id=isp_id)} if missing else dict(known)


def _since(holder: Node, isp_id: int, asked: Iterable[Asked]) -> dict[int, datetime.date]:
    """Load since when the provider gives access to the websites for which it asks for one."""
    extended = (each.website for each in asked if each.operation is Operation.NEW_ACCESS)
    websites = {website.number for website in extended if website is not None and website.number is not None}
    if not websites:
        return {}
    rows = Access.objects.held_by(holder).filter(isp_id=isp_id, website__number__in=websites)
    found = rows.values_list("website__number", "since", "website__first_reported")
    return {number: shanghai_day(since or reported) for number, since, reported in found}


def _called(holder: Node, isp_id: int, asked: Iterable[Asked]) -> OwnIds:
    """Load what the provider calls the domains and address ranges of the filings that it wants changed."""
    changed = [each.found[0].filing for each in asked if each.operation is Operation.CHANGE and each.found]
    numbers = {number for filing in changed for number in _of_domains_and_ranges(filing)}
    called: dict[int, tuple[tuple[str, int], ...]] = defaultdict(tuple)
    if numbers:
        rows = ProviderId.objects.filter(holder=holder, isp_id=isp_id, number__in=numbers)
        for number, kind, own in rows.values_list("number", "kind", "provider_id"):
            called[number or 0] += ((kind, own),)
    return dict(called)


def _of_domains_and_ranges(filing: FilingRecord) -> Iterator[int]:
    for website in filing.websites:
        yield from (domain.number for domain in website.domains if domain.number is not None)
        for access in website.accesses:
            yield from (part.number for part in access.ranges if part.number is not None)
