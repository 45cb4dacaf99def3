"""What the rules are made of: findings, the facts that rules look at, and the registry of rules.

A rule is a function of a filing and the facts that gives the defects it sees; what it says stands in
its docstring, from which docs/checks.md is generated. Nothing here or in the rules knows Django.
"""

from __future__ import annotations

import datetime
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from beian.checks.keys import provider_id_keys, reservation_keys
from beian.checks.operations import Operations
from beian.codes import Entry, RegionEntry, read_regions, read_tables
from beian.records import FilingRecord, SponsorRecord
from beian.result_codes import message

DESCRIPTION_LIMIT = 255
"""Characters that the description of a result code may have on the wire."""

_SHORT = 80


class Scope(StrEnum):
    """Where a rule can be judged."""

    FORM = "form"
    """Anywhere: the record alone shows it."""
    PROVIDER = "provider"
    """At the bureau that received the record: it concerns the provider."""
    FILING = "filing"
    """At the sponsor's bureau: it concerns what is on file or pending there."""
    ARRIVAL = "arrival"
    """At the sponsor's bureau, once, when the request arrives there: what is not kept, or is past afterwards."""


ALL_SCOPES = frozenset(Scope)
"""The bureau that received the record is the sponsor's."""
ELSEWHERE_SCOPES = frozenset({Scope.FORM, Scope.PROVIDER})
"""The bureau that received the record sends it on to the sponsor's."""
HOME_SCOPES = frozenset({Scope.FORM, Scope.FILING, Scope.ARRIVAL})
"""The sponsor's bureau, of a record that another bureau received."""
APPROVAL_SCOPES = frozenset({Scope.FILING})
"""The sponsor's bureau, once more, when it approves."""


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing that is wrong: `place` and `detail` in Chinese, `about` the path of the field.

    `about` is written like `websites.0.domains.1.name`, so that a form can show it beside its field.
    """

    detail: str
    place: str
    about: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A defect under its result code. `text` is the published message of the code.

    `detail` quotes what was submitted, so it may hold personal data: it goes to whoever submitted
    the record and to reviewers, never into a log.
    """

    code: int
    detail: str
    place: str
    about: str
    text: str

    def description(self, limit: int = DESCRIPTION_LIMIT) -> str:
        """Give the message of the code, then where and what it conflicts with, in `limit` characters."""
        said = f"{self.text}（{self.place}：{self.detail}）"
        return said if len(said) <= limit else said[: limit - 1] + "…"


@dataclass(frozen=True, slots=True)
class Taken:
    """Who holds a key that may exist once: `by` names a filing number or a pending application."""

    by: str
    since: datetime.date | None = None

    def __str__(self) -> str:
        return f"{self.by}（自{self.since}起）" if self.since else self.by


class RegisteredAddresses(Protocol):
    """What the bureau knows of the addresses registered to providers (`beian.checks.registered`)."""

    refuses: bool

    def judge(self, first: int, last: int) -> int:
        """Give 1062, 1063 or 1023 for a range."""


@dataclass(slots=True, kw_only=True)
class Facts:
    """What rules need to know beyond the record, loaded once for a whole document.

    `province` is that of the bureau that judges; `provider` the provider that reports, whose home
    is `provider_province` (`None`: unknown provider). `taken` and `blacklist` are by kind and key
    (`beian.checks.keys`), `used_ids` by kind of object and the provider's own id.

    The last five are about one request of a filing that stands (`requests.shapes`): the keys and ids
    that its own filing holds, the names of the sponsor's other websites with who bears them, and by
    kind of owner what an attachment may name (`None`: what is asked is a new filing; a kind that is
    missing cannot be judged here). `registered` tells what the bureau knows of providers' addresses.
    """

    tables: Mapping[str, Mapping[int, Entry]]
    regions: Mapping[int, RegionEntry]
    today: datetime.date
    province: int = 0
    provider: int = 0
    provider_province: int | None = 0
    provider_open: bool = True
    taken: dict[tuple[str, str], Taken] = field(default_factory=dict)
    used_ids: dict[tuple[str, int], str] = field(default_factory=dict)
    blacklist: Mapping[tuple[str, str], str] = field(default_factory=dict)
    registered: RegisteredAddresses | None = None
    own_keys: frozenset[tuple[str, str]] = frozenset()
    own_ids: frozenset[tuple[str, int]] = frozenset()
    bearers: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[int, frozenset[str]] | None = None

    def holder_of(self, kind: str, key: str) -> Taken | None:
        """Say who else holds a key that may exist once, `None` where nobody does."""
        return None if (kind, key) in self.own_keys else self.taken.get((kind, key))

    def user_of(self, kind: str, own: int) -> str | None:
        """Say for which other object the provider's own id stands, `None` where for none."""
        return None if (kind, own) in self.own_ids else self.used_ids.get((kind, own))

    def entry(self, table: str, code: int | None) -> Entry | None:
        """Give the entry in force of a code table, `None` where there is none."""
        found = self.tables.get(table, {}).get(code) if code is not None else None
        return found if found and found.valid else None

    def is_person(self, sponsor: SponsorRecord) -> bool | None:
        """Say whether the sponsor is a person: its certificate type decides, else its nature.

        `None` where neither is known.
        """
        certificate = self.entry("certificate_type", sponsor.certificate.type)
        nature = certificate.extra.get("organisation_nature") if certificate else sponsor.nature
        found = self.entry("organisation_nature", nature)
        return bool(found.extra.get("person")) if found else None

    def accept(self, filing: FilingRecord, name: str) -> None:
        """Take note of an accepted filing, so that later records of its document conflict with it.

        `name` tells people what they conflict with.
        """
        for key in reservation_keys(filing):
            self.taken.setdefault(key, Taken(name))
        for own in provider_id_keys(filing):
            self.used_ids.setdefault(own, name)


def shipped_facts(today: datetime.date) -> Facts:
    """Give facts made of the shipped code tables alone: enough for the rules of scope `form`."""
    return Facts(tables=read_tables(), regions=read_regions(), today=today)


S = TypeVar("S")

Check = Callable[[S, Facts], Iterator[Defect]]


@dataclass(frozen=True, slots=True)
class Rule(Generic[S]):
    """What makes one result code: `name` in a few words, `source` where the rule comes from.

    `operations` are the requests for which it holds. A rule of filings also judges requests that say
    a part of a filing; it is heard only about what is asked, unless `standing`: then also about what
    stands on file beside it.
    """

    code: int
    name: str
    scope: Scope
    source: str
    check: Check[S]
    operations: Operations
    standing: bool = False

    @property
    def statement(self) -> str:
        """The rule in full, as the documentation prints it."""
        return inspect.cleandoc(self.check.__doc__ or "")

    def findings(self, subject: S, facts: Facts) -> Iterator[Finding]:
        """Judge a record by this rule."""
        for defect in self.check(subject, facts):
            yield Finding(self.code, defect.detail, defect.place, defect.about, defect.text or message(self.code))


RULES: dict[int, Rule[FilingRecord]] = {}
"""The rules of filings by result code; the modules of this package enter theirs when imported."""


def enter(
    registry: dict[int, Rule[S]],
    code: int,
    name: str,
    *,
    scope: Scope,
    source: str,
    operations: Operations,
    standing: bool = False,
) -> Callable[[Check[S]], Check[S]]:
    """Enter the decorated function as the rule of `code`; each code has one rule in a registry."""

    def enter_it(check: Check[S]) -> Check[S]:
        if code in registry:
            raise ValueError(f"code {code} has a rule already: {registry[code].name}")
        registry[code] = Rule(code, name, scope, source, check, operations, standing)
        return check

    return enter_it


def rule(
    code: int, name: str, *, scope: Scope, source: str, operations: Operations, standing: bool = False
) -> Callable[[Check[FilingRecord]], Check[FilingRecord]]:
    """Enter the decorated function as a rule of filings."""
    return enter(RULES, code, name, scope=scope, source=source, operations=operations, standing=standing)


def quoted(value: object) -> str:
    """Quote a submitted value, shortened so that it leaves room for what is wrong with it."""
    text = str(value)
    return f"“{text if len(text) <= _SHORT else text[: _SHORT - 1] + '…'}”"
