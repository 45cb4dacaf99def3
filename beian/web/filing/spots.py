"""Differences in words: which object and which field of the table of fields each is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from beian.records import (
    AccessRecord,
    AttachmentRecord,
    PersonRecord,
    PriorApprovalRecord,
    SponsorRecord,
    WebsiteRecord,
)
from beian.records.differences import Delta
from beian.web.filing import fields
from beian.web.filing.fields import Field

LISTS = frozenset({"websites", "accesses", "approvals", "attachments"})
"""Lists of objects that stand on their own; domains and ranges are values of a field."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of object: what one is called, its fields, its record."""

    word: str
    fields: tuple[Field, ...]
    record: type


KINDS: dict[tuple[str, ...], Kind] = {
    ("sponsor",): Kind("主体", fields.SPONSOR, SponsorRecord),
    ("sponsor", "person"): Kind("主体负责人", fields.PERSON, PersonRecord),
    ("websites", "*"): Kind("", fields.WEBSITE, WebsiteRecord),
    ("websites", "*", "person"): Kind("网站负责人", fields.PERSON, PersonRecord),
    ("websites", "*", "accesses", "*"): Kind("接入", fields.ACCESS, AccessRecord),
    ("websites", "*", "approvals", "*"): Kind("前置审批", fields.APPROVAL, PriorApprovalRecord),
    ("attachments", "*"): Kind("附件", (), AttachmentRecord),
}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a difference is: the object (its path and kind), and the way on from there.

    `field` is missing where the whole object came or went.
    """

    object: tuple[str, ...]
    kind: Kind
    rest: tuple[str, ...]
    field: Field | None


def spot(delta: Delta) -> Spot | None:
    """Find the object and the field of `delta`; None for what no page shows."""
    shape = tuple("*" if place and delta.path[place - 1] in LISTS else step for place, step in enumerate(delta.path))
    for length in range(len(shape), 0, -1):
        if kind := KINDS.get(shape[:length]):
            rest = delta.path[length:]
            found = _field(kind.fields, rest)
            return Spot(delta.path[:length], kind, rest, found) if found or not rest else None
    return None


def _field(among: Iterable[Field], rest: tuple[str, ...]) -> Field | None:
    for field in among:
        for path in field.paths:
            steps = tuple(path.split("."))
            if rest[: len(steps)] == steps:
                return field
    return None


def site_name(delta: Delta) -> str:
    """Name the website that a difference below `websites` is about, as the difference does."""
    return delta.about.split("·")[0]


def words(changes: Iterable[Delta]) -> str:
    """Say in one line what differs: `主体负责人：手机号码、电子邮件；网站粤ICP备2026000001号-1：域名`."""
    found: dict[str, dict[str, None]] = {}
    for delta in changes:
        place = spot(delta)
        if place is None or place.kind.record is AttachmentRecord:
            continue
        whole = {"added": "新增", "removed": "移除"}.get(delta.kind, "")
        found.setdefault(_title(delta, place), {})[place.field.label if place.field else whole] = None
    return "；".join(f"{title}：{'、'.join(labels)}" for title, labels in found.items())


def _title(delta: Delta, place: Spot) -> str:
    if place.object[0] != "websites":
        return place.kind.word
    return f"{site_name(delta)}{' ' if place.kind.word else ''}{place.kind.word}"
