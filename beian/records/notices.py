"""What a bureau tells providers unasked, as plain values: cancellations, lists, tasks, inspections, codes.

Addresses are numbers, first octet highest. Moments are `YYYY-MM-DD hh:mm:ss`, Beijing time, as they
travel. `remark` goes along with each as it stands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

from beian.records.filing import FilingRecord
from beian.records.requests import Cancelled


class Listing(IntEnum):
    """What happens to an entry of a list; the numbers are those of the wire."""

    ADD = 0
    CHANGE = 1
    REMOVE = 2


class Concerned(IntEnum):
    """What a notice is about."""

    SPONSOR = 0
    WEBSITE = 1


class Misreported(IntEnum):
    """What an inspection of accesses found: an access on file that is none (多报), or one that is not filed (少报)."""

    OVER = 1
    UNDER = 2


class Shell(IntEnum):
    """What an inspection of empty-shell websites found: whether it still answers."""

    ALIVE = 0
    DEAD = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelledNotice:
    """A sponsor or a website is no longer on file (注销数据); `number` is the bureau's. Never an access."""

    what: Cancelled
    number: int
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSponsor:
    """Who stands on the blacklist: name and certificate, `nature` of an organisation."""

    name: str
    certificate_type: int
    certificate_number: str
    nature: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistedSponsor:
    """A sponsor comes onto the blacklist (黑名单), changes there, or goes."""

    operation: Listing
    sponsor: ListedSponsor | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedDomain:
    """A domain that stands on the blacklist."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistedWebsite:
    """A website, by its domains, comes onto the blacklist (黑名单), changes there, or goes."""

    operation: Listing
    name: str
    domains: tuple[ListedDomain, ...]
    home_page: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IllegalAccess:
    """An access that should not be (非法接入): `provider` connects `domain` directly at `address`.

    `number` is the entry's own; `province` is where that is, `checked` when it was seen.
    """

    number: int
    domain: str
    address: int
    provider: int
    province: int
    checked: str
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfiledWebsite:
    """A website without a filing (未备案网站) at an address of a provider. The deadline stands in `remark`.

    `number` is the entry's own. `carrier` and `provider` are identifiers of providers, `province` a
    region code; it was seen `times` between `first_checked` and `last_checked`.
    """

    number: int
    domain: str
    address: int
    carrier: int
    provider: int | None = None
    province: int | None = None
    languages: tuple[int, ...] = ()
    first_checked: str | None = None
    last_checked: str | None = None
    times: int | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTask:
    """A filing that a provider is to check (核实任务), and what about it; `checkable` makes `filing` fit.

    A task has no id of its own: the sponsor's number and the provider tell which one it is.
    """

    filing: FilingRecord
    instruction: str | None = None


def checkable(filing: FilingRecord) -> FilingRecord:
    """Give `filing` with what a check task says of each access: how it was reported, like its sponsor."""
    how = filing.sponsor.reported_by
    websites = tuple(
        replace(website, accesses=tuple(replace(access, reported_by=how) for access in website.accesses))
        for website in filing.websites
    )
    return replace(filing, websites=websites)


@dataclass(frozen=True, slots=True, kw_only=True)
class SponsorInspection:
    """What is wrong with a sponsor's certificate (主体核查)."""

    number: int
    name: str
    certificate_type: int
    certificate_number: str
    fault: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessInspection:
    """An access that is reported although it is none, or the other way round (接入核查).

    `number` and `filing_number` are the website's, `access` is the access's number; `resolved` is the
    address to which `domain` was found to resolve, `provider` the one that reported the access.
    """

    number: int
    filing_number: str
    result: Misreported
    inspected: str
    domain: str | None = None
    resolved: int | None = None
    provider: int | None = None
    access: int | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShellInspection:
    """An empty-shell website (空壳网站核查), alive or dead; `number` and `filing_number` are the website's."""

    number: int
    filing_number: str
    result: Shell
    inspected: str
    home_page: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LivenessInspection:
    """A website that did not answer (网站存活检测); `number` and `filing_number` are the website's."""

    number: int
    filing_number: str
    inspected: str
    home_page: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionNotice:
    """A sponsor or a website must be corrected (相关通知); `number` is the bureau's."""

    what: Concerned
    text: str
    number: int | None = None
    filing_number: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingUnit:
    """A provider that reports (报备单位), by its identifier; class and industry are codes."""

    number: int
    name: str
    unit_class: int | None = None
    industry: int | None = None
    licence: str | None = None
    province: int | None = None
    city: int | None = None
    county: int | None = None
    address: str | None = None
    valid: bool = True
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeEntry:
    """An entry of a code table, with whatever its table says of it.

    `bit` is 2 to the power of code - 1; `level` of a region 1 province, 2 city, 3 county; `mark` a
    code in letters; `nature` the nature of organisations that a certificate belongs to; `owner_kind`
    what an attachment of this purpose belongs to: 1 sponsor, 2 website.
    """

    code: int
    name: str
    valid: bool = True
    bit: int | None = None
    level: int | None = None
    mark: str | None = None
    second_name: str | None = None
    province: int | None = None
    abbreviation: str | None = None
    email: str | None = None
    mobile: str | None = None
    nature: int | None = None
    needs_approval: bool = False
    owner_kind: int | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTable:
    """Entries of one code table, by its name in `beian/codes/`; `region` for the regions."""

    table: str
    entries: tuple[CodeEntry, ...]


Notice = (
    CancelledNotice
    | BlacklistedSponsor
    | BlacklistedWebsite
    | IllegalAccess
    | UnfiledWebsite
    | CheckTask
    | SponsorInspection
    | AccessInspection
    | ShellInspection
    | LivenessInspection
    | CorrectionNotice
)
"""What a bureau queues as it stands; codes and filings are rendered when they are handed out."""
