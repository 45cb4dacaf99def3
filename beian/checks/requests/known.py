"""What a bureau knows that bears on requests of filings that stand."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from beian.checks.base import Facts, Taken
from beian.checks.requests.naming import ACCESS, SPONSOR, WEBSITE, normal
from beian.records import AccessRecord, FilingRecord, NameRecord, WebsiteRecord


@dataclass(frozen=True, slots=True)
class Standing:
    """An object on file, within the filing that it belongs to: a sponsor, a website of it, or an access of that."""

    filing: FilingRecord
    website: WebsiteRecord | None = None
    access: AccessRecord | None = None

    @property
    def kind(self) -> str:
        """Say what it is."""
        return SPONSOR if self.website is None else WEBSITE if self.access is None else ACCESS


class OnFile:
    """Whole filings, whose objects are found by the bureau's number or by filing number."""

    def __init__(self, filings: Iterable[FilingRecord] = ()) -> None:
        self.filings: dict[int, FilingRecord] = {}
        self._by_number: dict[int, Standing] = {}
        self._by_filing_number: dict[str, list[Standing]] = defaultdict(list)
        for filing in filings:
            self._enter(filing)

    def _enter(self, filing: FilingRecord) -> None:
        if filing.sponsor.number is not None:
            self.filings[filing.sponsor.number] = filing
        self._name(Standing(filing), filing.sponsor.number, filing.sponsor.filing_number)
        for website in filing.websites:
            self._name(Standing(filing, website), website.number, website.filing_number)
            for access in website.accesses:
                self._name(Standing(filing, website, access), access.number, None)

    def _name(self, standing: Standing, number: int | None, filing_number: str | None) -> None:
        if number is not None:
            self._by_number[number] = standing
        if filing_number:
            self._by_filing_number[normal(filing_number)].append(standing)

    def find(self, name: NameRecord) -> tuple[Standing, ...]:
        """Give what bears a name, whatever kind of object it is; several only where spellings collide."""
        if name.number is not None:
            found = self._by_number.get(name.number)
            return (found,) if found else ()
        return tuple(self._by_filing_number.get(normal(name.filing_number or ""), ()))


@dataclass(frozen=True, slots=True)
class Gone:
    """An object that was cancelled: its kind, its names, the day, the sponsor it belonged to and why."""

    kind: str
    number: int
    filing_number: str | None
    on: datetime.date
    sponsor: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OwnId:
    """What the reporting provider itself calls an object: its kind, and the bureau's number once there is one.

    `application` is the pending one that asks for it, while there is none.
    """

    kind: str
    number: int | None
    application: int | None = None


OwnIds = Mapping[int, tuple[tuple[str, int], ...]]
"""What a provider itself calls objects, by the bureau's number: kinds and ids."""


@dataclass(slots=True, kw_only=True)
class Known:
    """What rules of requests need to know beyond the request, loaded once for a whole document.

    `facts` are those of the rules of filings. `gone` is by number and by normal filing number.
    `marks` are pending requests that exclude others, by kind and key (`requests.marks`). `passwords`
    says by sponsor's number and password as sent whether it is the filing password; `None` is a try
    that was one too many. `waiting` counts the provider's pending changes by sponsor, `most_waiting`
    is how many there may be. `since` says by website since when the provider gives access.
    `own` has objects by the provider's own id, for names that are none of the bureau's; `called` the
    other way round what the provider calls objects, by the bureau's number.
    """

    facts: Facts
    on_file: OnFile = field(default_factory=OnFile)
    gone: Mapping[int | str, Gone] = field(default_factory=dict)
    marks: dict[tuple[str, str], Taken] = field(default_factory=dict)
    passwords: Mapping[tuple[int, str], bool | None] = field(default_factory=dict)
    waiting: dict[int, int] = field(default_factory=dict)
    most_waiting: int = 5
    since: Mapping[int, datetime.date] = field(default_factory=dict)
    own: Mapping[int, tuple[OwnId, ...]] = field(default_factory=dict)
    called: OwnIds = field(default_factory=dict)
