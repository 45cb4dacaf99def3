"""Changes, three ways: what the provider last had, what is on file by now, and what it asks for.

What the provider left as it was in its copy keeps what is on file; what only the provider changed is
applied; what both changed differently is told apart, for a reviewer to decide knowingly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, cast

from beian.records import matching
from beian.records.differences import Delta, Difference, Place, alike, between, same_value
from beian.records.filing import (
    AccessRecord,
    AddressRecord,
    CertificateRecord,
    DomainRecord,
    FilingRecord,
    PersonRecord,
    PriorApprovalRecord,
    RangeRecord,
    SponsorRecord,
    WebsiteRecord,
)
from beian.records.requests import ChangeRecord
from beian.records.triples import Triple, triples

R = TypeVar("R")

IDENTITY = ("name", "certificate_type", "certificate_number")
CONTACT = ("telephone", "mobile", "email", "msn", "qq")

UNITS: dict[type, tuple[tuple[str, ...], ...]] = {
    SponsorRecord: (("name",), ("nature",), ("superior",), ("remark",)),
    AddressRecord: (("province", "city", "county", "detail"),),
    CertificateRecord: (("type", "number"), ("address",)),
    PersonRecord: (IDENTITY, *((name,) for name in CONTACT)),
    WebsiteRecord: (("name",), ("home_page",), ("remark",)),
    DomainRecord: (("name",),),
    RangeRecord: (("first", "last"),),
    PriorApprovalRecord: (("scans",),),
}
"""What a change can say, in units that make sense only together: half an old address and half a new one is none."""

NEVER_EMPTY = ("domains", "ranges")


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What becomes of a filing by a change.

    `filing` leaves what both sides changed differently (`both`) as it is on file; `as_asked` has the
    provider's values there: what stands when a reviewer approves knowingly. In `both`, `base` is
    where they started from, `old` is on file and `new` is asked; an object that others removed and
    the provider changed has no `old`, the other way round no `new`. `foreign` is what the change
    says differently of other providers' accesses (1048); it is never applied.
    """

    filing: FilingRecord
    both: Difference
    as_asked: FilingRecord
    foreign: Difference


def merged(base: FilingRecord | None, on_file: FilingRecord, change: ChangeRecord, isp_id: int) -> Merge:
    """Merge `change` of the provider `isp_id` into what is on file; `base` is what it last acknowledged.

    A change touches only what it names: websites and accesses that it lacks stay. The list of domains of
    a named website, of ranges of a named access of the caller, is complete. It adds neither websites nor
    accesses: those that are not on file are passed over. Where `base` does not know an object, what is
    on file is what the provider started from, and an optional field left out is not touched; where
    it does, leaving out what was there removes it. Attachments: only those that are not on file yet.
    """
    careful = _Merger(isp_id, knowingly=False)
    filing = as_asked = careful.filing(base, on_file, change)
    if careful.both:
        as_asked = _Merger(isp_id, knowingly=True).filing(base, on_file, change)
    return Merge(filing=filing, both=tuple(careful.both), as_asked=as_asked, foreign=tuple(careful.foreign))


@dataclass(slots=True)
class _Merger:
    """One walk through a filing. `knowingly` decides conflicts for the provider."""

    isp_id: int
    knowingly: bool
    both: list[Delta] = field(default_factory=list)
    foreign: list[Delta] = field(default_factory=list)

    def filing(self, base: FilingRecord | None, theirs: FilingRecord, ours: ChangeRecord) -> FilingRecord:
        websites = triples(matching.WEBSITE, base.websites if base else (), theirs.websites, ours.websites)
        return replace(
            theirs,
            sponsor=self._sponsor(Place().part("sponsor"), _part(base, "sponsor"), theirs.sponsor, ours.sponsor),
            websites=tuple(self._named(Place(), "websites", matching.WEBSITE, websites, self._website)),
            attachments=new_attachments(theirs, ours.attachments),
        )

    def _sponsor(self, place: Place, base: SponsorRecord | None, theirs: SponsorRecord, ours: SponsorRecord) -> Any:
        parts = {
            name: self._fields(place.part(name), _part(base, name), getattr(theirs, name), value)
            for name, value in (("address", ours.address), ("certificate", ours.certificate))
        }
        person = self._person(place, base, theirs, ours)
        return replace(self._fields(place, base, theirs, ours), person=person, **parts)

    def _person(self, place: Place, base: Any, theirs: Any, ours: Any) -> PersonRecord:
        """Merge responsible persons; where one side put somebody else in, nobody gets the other's telephone."""
        start: PersonRecord | None = _part(base, "person")
        replaced = start is not None and not all(_same(IDENTITY, start, side.person) for side in (theirs, ours))
        units = ((*IDENTITY, *CONTACT),) if replaced else UNITS[PersonRecord]
        person: PersonRecord = self._fields(place.part("person"), start, theirs.person, ours.person, units)
        return person

    def _website(self, place: Place, base: WebsiteRecord | None, theirs: WebsiteRecord, ours: WebsiteRecord) -> Any:
        accesses = triples(matching.ACCESS, base.accesses if base else (), theirs.accesses, ours.accesses)
        return replace(
            self._fields(place, base, theirs, ours),
            person=self._person(place, base, theirs, ours),
            services=self._codes(place, "services", base, theirs, ours),
            languages=self._codes(place, "languages", base, theirs, ours),
            domains=self._list(place, "domains", matching.DOMAIN, base, theirs, ours),
            approvals=self._list(place, "approvals", matching.APPROVAL, base, theirs, ours),
            accesses=tuple(self._named(place, "accesses", matching.ACCESS, accesses, self._access)),
        )

    def _access(self, place: Place, base: AccessRecord | None, theirs: AccessRecord, ours: AccessRecord) -> Any:
        if theirs.provider != self.isp_id:
            self._note_foreign(place, base, theirs, ours)
            return theirs
        return replace(
            self._fields(place, base, theirs, ours),
            locations=self._codes(place, "locations", base, theirs, ours),
            methods=self._codes(place, "methods", base, theirs, ours),
            ranges=self._list(place, "ranges", matching.RANGE, base, theirs, ours),
        )

    def _note_foreign(self, place: Place, base: AccessRecord | None, theirs: AccessRecord, ours: AccessRecord) -> None:
        asked = replace(ours, provider=theirs.provider)
        if base is None or not alike(replace(base, provider=theirs.provider), asked):
            self.foreign += between(place, theirs, asked)

    def _named(
        self, place: Place, name: str, kind: matching.Kind[R], found: Sequence[Triple[R]], merge: Callable[..., R]
    ) -> Iterator[R]:
        """Merge the named ones into those on file; none is added, none removed."""
        for base, theirs, ours in found:
            if theirs is not None:
                spot = place.member(name, kind, theirs)
                yield theirs if ours is None else merge(spot, base, theirs, ours)
            elif base is not None and ours is not None:
                self._note_vanished(place.member(name, kind, base), base, ours, merge)

    def _note_vanished(self, place: Place, base: R, ours: R, merge: Callable[..., R]) -> None:
        """Tell that something is gone which the provider wants to be otherwise; it cannot come back."""
        asked = merge(place, base, base, ours)
        if not alike(asked, base):
            self.both.append(place.whole(None, asked, base=base))

    def _fields(
        self, place: Place, base: R | None, theirs: R, ours: R, units: tuple[tuple[str, ...], ...] | None = None
    ) -> R:
        values: dict[str, Any] = {}
        for unit in UNITS.get(type(theirs), ()) if units is None else units:
            if self._is_ours(place, unit, base, theirs, ours):
                values |= {name: getattr(ours, name) for name in unit}
        own = getattr(ours, "provider_id", None)
        if own is not None:
            values["provider_id"] = own
        changed: R = replace(cast(Any, theirs), **values) if values else theirs
        return changed

    def _is_ours(self, place: Place, unit: tuple[str, ...], base: Any, theirs: Any, ours: Any) -> bool:
        """Decide one unit: whether it becomes what the provider says."""
        if base is None:
            return any(getattr(ours, name) and not _same((name,), theirs, ours) for name in unit)
        if _same(unit, base, ours):
            return False
        if _same(unit, base, theirs):
            return True
        for name in unit:
            if not _same((name,), theirs, ours):
                old, new = getattr(theirs, name), getattr(ours, name)
                self.both.append(place.delta(name, old, new, base=getattr(base, name)))
        return self.knowingly

    def _codes(self, place: Place, name: str, base: Any, theirs: Any, ours: Any) -> tuple[int, ...]:
        """Merge codes one by one, as members of a set."""
        old, new = getattr(theirs, name), getattr(ours, name)
        start = old if base is None else getattr(base, name)
        if set(new) == set(start):
            return tuple(old)
        found = [code for code in new if code in old or code not in start]
        found += [code for code in old if code not in new and code not in start]
        if not found and old:
            self.both.append(place.delta(name, old, new, base=start))
            return tuple(new if self.knowingly else old)
        return tuple(dict.fromkeys(found))

    def _list(
        self, place: Place, name: str, kind: matching.Kind[R], base: Any, theirs: Any, ours: Any
    ) -> tuple[R, ...]:
        """Merge a list that is complete: what the provider leaves out goes, what is new comes."""
        old: Sequence[R] = getattr(theirs, name)
        new: Sequence[R] = getattr(ours, name)
        if base is None and not new:
            return tuple(old)
        start: Sequence[R] = old if base is None else getattr(base, name)
        found = [self._member(place, name, kind, triple) for triple in triples(kind, start, old, new)]
        kept = tuple(record for record in found if record is not None)
        if kept or not old or name not in NEVER_EMPTY:
            return kept
        return self._emptied(place, name, kind, start, old, new)

    def _member(self, place: Place, name: str, kind: matching.Kind[R], triple: Triple[R]) -> R | None:
        base, theirs, ours = triple
        if theirs is not None and ours is not None:
            return self._fields(place.member(name, kind, theirs), base, theirs, ours)
        if theirs is None and ours is None:
            return None
        left = theirs if theirs is not None else _unnumbered(ours)
        if base is None:
            return left
        if alike(base, left):
            return None
        # One side removed it, the other made it something else.
        self.both.append(place.member(name, kind, base).whole(theirs, ours, base=base))
        return left if (theirs is None) == self.knowingly else None

    def _emptied(
        self, place: Place, name: str, kind: matching.Kind[R], start: Sequence[R], old: Sequence[R], new: Sequence[R]
    ) -> tuple[R, ...]:
        """Keep a list from running empty because each side removed what the other kept."""
        self.both.append(place.delta(name, old, new, base=start))
        if not self.knowingly:
            return tuple(old)
        return tuple(
            _unnumbered(ours) if theirs is None else self._fields(place, None, theirs, ours)
            for theirs, ours in matching.pairs(kind, old, new)
            if ours is not None
        )


def new_attachments(on_file: FilingRecord, asked: Sequence[Any]) -> tuple[Any, ...]:
    """Give the attachments that are not on file yet."""
    known = matching.pairs(matching.ATTACHMENT, on_file.attachments, asked)
    return tuple(new for old, new in known if old is None and new is not None)


def _same(unit: tuple[str, ...], one: Any, other: Any) -> bool:
    return one is other or all(same_value(name, getattr(one, name), getattr(other, name)) for name in unit)


def _part(base: Any, name: str) -> Any:
    return None if base is None else getattr(base, name)


def _unnumbered(record: Any) -> Any:
    """Give a record without a number: numbers are the bureau's to give."""
    return replace(record, number=None) if getattr(record, "number", None) is not None else record
