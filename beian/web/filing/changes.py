"""Old beside new, object by object and field by field, with what differs marked inside the text.

Rows are made from differences, so that an application shows the same before and after its decision.
Values are compared as they are and shown as they may be: two numbers that look alike behind their
stars are still told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from beian.records import (
    AttachmentRecord,
    ContentRecord,
    DomainRecord,
    FilingRecord,
    RangeRecord,
    SponsorRecord,
    WebsiteRecord,
    as_json,
    from_json,
)
from beian.records.differences import Delta, Difference
from beian.web.diff import Piece, compare
from beian.web.filing.fields import ACCESS, APPROVAL, PERSON, Field, Item
from beian.web.filing.names import Names
from beian.web.filing.spots import Spot, site_name, spot

MEMBERS: Mapping[str, type] = {"domains": DomainRecord, "ranges": RangeRecord, "scans": ContentRecord}
"""Fields that are lists of records."""

KINDS = {"changed": "修改", "added": "新增", "removed": "删除"}

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One field, old and new in pieces. `base`: where the provider started, if others changed it as well."""

    label: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]
    kind: str
    base: str | None = None

    @property
    def kind_name(self) -> str:
        """Give the kind in words."""
        return KINDS[self.kind]


@dataclass(slots=True)
class Section:
    """An object that differs: its fields that do, and those that do not, as (label, value)."""

    title: str
    rows: list[Row] = field(default_factory=list)
    same: list[tuple[str, str]] = field(default_factory=list)
    kind: str = "changed"

    @property
    def kind_name(self) -> str:
        """Say whether the whole object comes or goes."""
        return "" if self.kind == "changed" else KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Changes:
    """All that differs. `lost`: what the provider would change although others took it away since."""

    sections: list[Section]
    objects: frozenset[Path]
    lost: list[str]
    new_attachments: int

    @property
    def both(self) -> int:
        """Count the rows that others changed as well."""
        return sum(row.base is not None for section in self.sections for row in section.rows)


class ChangeMaker:
    """Writes differences for one page. `context`: any state of the filing, for the parts of a field that stay."""

    def __init__(self, names: Names, context: FilingRecord | None, *, plain: bool) -> None:
        self.names = names
        self.plain = plain
        self.context = context

    def changes(self, changes: Difference, both: Difference = ()) -> Changes:
        """Write `changes`, and mark what stands in `both` as well."""
        spots = [(delta, place) for delta in changes if (place := spot(delta))]
        clashes = {(place.object, place.field): delta for delta in both if (place := spot(delta)) and place.field}
        objects: dict[Path, list[tuple[Delta, Spot]]] = {}
        for delta, place in spots:
            if place.kind.record is not AttachmentRecord:
                objects.setdefault(place.object, []).append((delta, place))
        sections = [section for found in objects.values() for section in self._sections(found, clashes)]
        attachments = sum(place.kind.record is AttachmentRecord for _, place in spots)
        lost = [delta.about for delta in both if delta.old is None and (place := spot(delta)) and not place.rest]
        return Changes(sections, frozenset(objects), lost, attachments)

    def _sections(self, found: list[tuple[Delta, Spot]], clashes: Mapping[Any, Delta]) -> Iterable[Section]:
        delta, place = found[0]
        if not place.rest:
            return self._whole(delta, place)
        record = self._record(place.object)
        section = Section(self._title(delta, place, record))
        touched: dict[Field, list[Delta]] = {}
        for each, at in found:
            if at.field:
                touched.setdefault(at.field, []).append(each)
        for each_field in place.kind.fields:
            if each_field in touched:
                clash = clashes.get((place.object, each_field))
                section.rows.append(self._row(each_field, place.object, record, touched[each_field], clash))
            elif text := each_field.text(self.names, record, plain=self.plain):
                section.same.append((each_field.label, text))
        return [section]

    def _whole(self, delta: Delta, place: Spot) -> Iterable[Section]:
        """Write an object that comes or goes, with the objects below it."""
        record: Any = from_json(delta.new if delta.kind == "added" else delta.old, place.kind.record)
        yield self._one_sided(self._title(delta, place, record), place.kind.fields, record, delta.kind)
        if isinstance(record, WebsiteRecord):
            yield from self._below(record, delta.kind)
        if isinstance(record, SponsorRecord):
            yield self._one_sided("主体负责人", PERSON, record.person, delta.kind)

    def _below(self, website: WebsiteRecord, kind: str) -> Iterable[Section]:
        yield self._one_sided("网站负责人", PERSON, website.person, kind)
        for access in website.accesses:
            title = f"接入 {self.names.provider(access.provider)}".strip()
            yield self._one_sided(title, ACCESS, access, kind)
        for approval in website.approvals:
            yield self._one_sided("前置审批", APPROVAL, approval, kind)

    def _one_sided(self, title: str, fields: Iterable[Field], record: Any, kind: str) -> Section:
        section = Section(title, kind=kind)
        for each in fields:
            items = each.items(self.names, record, plain=self.plain)
            if items:
                pieces = (Piece(each.between.join(item.shown for item in items), True),)
                old, new = ((), pieces) if kind == "added" else (pieces, ())
                section.rows.append(Row(each.label, old, new, kind))
        return section

    def _row(self, of: Field, path: Path, record: Any, deltas: Sequence[Delta], clash: Delta | None) -> Row:
        name = of.paths[0]
        if name in MEMBERS:
            old, new = self._members(of, path, record, deltas)
        else:
            old, new = (self._value(of, path, record, deltas, side) for side in ("old", "new"))
        before, after = _pieces(of, old, new)
        kind = "changed" if old and new else "removed" if old else "added"
        base = None
        if clash is not None:
            items = self._value(of, path, record, (clash,), "base") if name not in MEMBERS else ()
            base = of.between.join(item.shown for item in items) or "无"
        return Row(of.label, before, after, kind, base)

    def _value(self, of: Field, path: Path, record: Any, deltas: Sequence[Delta], side: str) -> tuple[Item, ...]:
        """Give the value of a field on one side: what the deltas say, else what the record has."""
        said = {".".join(delta.path[len(path) :]): getattr(delta, side) for delta in deltas}
        values = [said[name] if name in said else _read(record, name) for name in of.paths]
        if all(value is None for value in values):
            return ()
        return of.of(self.names, values[0] if len(values) == 1 else values, plain=self.plain)

    def _members(self, of: Field, path: Path, record: Any, deltas: Sequence[Delta]) -> tuple[Any, Any]:
        """Give old and new of a list of records: those that stay first, then what went and what came."""
        name = of.paths[0]
        steps: dict[str, list[Delta]] = {}
        whole: list[Delta] = []
        for delta in deltas:
            rest = delta.path[len(path) + 1 :]
            steps.setdefault(rest[0], []).append(delta) if rest else whole.append(delta)
        members = {_step(member): member for member in getattr(record, name, ()) or ()}
        kept = [member for step, member in members.items() if step not in steps] if not whole else []
        old, new = list(kept), list(kept)
        for step, found in steps.items():
            before, after = _both_sides(name, members.get(step), found)
            old += [before] if before is not None else []
            new += [after] if after is not None else []
        for delta in whole:
            old += [from_json(each, MEMBERS[name]) for each in delta.old or ()]
            new += [from_json(each, MEMBERS[name]) for each in delta.new or ()]
        return of.of(self.names, old, plain=self.plain), of.of(self.names, new, plain=self.plain)

    def _record(self, path: Path) -> Any:
        """Find an object of the context by its path; None where it is not there."""
        found: Any = self.context
        for step in path:
            if isinstance(found, tuple):
                found = next((each for each in found if _step(each) == step), None)
            else:
                found = getattr(found, step, None)
        return found

    def _title(self, delta: Delta, place: Spot, record: Any) -> str:
        if place.object[0] != "websites":
            return place.kind.word
        website = record if isinstance(record, WebsiteRecord) else self._record(place.object[:2])
        site = f"网站 {website.name}" if website else site_name(delta)
        word = place.kind.word
        if len(place.object) == 4 and place.object[2] == "accesses":
            provider = getattr(record, "provider", None)
            word = f"{word} {self.names.provider(provider)}".strip()
        return f"{site} · {word}" if word else site


def _step(record: Any) -> str:
    """Give the step by which differences lead to a record: its number, else what it is called."""
    number = getattr(record, "number", None)
    if number is not None:
        return str(number)
    return str(getattr(record, "name", None) or getattr(record, "approval_number", ""))


def _both_sides(name: str, member: Any, deltas: Sequence[Delta]) -> tuple[Any, Any]:
    """Give a member of a list as it was and as it would be, from what is said of it."""
    first = deltas[0]
    kind = MEMBERS[name]
    if first.kind != "changed" or isinstance(first.old, dict):
        return tuple(from_json(each, kind) if each else None for each in (first.old, first.new))  # type: ignore[return-value]
    known = as_json(member) if member is not None else {}
    sides = [known | {delta.field: getattr(delta, side) for delta in deltas} for side in ("old", "new")]
    if name == "ranges":  # a range of which one end only is known is that end
        sides = [{"first": side.get("last"), "last": side.get("first"), **side} for side in sides]
    return tuple(from_json(side, kind) for side in sides)  # type: ignore[return-value]


def _read(record: Any, path: str) -> Any:
    for part in path.split("."):
        record = getattr(record, part, None)
    return record


def _pieces(of: Field, old: Sequence[Item], new: Sequence[Item]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Mark what differs: single open texts inside, hidden ones, lists and names of codes value by value."""
    open_text = not of.coded and all(item.plain == item.shown for item in (*old, *new))
    if open_text and len(old) == 1 and len(new) == 1:
        compared = compare(of.label, old[0].shown, new[0].shown)
        return compared.old, compared.new
    return _listed(of, old, new), _listed(of, new, old)


def _listed(of: Field, items: Sequence[Item], others: Sequence[Item]) -> tuple[Piece, ...]:
    known = {item.plain for item in others}
    pieces: list[Piece] = []
    for item in items:
        pieces += [Piece(of.between, False)] if pieces else []
        pieces.append(Piece(item.shown, item.plain not in known))
    return tuple(pieces)
