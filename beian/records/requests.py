"""What providers ask of filings that stand already, as plain values.

A filing, a website, an access is named by the bureau's number or by its filing number, whichever
the provider wrote; the other is missing. `filing_password` is what was sent as such, plain or the
hex MD5 of it; it is dropped once it was checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from beian.records.filing import AccessRecord, AttachmentRecord, FilingRecord, SponsorRecord, WebsiteRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRecord:
    """What a request names: an object by the bureau's number, or by its filing number as written."""

    number: int | None = None
    filing_number: str | None = None

    def __str__(self) -> str:
        return self.filing_number if self.filing_number is not None else str(self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWebsitesRecord:
    """Websites for a sponsor that is on file (新增网站)."""

    sponsor: NameRecord
    websites: tuple[WebsiteRecord, ...]
    attachments: tuple[AttachmentRecord, ...] = ()
    filing_password: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccessRecord:
    """An access of the requesting provider for a website that is on file (新增接入)."""

    website: NameRecord
    access: AccessRecord
    attachments: tuple[AttachmentRecord, ...] = ()
    filing_password: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRecord:
    """A change of a filing (变更备案): only what it names. All its objects but new domains and ranges have numbers.

    `odd_remarks` has the numbers of websites whose remark came as anything but plain text of at most
    1,024 characters (5002): the wire admits it there, nothing else does. Such a remark is cut.
    """

    sponsor: SponsorRecord
    websites: tuple[WebsiteRecord, ...]
    attachments: tuple[AttachmentRecord, ...] = ()
    filing_password: str | None = None
    odd_remarks: tuple[int, ...] = ()


class Cancelled(IntEnum):
    """What a cancellation is about; the numbers are those of the wire."""

    SPONSOR = 0
    WEBSITE = 1
    ACCESS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationRecord:
    """The cancelling of a sponsor, a website or an access (注销备案), by its number; `reason` is a code."""

    what: Cancelled
    number: int
    reason: int
    remark: str | None = None
    filing_password: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResultRecord:
    """What came of a check task (核实结果): `verdict` 0 passed, 1 refused; `filing` as it was found to be.

    `checked` is a date; `provider` the one that reports; `faults` what is wrong with the filing.
    """

    verdict: int
    checker: str
    checked: str
    provider: int
    opinion: str
    filing: FilingRecord
    faults: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfiledHandlingRecord:
    """What a provider did about an unfiled website (未备案处理结果); `result` is a code.

    `address` is a number, first octet highest; `carrier` and `provider` are identifiers of providers,
    `province` a region code. `listed` (when it came onto the list) and `due` are dates as they travel.
    """

    domain: str
    address: int
    carrier: int
    provider: int
    province: int
    result: int
    opinion: str
    listed: str
    due: str
    reporter: str | None = None
    telephone: str | None = None
    email: str | None = None


Request = FilingRecord | NewWebsitesRecord | NewAccessRecord | ChangeRecord | CancellationRecord
"""What becomes an application. Verification material on its own travels as `AttachmentRecord`."""
