"""Parcels applied in order to an empty store name nothing unknown, and what comes of them is what the bureau holds."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from beian.models import Access, ObjectKind, Sponsor, Website
from beian.models import Cancelled as Tombstone
from beian.records import Cancelled, CodeRecord, FilingRecord, ResultRecord
from beian.records.notices import (
    CancelledNotice,
    CheckTask,
    Concerned,
    CorrectionNotice,
    LivenessInspection,
    Notice,
    SponsorInspection,
    checkable,
)
from beian.records.rows import filings, store_filing
from interface.models import ProviderAccount
from interface.services import mailbox
from interface.services.rendering import NOTICE_KINDS
from tests.interface import calling
from tests.interface.applying import Copy, UnknownObject
from tests.interface.calling import Caller
from tests.interface.fetching import acknowledge, documents, fetch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]

DAY = "2026-11-22 12:00:00"


class Bureau:
    """What happens at a bureau, as far as a provider hears of it: rows change, pieces are queued."""

    def __init__(self, account: ProviderAccount, chance: random.Random) -> None:
        self.account = account
        self.chance = chance
        self.seeds = iter(range(1, 1000))

    def held(self) -> dict[int, FilingRecord]:
        """What the provider may see."""
        numbers = Sponsor.objects.held_by(self.account.bureau).values_list("number", flat=True)
        return filings(self.account.bureau, numbers, isp_id=self.account.isp_id)

    def approve(self) -> None:
        """File something new: first the result, then the filing."""
        filing = calling.on_file(self.account, next(self.seeds), websites=self.chance.choice([1, 2, 3]))
        number = filing.sponsor.number or 0
        result = ResultRecord(codes=(CodeRecord(code=1001),), operation=1, subject=str(filing.sponsor.provider_id))
        mailbox.queue_result(self.account, result, about=f"sponsor:{number}")
        self._tell(number)

    def rename(self) -> None:
        number = self._sponsor()
        rows = Sponsor.objects.held_by(self.account.bureau).filter(number=number)
        rows.update(name=f"改过{self.chance.random()}次名字的示例公司")
        self._tell(number)

    def move(self) -> None:
        """Change a website as a whole: another address range, a domain less."""
        filing = self.held()[self._sponsor()]
        website = filing.websites[0]
        (access, *others) = website.accesses
        part = replace(access.ranges[0], first=access.ranges[0].first + 1, last=access.ranges[0].last + 1)
        moved = replace(website, accesses=(replace(access, ranges=(part,)), *others), domains=website.domains[:1])
        store_filing(self.account.bureau, replace(filing, websites=(moved,)), isp_id=self.account.isp_id)
        self._tell(filing.sponsor.number or 0)

    def cancel_sponsor(self) -> None:
        number = self._sponsor()
        for website in self.held()[number].websites:
            self._bury(ObjectKind.WEBSITE, website.number or 0, number)
        Sponsor.objects.held_by(self.account.bureau).filter(number=number).delete()
        self._bury(ObjectKind.SPONSOR, number, number)
        self._say(CancelledNotice(what=Cancelled.SPONSOR, number=number), number)

    def cancel_website(self) -> None:
        number = self._sponsor()
        website = self.held()[number].websites[-1]
        Website.objects.held_by(self.account.bureau).filter(number=website.number).delete()
        self._bury(ObjectKind.WEBSITE, website.number or 0, number)
        self._say(CancelledNotice(what=Cancelled.WEBSITE, number=website.number or 0), number)

    def remark(self) -> None:
        """Say something of a filing that stands: an inspection, a notice to correct, a check task."""
        number = self._sponsor()
        filing = self.held()[number]
        website = filing.websites[0]
        name = website.filing_number or ""
        certificate = filing.sponsor.certificate
        notices: list[Notice] = [
            CorrectionNotice(what=Concerned.WEBSITE, number=website.number, text="请变更"),
            CheckTask(filing=checkable(filing), instruction="请核实"),
            LivenessInspection(number=website.number or 0, filing_number=name, inspected=DAY),
            SponsorInspection(
                number=number,
                name=filing.sponsor.name,
                certificate_type=certificate.type,
                certificate_number=certificate.number,
            ),
        ]
        self._say(self.chance.choice(notices), number)

    def synchronise(self) -> None:
        mailbox.queue_synchronisation(self.account)

    def _sponsor(self) -> int:
        return self.chance.choice(sorted(self.held()))

    def _bury(self, kind: ObjectKind, number: int, sponsor: int) -> None:
        Tombstone.objects.create_for(self.account.bureau, kind=kind, number=number, sponsor=sponsor)

    def _tell(self, number: int) -> None:
        mailbox.queue_filing(self.account, number, about=f"sponsor:{number}")

    def _say(self, notice: Notice, number: int) -> None:
        mailbox.queue_notice(self.account, NOTICE_KINDS[type(notice)], notice, about=f"sponsor:{number}")


@pytest.fixture
def newcomer() -> Caller:
    """A provider that has not called yet."""
    return Caller(calling.account(connected_at=None))


def share(account: ProviderAccount, number: int) -> None:
    """Let another provider host the first website of a sponsor too."""
    other = calling.account(440000000902)
    website = Website.objects.held_by(account.bureau).filter(sponsor__number=number)[0]
    access = Access.objects.create_for(
        account.bureau, number=number + 90, website=website, isp_id=other.isp_id, locations=[5], methods=[1]
    )
    access.ranges.create(holder=account.bureau, number=number + 91, first=3323068500, last=3323068500)


def test_the_first_connection_brings_everything(newcomer: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(1, 8):
        calling.on_file(newcomer.account, seed, websites=seed % 3 + 1)
    bureau, copy = Bureau(newcomer.account, random.Random(1)), Copy(newcomer.account.provider)
    share(newcomer.account, min(bureau.held()))
    monkeypatch.setattr(mailbox, "MOST_PIECES", 700)
    for document in documents(newcomer):
        copy.apply(document)
    assert copy.filings() == bureau.held()
    assert len(copy.filings()) == 7
    assert 440000000902 in {
        access.provider
        for filing in copy.filings().values()
        for website in filing.websites
        for access in website.accesses
    }


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_meanwhile(newcomer: Caller, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Anything at any time, but that nothing is cancelled before the provider heard of it."""
    chance = random.Random(seed)
    bureau, copy = Bureau(newcomer.account, chance), Copy(newcomer.account.provider)
    for n in range(3):
        calling.on_file(newcomer.account, next(bureau.seeds), websites=n + 1)
    for document in documents(newcomer):
        copy.apply(document)
    monkeypatch.setattr(mailbox, "MOST_PIECES", 2)
    changes = [bureau.approve, bureau.rename, bureau.move, bureau.remark, bureau.synchronise]
    for _ in range(25):
        settled = copy.filings() == bureau.held()
        go_away: list[Callable[[], None]] = [bureau.cancel_website, bureau.cancel_sponsor] if settled else []
        happens = chance.choice([*changes, *go_away, None, None, None])
        if happens is None:
            one(newcomer, copy)
        elif bureau.held() or happens == bureau.approve:
            happens()
    for document in documents(newcomer):
        copy.apply(document)
    assert copy.filings() == bureau.held()
    assert bureau.held()


def one(caller: Caller, copy: Copy) -> None:
    """Fetch one document, if one waits."""
    if caller("isp_download").code == 0:
        name, document = fetch(caller)
        copy.apply(document)
        acknowledge(caller, name)


def test_what_is_cancelled_before_it_was_fetched_is_named_once_and_was_never_there(newcomer: Caller) -> None:
    """The notice stays: a provider may know from elsewhere what it is to cut off."""
    bureau, copy = Bureau(newcomer.account, random.Random(1)), Copy(newcomer.account.provider)
    bureau.approve()
    bureau.cancel_sponsor()
    notice, result = documents(newcomer)
    with pytest.raises(UnknownObject, match="sponsor"):
        copy.apply(notice)
    copy.apply(result)
    assert copy.filings() == bureau.held() == {}
