"""Which object of one filing is which of another, and how each is called.

The bureau's number decides where both sides have one. What has no number yet is known by what it
is: a domain by its key, a range by its ends, a prior approval by its kind and number.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Any, Generic, TypeVar

from beian.checks.keys import domain_key
from beian.records.filing import (
    AccessRecord,
    AttachmentRecord,
    DomainRecord,
    PriorApprovalRecord,
    RangeRecord,
    WebsiteRecord,
)

R = TypeVar("R")
Key = Callable[[Any], Hashable]


@dataclass(frozen=True, slots=True)
class Kind(Generic[R]):
    """A kind of object that stands in lists.

    `keys` find the same object in another list, the surest first: each gives `None` where it cannot
    tell. `word` is what the kind is called, `name` what one of it is called.
    """

    word: str
    keys: tuple[Callable[[R], Hashable], ...]
    name: Callable[[R], str]

    def step(self, record: R) -> str:
        """Give the step of a path that leads to `record`: its number, else what it is called."""
        number = getattr(record, "number", None)
        return str(number) if number is not None else self.name(record)


def _number(record: Any) -> Hashable:
    number: int | None = record.number
    return number


def _unnumbered(key: Key) -> Key:
    """Let `key` speak for what has no number yet; two different numbers are never the same object."""

    def of(record: Any) -> Hashable:
        return key(record) if record.number is None else None

    return of


def address_words(part: RangeRecord) -> str:
    """Write a range as people do."""
    first, last = IPv4Address(part.first), IPv4Address(part.last)
    return str(first) if first == last else f"{first}-{last}"


def _first_domain(website: WebsiteRecord) -> Hashable:
    return domain_key(website.domains[0].name) if website.domains else None


def _website_name(website: WebsiteRecord) -> str:
    return website.filing_number or website.name


def _access_name(access: AccessRecord) -> str:
    return str(access.provider or access.number or "")


WEBSITE: Kind[WebsiteRecord] = Kind(
    "网站",
    (_number, _unnumbered(_first_domain), _unnumbered(lambda website: website.name)),
    _website_name,
)
ACCESS: Kind[AccessRecord] = Kind(
    "接入",
    (_number, _unnumbered(lambda access: access.provider_id), _unnumbered(lambda access: (access.provider,))),
    _access_name,
)
DOMAIN: Kind[DomainRecord] = Kind("域名", (_number, lambda domain: domain_key(domain.name)), lambda domain: domain.name)
RANGE: Kind[RangeRecord] = Kind("IP段", (_number, lambda part: (part.first, part.last)), address_words)
APPROVAL: Kind[PriorApprovalRecord] = Kind(
    "前置审批", (lambda each: (each.kind, each.approval_number),), lambda each: each.approval_number
)
ATTACHMENT: Kind[AttachmentRecord] = Kind(
    "附件",
    (lambda each: (each.owner_kind, each.owner, each.purpose, each.content.sha256),),
    lambda each: each.content.sha256,
)


def pairs(kind: Kind[R], old: Sequence[R], new: Sequence[R]) -> Iterator[tuple[R | None, R | None]]:
    """Pair the objects of two lists: all of `old` in order, then what only `new` has, in its order."""
    partner = partners(kind, old, new)
    for index, record in enumerate(old):
        yield record, new[partner[index]] if index in partner else None
    taken = set(partner.values())
    yield from ((None, record) for index, record in enumerate(new) if index not in taken)


def partners(kind: Kind[R], old: Sequence[R], new: Sequence[R]) -> dict[int, int]:
    """Give the index in `new` of each of `old` that has a partner; the surest key chooses first."""
    partner: dict[int, int] = {}
    for key in kind.keys:
        free = _by_key(key, new, set(partner.values()))
        for index, record in enumerate(old):
            wanted = key(record)
            if index not in partner and wanted is not None and wanted in free:
                partner[index] = free.pop(wanted)
    return partner


def _by_key(key: Key, records: Sequence[Any], taken: set[int]) -> dict[Hashable, int]:
    found: dict[Hashable, int] = {}
    for index, record in enumerate(records):
        if index not in taken and (value := key(record)) is not None:
            found.setdefault(value, index)
    return found
