"""What a check task's result says differently from what is on file.

A result (spec, results of a check task) has no room for everything that a filing holds: filing numbers,
languages, how and when it was reported. Those are taken from what is on file, so that only what was
found differs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from beian.records import AccessRecord, FilingRecord, SponsorRecord, WebsiteRecord
from beian.records.differences import Difference, difference

R = TypeVar("R", WebsiteRecord, AccessRecord)


@dataclass(frozen=True, slots=True)
class Found:
    """The filing as it was found, what differs, and the websites on file of which nothing was said."""

    filing: FilingRecord
    differences: Difference
    unsaid: tuple[WebsiteRecord, ...]


def found(on_file: FilingRecord, result: FilingRecord) -> Found:
    """Compare the filing of a result with the one on file. Websites that it leaves out are not compared."""
    said = {website.number for website in result.websites}
    kept = tuple(website for website in on_file.websites if website.number in said)
    filing = FilingRecord(
        sponsor=_sponsor(on_file.sponsor, result.sponsor),
        websites=tuple(_website(_by_number(kept, website.number), website) for website in result.websites),
        remark=on_file.remark,
    )
    before = replace(on_file, websites=kept, attachments=())
    unsaid = tuple(website for website in on_file.websites if website.number not in said)
    return Found(filing, difference(before, filing), unsaid)


def _sponsor(filed: SponsorRecord, said: SponsorRecord) -> SponsorRecord:
    return replace(
        said,
        filing_number=filed.filing_number,
        reported_by=filed.reported_by,
        first_reported=filed.first_reported,
        last_modified=filed.last_modified,
        certificate_serial=filed.certificate_serial,
        certificate_path=filed.certificate_path,
        certificate_expires=filed.certificate_expires,
        remark=said.remark if said.remark is not None else filed.remark,
    )


def _website(filed: WebsiteRecord | None, said: WebsiteRecord) -> WebsiteRecord:
    if filed is None:
        return said
    return replace(
        said,
        filing_number=filed.filing_number,
        languages=filed.languages,
        first_reported=filed.first_reported,
        last_modified=filed.last_modified,
        accesses=tuple(_access(_by_number(filed.accesses, access.number), access) for access in said.accesses),
    )


def _access(filed: AccessRecord | None, said: AccessRecord) -> AccessRecord:
    return said if filed is None else replace(said, provider=filed.provider, reported_by=filed.reported_by)


def _by_number(records: Iterable[R], number: int | None) -> R | None:
    return next((record for record in records if record.number == number), None)
