"""What leaves our copy: filings, websites and accesses that are no longer on file with our access.

The rows go; the history keeps what they said, and a note that they were cancelled keeps an older
parcel from bringing them back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from beian import copying
from beian.models import Access, Cancelled, Node, ObjectKind, Sponsor, Website
from beian.records import CancellationRecord, FilingRecord, WebsiteRecord, as_json
from beian.records import Cancelled as What
from beian.records.applied import applied
from beian.records.differences import REMOVED, Delta, difference
from beian.records.removing import forget_ids, remove_accesses, remove_websites
from beian.records.rows import filings, number_of, objects_of
from enterprise.models import Case, HoldingChange, HoldingChangeKind, Incoming

_REASON = 1024


@dataclass(frozen=True, slots=True)
class Source:
    """Why our copy changes: a document of the bureau's, or what it granted a case of ours."""

    incoming: Incoming | None
    case: Case | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """A filing before and after something was cancelled; `after` is None where nothing of it is ours any more."""

    before: FilingRecord
    after: FilingRecord | None

    @property
    def websites(self) -> tuple[WebsiteRecord, ...]:
        """The websites that are no longer ours, as they were."""
        kept = {website.number for website in self.after.websites} if self.after else set()
        return tuple(website for website in self.before.websites if website.number not in kept)


def holdings_with(provider: Node, what: What, numbers: Iterable[int]) -> dict[int, FilingRecord]:
    """Give the holdings that sponsors, websites or accesses with these numbers belong to, by sponsor's number."""
    wanted = list(numbers)
    if what == What.WEBSITE:
        rows = Website.objects.held_by(provider).filter(number__in=wanted)
        wanted = list(rows.values_list("sponsor__number", flat=True))
    elif what == What.ACCESS:
        accesses = Access.objects.held_by(provider).filter(number__in=wanted)
        wanted = list(accesses.values_list("website__sponsor__number", flat=True))
    return filings(provider, wanted, isp_id=provider.isp_id)


def without(filing: FilingRecord, what: What, number: int, isp_id: int) -> FilingRecord | None:
    """Give what is left of a holding once something is cancelled: websites to which we still give access."""
    after = applied(filing, CancellationRecord(what=what, number=number, reason=0), isp_id)
    ours = tuple(each for each in after.websites if any(access.provider == isp_id for access in each.accesses))
    return replace(after, websites=ours) if ours else None


def leave(provider: Node, gone: Mapping[int, Left], source: Source) -> None:
    """Take out of our copy what is in `before` and not in `after`, and write it into the history.

    A handful of statements, however many filings there are.
    """
    ended = [number for number, left in gone.items() if left.after is None]
    remove_accesses(provider, {number for left in gone.values() for number in _accesses(left)})
    remove_websites(provider, {number_of(website) for left in gone.values() for website in left.websites})
    Sponsor.objects.held_by(provider).filter(number__in=ended).delete()
    forget_ids(provider, {number for left in gone.values() for number in _numbers(left)})
    copying.insert(_change(provider, number, left, source) for number, left in gone.items() if _differs(left))


def bury(provider: Node, kind: ObjectKind, numbers: Mapping[int, int | None], reason: str = "") -> None:
    """Note that these are cancelled for good (number → sponsor's number): no parcel brings them back."""
    rows = [
        Cancelled(holder=provider, kind=kind, number=number, sponsor=sponsor, reason=reason[:_REASON])
        for number, sponsor in numbers.items()
    ]
    Cancelled.objects.held_by(provider).bulk_create(rows, ignore_conflicts=True)


def whole_of(filing: FilingRecord) -> list[Delta]:
    """Write a filing that is gone as differences: its sponsor and each website, as they were."""
    sponsor = Delta(path=("sponsor",), kind=REMOVED, old=as_json(filing.sponsor), new=None, about="主体")
    return [sponsor, *difference(filing, replace(filing, websites=(), attachments=()))]


def _differs(left: Left) -> bool:
    return left.after is None or left.after.websites != left.before.websites


def _accesses(left: Left) -> set[int]:
    """The accesses that ended at websites that stay."""
    kept = {number_of(website): website for website in left.after.websites} if left.after else {}
    return {
        number_of(access)
        for website in left.before.websites
        if (stays := kept.get(number_of(website)))
        for access in website.accesses
        if access.number not in {each.number for each in stays.accesses}
    }


def _numbers(left: Left) -> set[int]:
    kept = {thing.number for _, thing in objects_of(left.after)} if left.after else set()
    return {thing.number for _, thing in objects_of(left.before) if thing.number is not None} - kept


def _change(provider: Node, number: int, left: Left, source: Source) -> HoldingChange:
    deltas = whole_of(left.before) if left.after is None else difference(left.before, left.after)
    sponsor = left.before.sponsor
    return HoldingChange(
        provider=provider,
        sponsor_number=number,
        kind=HoldingChangeKind.REMOVED if left.after is None else HoldingChangeKind.CHANGED,
        name=sponsor.name,
        filing_number=sponsor.filing_number or "",
        incoming=source.incoming,
        case=source.case,
        deltas=as_json(list(deltas)),
        reason=source.reason[:_REASON],
    )
