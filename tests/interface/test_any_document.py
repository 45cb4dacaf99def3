"""Whatever a bureau accepts, once uploaded, approved, downloaded and read back, gives the same records.

`script/soak --examples 1000` tries more of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beian.models import User
from beian.records import (
    ChangeRecord,
    FilingRecord,
    NameRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    WebsiteRecord,
)
from bureau.models import Application
from bureau.services import intake, review
from interface.documents.download import read_download
from interface.documents.upload import write_upload
from interface.models import ProviderAccount
from interface.services import mailbox
from tests.builders import content, filing, jpeg_bytes
from tests.conftest import ISP_ID, make_account
from tests.interface import acceptable
from tests.interface.in_process import InProcess, undone
from tests.on_file import PASSWORD, on_file
from tests.requests import change_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables"), pytest.mark.slow]

OTHER_ISP = 440000000003
EXAMPLES = int(os.environ.get("BEIAN_EXAMPLES", "25"))
OURS, THEIRS = filing(50, websites=2), filing(60)
MANY = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@dataclass
class Bureau:
    """A provider, a filing of its own and one of another's; who decides, and the provider's calls."""

    account: ProviderAccount
    reviewer: User
    ours: FilingRecord
    theirs: FilingRecord
    files: dict[str, bytes] = field(default_factory=dict)

    def settle(self, encrypt: bool, **sections: Any) -> dict[int, FilingRecord]:
        """Upload, approve everything, download all; gives the filings that came, by sponsor's number."""
        calls = InProcess(self.account, encrypt=encrypt)
        document = write_upload(
            sections.pop("filings"), **sections, requesting_provider=self.account.isp_id, load=_picture
        )
        assert calls.upload(document, 1).code == 0
        intake.drain(self.account.pk)
        for application in Application.objects.filter(upload__isnull=False).order_by("pk"):
            assert application.state == "pending", application.findings
            review.claim(application.pk, self.reviewer)
            assert review.approve(application.pk, self.reviewer, None).state == "approved"
        return {each.sponsor.number or 0: each for each in _downloaded(calls)}


def _picture(sha256: str) -> bytes:
    return acceptable.PICTURES.get(sha256) or jpeg_bytes(1)


def _downloaded(calls: InProcess) -> Iterator[FilingRecord]:
    """Download and acknowledge everything; the filings that came, in order."""
    while (answer := calls.download()).file is not None:
        yield from read_download(calls.open_document(answer.file).read(), content).filings
        assert calls.acknowledge(answer.file.file_name).code == 0


@pytest.fixture
def bureau(account: ProviderAccount, reviewer: User) -> Bureau:
    """The provider has the filing as it stands: what a change leaves out is to go."""
    make_account(account.bureau, OTHER_ISP, "另一接入商")
    ours = on_file(account.bureau, OURS, ISP_ID)
    mailbox.queue_filing(account, ours.sponsor.number or 0, about="sponsor")
    list(_downloaded(InProcess(account)))
    return Bureau(account, reviewer, ours, on_file(account.bureau, THEIRS, OTHER_ISP))


def asked_for(record: Any, **also: Any) -> Any:
    """What a provider asked for of a website or a filing, without what the bureau adds."""
    if isinstance(record, FilingRecord):
        own = {"filing_number", "first_reported", "last_modified", "reviewer", "reviewed", "number"}
        sponsor = replace(record.sponsor, **dict.fromkeys(own))
        return FilingRecord(sponsor=sponsor, websites=tuple(asked_for(each) for each in record.websites))
    accesses = tuple(
        replace(access, number=None, ranges=tuple(replace(part, number=None) for part in access.ranges), provider=None)
        for access in record.accesses
    )
    domains = tuple(replace(domain, number=None) for domain in record.domains)
    dropped = dict.fromkeys(("number", "filing_number", "first_reported", "last_modified"))
    return replace(record, domains=domains, accesses=accesses, **dropped, **also)


def named(found: dict[int, FilingRecord], number: int | None) -> dict[int | None, WebsiteRecord]:
    """The websites of one filing, by number."""
    return {website.number: website for website in found[number or 0].websites}


@MANY
@given(data=st.data())
def test_new_filings_come_back_as_they_were_asked_for(bureau: Bureau, data: st.DataObject) -> None:
    asked = [data.draw(acceptable.filings(seed)) for seed in range(1, data.draw(st.integers(1, 3)) + 1)]
    with undone():
        found = bureau.settle(data.draw(st.booleans()), filings=asked)
    got = sorted((asked_for(each) for each in found.values()), key=lambda each: each.sponsor.provider_id)
    assert got == [replace(each, attachments=()) for each in asked]
    numbers = [website.filing_number for each in found.values() for website in each.websites]
    assert len(set(numbers)) == len(numbers)


@MANY
@given(data=st.data())
def test_what_is_added_comes_back_and_the_rest_as_it_was(bureau: Bureau, data: st.DataObject) -> None:
    sites = tuple(data.draw(acceptable.websites(700 + place)) for place in range(data.draw(st.integers(1, 2))))
    access = data.draw(acceptable.accesses(900))
    by_number = data.draw(st.booleans())
    sponsor, website = bureau.ours.sponsor, bureau.theirs.websites[0]
    with undone():
        found = bureau.settle(
            data.draw(st.booleans()),
            filings=[],
            new_websites=[NewWebsitesRecord(sponsor=_name(sponsor, by_number), websites=sites)],
            new_accesses=[NewAccessRecord(website=_name(website, by_number), access=access, filing_password=PASSWORD)],
        )
    before, now = bureau.ours.websites, found[sponsor.number or 0].websites
    assert now[: len(before)] == before
    assert tuple(asked_for(each) for each in now[len(before) :]) == sites
    (site,) = found[bureau.theirs.sponsor.number or 0].websites
    (ours,) = [each for each in asked_for(site).accesses if each.provider_id is not None]
    assert ours == access


@MANY
@given(data=st.data())
def test_a_change_comes_back_and_the_rest_as_it_was(bureau: Bureau, data: st.DataObject) -> None:
    asked = data.draw(changes(bureau.ours))
    with undone():
        found = bureau.settle(data.draw(st.booleans()), filings=[], changes=[asked])
    before = bureau.ours
    if not found:
        now = before
    else:
        (now,) = found.values()
    wanted = FilingRecord(sponsor=asked.sponsor, websites=(asked.websites[0], before.websites[1]))
    assert now.websites[1] == before.websites[1]
    assert without_order(asked_for(now)) == without_order(asked_for(wanted))


def _name(record: Any, by_number: bool) -> NameRecord:
    return NameRecord(number=record.number) if by_number else NameRecord(filing_number=record.filing_number)


@st.composite
def changes(draw: Any, known: FilingRecord) -> ChangeRecord:
    """A change of the sponsor and the first website, of anything that may change."""
    sponsor, site = draw(acceptable.sponsors(50)), draw(acceptable.websites(800))
    before = known.websites[0]
    access = replace(before.accesses[0], methods=site.accesses[0].methods, ranges=site.accesses[0].ranges)
    new = replace(
        site,
        number=before.number,
        provider_id=before.provider_id,
        filing_number=before.filing_number,
        accesses=(access,),
        domains=draw(st.sampled_from([site.domains, (*before.domains, *site.domains)])),
    )
    return change_of(
        known,
        new,
        sponsor=replace(
            sponsor,
            number=known.sponsor.number,
            provider_id=known.sponsor.provider_id,
            filing_number=known.sponsor.filing_number,
            reported_by=known.sponsor.reported_by,
        ),
    )


def without_order(record: FilingRecord) -> FilingRecord:
    """Domains and ranges are sets: a change may name them in any order."""
    websites = tuple(
        replace(
            website,
            domains=tuple(sorted(website.domains, key=str)),
            accesses=tuple(
                replace(access, ranges=tuple(sorted(access.ranges, key=str))) for access in website.accesses
            ),
        )
        for website in record.websites
    )
    return replace(record, websites=websites)
