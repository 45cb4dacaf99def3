"""What differs between two states of a filing, field by field and object by object."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from beian.records import matching
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
from beian.records.serialise import as_json

CHANGED, ADDED, REMOVED = "changed", "added", "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """One thing that differs.

    `path` leads to it by names: attributes of records, and for the objects of a list the bureau's
    number or, without one, what the object is called: `("websites", "440000000000012", "domains",
    "example1.cn")`. `kind` is "changed", "added" or "removed". `old` and `new` are JSON values: of a
    field, or of the whole object where that was added or removed; `None` is nothing. `about` says in
    Chinese what it is a part of. `base` is only used where three states are compared
    (`beian.records.merging`): what both sides started from.
    """

    path: tuple[str, ...]
    kind: str
    old: Any
    new: Any
    about: str
    base: Any = None

    @property
    def field(self) -> str:
        """The last step: the name of the field, or what the object is called."""
        return self.path[-1]


Difference = tuple[Delta, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a comparison stands: the path that led there, and words for people."""

    path: tuple[str, ...] = ()
    words: str = ""

    def part(self, name: str) -> Place:
        """Give the place of the record in the attribute `name`."""
        return Place((*self.path, name), self._joined(NESTED[name]))

    def member(self, name: str, kind: matching.Kind[Any], record: Any) -> Place:
        """Give the place of one object of the list `name`."""
        return Place((*self.path, name, kind.step(record)), self._joined(f"{kind.word}{kind.name(record)}"))

    def delta(self, field: str, old: Any, new: Any, *, base: Any = None) -> Delta:
        """Say that a field of this place differs."""
        values = [as_json(value) for value in (old, new, base)]
        path = (*self.path, field)
        return Delta(path=path, kind=_kind(old, new), old=values[0], new=values[1], about=self.words, base=values[2])

    def whole(self, old: Any, new: Any, *, base: Any = None) -> Delta:
        """Say that the object of this place is on one side only."""
        return Delta(
            path=self.path,
            kind=_kind(old, new),
            old=as_json(old),
            new=as_json(new),
            about=self.words,
            base=as_json(base),
        )

    def _joined(self, word: str) -> str:
        return f"{self.words}·{word}" if self.words else word


NESTED = {"sponsor": "主体", "address": "通信地址", "certificate": "证件", "person": "负责人"}
"""Attributes that hold one record, and what that is called."""

LISTS: dict[type, dict[str, matching.Kind[Any]]] = {
    FilingRecord: {"websites": matching.WEBSITE},
    WebsiteRecord: {"approvals": matching.APPROVAL, "domains": matching.DOMAIN, "accesses": matching.ACCESS},
    AccessRecord: {"ranges": matching.RANGE},
}
"""Attributes that hold objects, and of which kind. Attachments are compared on their own."""

UNORDERED = ("services", "languages", "locations", "methods")
"""Attributes that hold codes, in no order that means anything."""

# Identifiers tie records to objects, and what the bureau notes at each decision says nothing of the filing.
_IDS = ("number", "provider_id")
COMPARED: dict[type, tuple[str, ...]] = {
    kind: tuple(field.name for field in dataclasses.fields(kind) if field.name not in ignored)
    for kind, ignored in {
        FilingRecord: ("attachments",),
        SponsorRecord: (*_IDS, "last_modified", "reviewer", "reviewed"),
        AddressRecord: (),
        CertificateRecord: (),
        PersonRecord: (),
        WebsiteRecord: (*_IDS, "last_modified"),
        PriorApprovalRecord: (),
        DomainRecord: _IDS,
        AccessRecord: (*_IDS, "reported_by"),  # said in check tasks only, and kept nowhere
        RangeRecord: _IDS,
    }.items()
}


def difference(before: FilingRecord | None, after: FilingRecord) -> Difference:
    """Give all that differs between two states of a filing; with no `before` all of `after` is added.

    Objects are matched by number, else by what they are. The providers' own ids do not count, nor
    do times and names that the bureau itself notes at a decision. Of attachments only new ones
    count: nothing takes one away.
    """
    if before is None:
        before = dataclasses.replace(after, websites=(), attachments=(), remark=None)
        sponsor = Place().part("sponsor").whole(None, after.sponsor)
        return (sponsor, *between(Place(), before, after), *_new_attachments(before, after))
    return (*between(Place(), before, after), *_new_attachments(before, after))


def same_value(name: str, one: Any, other: Any) -> bool:
    """Tell whether the attribute `name` says the same on both sides.

    Nothing and "" are the same; blanks around a text and the kind of its line ends do not count, for
    they change on the way through XML.
    """
    if one == other:
        return True
    if name in UNORDERED:
        return set(one) == set(other)
    return bool(_plain(one) == _plain(other))


def _plain(value: Any) -> Any:
    return "\n".join(value.splitlines()).strip() or None if isinstance(value, str) else value


def alike(one: Any, other: Any) -> bool:
    """Tell whether two records of one type say the same, their identifiers aside."""
    return next(between(Place(), one, other), None) is None


def between(place: Place, old: Any, new: Any) -> Iterator[Delta]:
    """Compare two records of one type: plain fields, records within, lists of objects."""
    lists = LISTS.get(type(new), {})
    for name in COMPARED[type(new)]:
        before, after = getattr(old, name), getattr(new, name)
        if name in lists:
            yield from _of_lists(place, name, lists[name], before, after)
        elif type(after) in COMPARED:
            yield from between(place.part(name), before, after)
        elif not same_value(name, before, after):
            yield place.delta(name, before, after)


def _of_lists(
    place: Place, name: str, kind: matching.Kind[Any], old: Sequence[Any], new: Sequence[Any]
) -> Iterator[Delta]:
    for before, after in matching.pairs(kind, old, new):
        if before is None or after is None:
            yield place.member(name, kind, before or after).whole(before, after)
        else:
            yield from between(place.member(name, kind, before), before, after)


def _new_attachments(before: FilingRecord, after: FilingRecord) -> Iterator[Delta]:
    for old, new in matching.pairs(matching.ATTACHMENT, before.attachments, after.attachments):
        if old is None and new is not None:
            yield Place().member("attachments", matching.ATTACHMENT, new).whole(None, new)


def _kind(old: Any, new: Any) -> str:
    if old in (None, "", ()):
        return ADDED
    return REMOVED if new in (None, "", ()) else CHANGED
