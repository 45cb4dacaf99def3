"""Filings that the bureau sends (备案数据, 数据同步): our copy becomes what they say, and remembers what it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.db import DataError, IntegrityError, transaction

from beian import copying
from beian.models import Cancelled, Node, ObjectKind, Sponsor, Website
from beian.records import FilingRecord, as_json
from beian.records.differences import difference
from beian.records.removing import forget_ids
from beian.records.rows import filings, number_of, objects_of, store_filings
from beian.records.to_rows import moment
from enterprise.applying.blacklist import tell_hits
from enterprise.applying.deadlines import due
from enterprise.applying.numbers import number_cases
from enterprise.applying.tasks import Entry, open_tasks
from enterprise.models import HoldingChange, HoldingChangeKind, Incoming, TaskKind

Filings = Mapping[int, FilingRecord]


def take_filings(provider: Node, incoming: Incoming, sent: Sequence[FilingRecord], *, everything: bool) -> None:
    """Make our copy of these filings what the bureau says; websites that they no longer name are no longer ours.

    `everything` is a part of all that the bureau holds for us: it is right whatever we think. Else what
    was cancelled stays away, and what is older than what we have changes nothing: parcels may be late.
    What cannot be stored becomes a task; the others are stored all the same.
    """
    if not sent:
        return
    said = {number_of(filing.sponsor): filing for filing in sent}
    before = filings(provider, said, isp_id=provider.isp_id)
    if everything:
        _dig_up(provider, said)
    else:
        said = _still_true(provider, said, before)
    differing = {number: filing for number, filing in said.items() if filing != before.get(number)}
    failed = _store(provider, differing, before)
    stored = {number: filing for number, filing in differing.items() if number not in failed}
    copying.insert(_changes(provider, incoming, before, stored))
    _tell_failed(provider, incoming, failed, differing)
    number_cases(provider, said.values())
    tell_hits(provider, incoming, stored.values())


def _dig_up(provider: Node, said: Filings) -> None:
    """What the bureau holds is not cancelled, whatever was noted."""
    numbers = {number_of(thing) for filing in said.values() for _, thing in objects_of(filing)}
    Cancelled.objects.held_by(provider).filter(number__among=numbers).delete()


def _still_true(provider: Node, said: Filings, before: Filings) -> dict[int, FilingRecord]:
    """Leave out what was cancelled meanwhile, and filings of which we have a later state."""
    buried = Cancelled.objects.held_by(provider).filter(kind__in=[ObjectKind.SPONSOR, ObjectKind.WEBSITE])
    named = {*said, *(number_of(website) for filing in said.values() for website in filing.websites)}
    gone = set(buried.filter(number__among=named).values_list("number", flat=True))
    found: dict[int, FilingRecord] = {}
    for number, filing in said.items():
        left = tuple(website for website in filing.websites if website.number not in gone)
        if number not in gone and left and not _is_older(filing, before.get(number)):
            found[number] = filing if left == filing.websites else replace(filing, websites=left)
    return found


def _is_older(filing: FilingRecord, held: FilingRecord | None) -> bool:
    """Tell whether we have a later state: something was changed earlier than ours was, and nothing later or new."""
    if held is None:
        return False
    ours = {website.number: website.last_modified for website in held.websites}
    if any(website.number not in ours for website in filing.websites):
        return False
    pairs = [(filing.sponsor.last_modified, held.sponsor.last_modified)]
    pairs += [(website.last_modified, ours[website.number]) for website in filing.websites]
    known = [(moment(theirs), moment(own)) for theirs, own in pairs if theirs and own]
    return any(theirs < own for theirs, own in known) and all(theirs <= own for theirs, own in known)


def _store(provider: Node, said: Filings, before: Filings) -> dict[int, str]:
    """Write filings over what is there; gives those that cannot be, by sponsor's number, and why."""
    if not said:
        return {}
    try:
        with transaction.atomic():
            _replace(provider, said, before)
    except (IntegrityError, DataError, ValueError) as error:
        if len(said) == 1:
            return dict.fromkeys(said, type(error).__name__)
        failed: dict[int, str] = {}
        for number, filing in said.items():
            failed |= _store(provider, {number: filing}, before)
        return failed
    return {}


def _replace(provider: Node, said: Filings, before: Filings) -> None:
    """Take out the old rows and copy the new ones in: the same few statements for one filing and a thousand."""
    named = {number_of(website) for filing in said.values() for website in filing.websites}
    Sponsor.objects.held_by(provider).filter(number__in=said).delete()
    Website.objects.held_by(provider).filter(number__in=named).delete()  # of other sponsors: a website may move
    kept = _numbers(said.values())
    forget_ids(provider, _numbers(before[number] for number in said if number in before) - kept)
    store_filings(provider, said.values(), isp_id=provider.isp_id)


def _numbers(some: Iterable[FilingRecord]) -> set[int]:
    return {number_of(thing) for filing in some for _, thing in objects_of(filing)}


def _changes(provider: Node, incoming: Incoming, before: Filings, stored: Filings) -> Iterable[HoldingChange]:
    for number, filing in stored.items():
        old = before.get(number)
        deltas = () if old is None else difference(old, filing)
        if old is None or deltas:
            yield HoldingChange(
                provider=provider,
                sponsor_number=number,
                kind=HoldingChangeKind.ADDED if old is None else HoldingChangeKind.CHANGED,
                name=filing.sponsor.name,
                filing_number=filing.sponsor.filing_number or "",
                incoming=incoming,
                deltas=as_json(list(deltas)),
            )


def _tell_failed(provider: Node, incoming: Incoming, failed: Mapping[int, str], said: Filings) -> None:
    entries = [
        Entry(
            kind=TaskKind.UNTOLD,
            about=f"filing:{number}",
            title=f"备案数据无法保存：{said[number].sponsor.name}，{said[number].sponsor.filing_number or number}",
            content={"filing": as_json(said[number]), "problem": why},
            due=due(TaskKind.UNTOLD),
            sponsor_number=number,
        )
        for number, why in failed.items()
    ]
    open_tasks(provider, incoming, entries)
