"""Requests about filings of another province: its bureau decides, every copy follows, each provider hears at home."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from beian import store
from beian.exchange.receiving import receive
from beian.models import Cancelled as Tombstone
from beian.models import Message, Node, ProviderId, Reservation, Sponsor, User
from beian.records import Cancelled, FilingRecord, NameRecord, NewAccessRecord, NewWebsitesRecord
from beian.records.rows import filings
from beian.web.throttle import connection
from bureau.models import Application
from bureau.services import review
from bureau.workflow import State
from interface.models import Outcome, ParcelKind, ProviderAccount
from ministry.models import PublicFiling
from tests.builders import access, approval, attachment, domain, website
from tests.bureau.test_forwarding import of_beijing
from tests.conftest import BEIJING_ISP_ID, ISP_ID
from tests.messages import carry_all
from tests.on_file import PASSWORD, on_file
from tests.requests import cancellation, change_of, uploaded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]


@pytest.fixture
def stored(beijing: Node, beijing_account: ProviderAccount) -> FilingRecord:
    """A filing of Beijing, with two websites that Beijing's provider hosts."""
    return on_file(beijing, of_beijing(1, websites=2), BEIJING_ISP_ID)


@pytest.fixture
def decided(beijing: Node, outsider: User, beijing_approver: User) -> Callable[[], Application]:
    """Let Beijing approve, in its two stages, what waits there; then carry all messages."""

    def decide() -> Application:
        application = Application.objects.get(holder=beijing, state=State.PENDING)
        review.claim(application.pk, outsider)
        review.recommend(application.pk, outsider, "approve", [], "", None)
        review.claim(application.pk, beijing_approver)
        ended = review.approve(application.pk, beijing_approver, None)
        carry_all()
        return ended

    return decide


@pytest.fixture
def joined(account: ProviderAccount, stored: FilingRecord, decided: Callable[[], Application]) -> FilingRecord:
    """Guangdong's provider gives access to the first website too."""
    name = NameRecord(filing_number=stored.websites[0].filing_number)
    uploaded(account, new_accesses=[NewAccessRecord(website=name, access=access(90), filing_password=PASSWORD)])
    carry_all()
    assert decided().state == State.APPROVED
    return filings(account.bureau, [stored.sponsor.number or 0], isp_id=ISP_ID)[stored.sponsor.number or 0]


def kinds(account: ProviderAccount) -> list[str]:
    return list(Outcome.objects.filter(account=account).order_by("id").values_list("kind", flat=True))


def at(bureau: Node, stored: FilingRecord) -> FilingRecord:
    return filings(bureau, [stored.sponsor.number or 0])[stored.sponsor.number or 0]


def test_a_new_access_goes_home_with_its_password_and_comes_back(
    account: ProviderAccount, beijing_account: ProviderAccount, joined: FilingRecord, stored: FilingRecord
) -> None:
    pointer = Application.objects.get(holder=account.bureau)
    assert (pointer.state, pointer.sponsor_number) == (State.APPROVED, stored.sponsor.number)
    assert pointer.record["filing_password"] is None
    assert kinds(account) == [ParcelKind.RESULTS, ParcelKind.FILINGS]
    assert kinds(beijing_account) == [ParcelKind.FILINGS]
    assert at(account.bureau, stored) == at(beijing_account.bureau, stored)
    assert [site.number for site in joined.websites] == [stored.websites[0].number]
    own = [each for each in joined.websites[0].accesses if each.provider == ISP_ID]
    assert own[0].provider_id == 4_000_090
    assert not ProviderId.objects.filter(holder=account.bureau, number=None).exists()
    assert not Reservation.objects.filter(kind="access").exists()


def test_a_wrong_password_comes_back_from_home(account: ProviderAccount, beijing: Node, stored: FilingRecord) -> None:
    name = NameRecord(filing_number=stored.websites[0].filing_number)
    asked = NewAccessRecord(website=name, access=access(90), filing_password="wrong")
    assert uploaded(account, new_accesses=[asked]).state == State.FORWARDED
    carry_all()
    pointer = Application.objects.get(holder=account.bureau)
    assert pointer.state == State.RETURNED
    assert [each["code"] for each in Outcome.objects.get(account=account).body["result"]["codes"]] == [1018]
    assert not ProviderId.objects.filter(holder=account.bureau).exists()


@pytest.fixture
def nothing_tried() -> Iterator[None]:
    """Nobody tried a password in the last hour, nor has when this ends."""
    connection().flushdb()
    yield
    connection().flushdb()


@pytest.mark.usefixtures("nothing_tried")
def test_guesses_that_travel_are_counted_at_home(account: ProviderAccount, beijing: Node, stored: FilingRecord) -> None:
    name = NameRecord(filing_number=stored.websites[0].filing_number)
    for n, password in enumerate(["a", "b", "c", "d", "e", PASSWORD]):
        asked = NewAccessRecord(website=name, access=access(90 + n), filing_password=password)
        uploaded(account, new_accesses=[asked])
        carry_all()
    last = Application.objects.filter(holder=beijing).order_by("-id")[0]
    assert last.state == State.RETURNED
    assert "次数过多" in last.findings[0]["detail"]


def test_the_password_is_kept_nowhere(account: ProviderAccount, beijing: Node, stored: FilingRecord) -> None:
    name = NameRecord(filing_number=stored.websites[0].filing_number)
    uploaded(account, new_accesses=[NewAccessRecord(website=name, access=access(90), filing_password=PASSWORD)])
    carry_all()
    assert [row.record["filing_password"] for row in Application.objects.all()] == [None, None]


def test_a_change_is_applied_at_home_and_in_every_copy(
    account: ProviderAccount,
    beijing_account: ProviderAccount,
    joined: FilingRecord,
    stored: FilingRecord,
    decided: Callable[[], Application],
) -> None:
    Outcome.objects.all().delete()
    site = replace(joined.websites[0], name="新的名称", domains=(*joined.websites[0].domains, domain(500)))
    pointer = uploaded(account, changes=[change_of(joined, site)])
    assert pointer.state == State.FORWARDED, pointer.findings
    assert pointer.sponsor_name == stored.sponsor.name
    carry_all()
    assert decided().state == State.APPROVED
    home = at(beijing_account.bureau, stored)
    assert home.websites[0].name == "新的名称"
    assert at(account.bureau, stored) == home
    assert at(Node.objects.get(code="ministry"), stored) == home
    assert kinds(account) == [ParcelKind.RESULTS, ParcelKind.FILINGS]
    assert kinds(beijing_account) == [ParcelKind.FILINGS]
    new = home.websites[0].domains[-1].number
    ids = ProviderId.objects.filter(number=new).values_list("holder", "isp_id", "provider_id")
    assert set(ids) == {(bureau.pk, ISP_ID, 3_000_500) for bureau in (account.bureau, beijing_account.bureau)}


def test_a_pointer_is_named_by_the_copy(account: ProviderAccount, joined: FilingRecord, stored: FilingRecord) -> None:
    own = next(each.number for each in joined.websites[0].accesses if each.provider == ISP_ID)
    pointer = uploaded(account, cancellations=[cancellation(Cancelled.ACCESS, own or 0)])
    assert (pointer.state, pointer.sponsor_name) == (State.FORWARDED, stored.sponsor.name)
    assert (pointer.target, pointer.domains) == (stored.sponsor.number, ["example101.cn"])


def test_scans_travel_with_the_filing(
    account: ProviderAccount,
    beijing_account: ProviderAccount,
    joined: FilingRecord,
    stored: FilingRecord,
    decided: Callable[[], Application],
) -> None:
    asked = replace(stored.websites[0], approvals=(approval(1),))
    uploaded(beijing_account, changes=[change_of(stored, asked)])
    assert decided().state == State.APPROVED
    to_guangdong = Message.objects.filter(kind="content", destination=account.bureau, holder=beijing_account.bureau)
    assert to_guangdong.count() == 1


def test_a_scan_that_is_no_longer_here_holds_nothing_up(
    account: ProviderAccount,
    beijing_account: ProviderAccount,
    joined: FilingRecord,
    stored: FilingRecord,
    decided: Callable[[], Application],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = replace(stored.websites[0], approvals=(approval(1),))
    uploaded(beijing_account, changes=[change_of(stored, asked)])

    def gone(sha256: str) -> bytes:
        raise store.Missing(sha256)

    monkeypatch.setattr(store, "get", gone)
    assert decided().state == State.APPROVED
    assert at(account.bureau, stored).websites[0].approvals == (approval(1),)


def test_cancelling_a_website_tells_the_provider_of_another_province(
    account: ProviderAccount,
    beijing_account: ProviderAccount,
    joined: FilingRecord,
    stored: FilingRecord,
    decided: Callable[[], Application],
) -> None:
    Outcome.objects.all().delete()
    number = stored.websites[0].number or 0
    uploaded(beijing_account, cancellations=[cancellation(Cancelled.WEBSITE, number)])
    assert decided().state == State.APPROVED
    assert kinds(account) == [ParcelKind.CANCELLED]
    assert kinds(beijing_account) == [ParcelKind.RESULTS, ParcelKind.FILINGS]
    # its only website there: nobody in Guangdong gives access to anything of that sponsor any more
    assert not Sponsor.objects.held_by(account.bureau).exists()
    assert Tombstone.objects.held_by(account.bureau).filter(number=number).exists()
    ministry = Node.objects.get(code="ministry")
    assert [each.number for each in at(ministry, stored).websites] == [stored.websites[1].number]
    assert PublicFiling.objects.count() == 1


def test_cancelling_a_sponsor_clears_every_copy(
    account: ProviderAccount,
    beijing_account: ProviderAccount,
    joined: FilingRecord,
    stored: FilingRecord,
    decided: Callable[[], Application],
) -> None:
    Outcome.objects.all().delete()
    asked = cancellation(Cancelled.SPONSOR, stored.sponsor.number or 0, filing_password=PASSWORD)
    uploaded(beijing_account, cancellations=[asked])
    assert decided().state == State.APPROVED
    assert kinds(account) == [ParcelKind.CANCELLED]
    assert not Sponsor.objects.held_by(account.bureau).exists()
    assert not Sponsor.objects.held_by(Node.objects.get(code="ministry")).exists()
    assert not PublicFiling.objects.exists()
    assert not ProviderId.objects.exists()


def test_a_withdrawal_at_home_reaches_the_pointer(
    account: ProviderAccount, beijing: Node, stored: FilingRecord, person: Callable[..., User]
) -> None:
    from beian.models import Role

    name = NameRecord(filing_number=stored.websites[0].filing_number)
    uploaded(account, new_accesses=[NewAccessRecord(website=name, access=access(90), filing_password=PASSWORD)])
    carry_all()
    home = Application.objects.get(holder=beijing)
    review.withdraw(home.pk, person("chen", beijing, Role.SUPERVISOR), "接入商来函", None)
    carry_all()
    assert Application.objects.get(holder=account.bureau).state == State.WITHDRAWN
    assert kinds(account) == [ParcelKind.RESULTS]
    assert not Reservation.objects.filter(kind="access").exists()
    assert not ProviderId.objects.filter(isp_id=ISP_ID).exists()


def test_a_new_website_at_home_brings_its_attachments(
    account: ProviderAccount, stored: FilingRecord, decided: Callable[[], Application], joined: FilingRecord
) -> None:
    asked = NewWebsitesRecord(
        sponsor=NameRecord(filing_number=stored.sponsor.filing_number),
        websites=(website(77),),
        attachments=(attachment("2000077", owner_kind=2),),
    )
    uploaded(account, new_websites=[asked])
    carry_all()
    assert decided().state == State.APPROVED
    new = at(account.bureau, stored).websites[-1]
    assert (new.filing_number, new.name) == (f"{stored.sponsor.filing_number}-3", "示例网站77")


def changed_in_turn(
    beijing_account: ProviderAccount, stored: FilingRecord, there: Node, changes: list[tuple[int, str]]
) -> list[Any]:
    """Rename websites (place, name) one after the other at home; gives what would tell `there`, kept back."""
    from beian.exchange.envelope import envelope_of

    states: list[Any] = []
    wu, zheng = (User.objects.get(username=name) for name in ("wu", "zheng"))
    for place, name in changes:
        uploaded(beijing_account, changes=[change_of(stored, replace(stored.websites[place], name=name))])
        application = Application.objects.get(holder=beijing_account.bureau, state=State.PENDING)
        review.claim(application.pk, wu)
        review.recommend(application.pk, wu, "approve", [], "", None)
        review.claim(application.pk, zheng)
        assert review.approve(application.pk, zheng, None).state == State.APPROVED
        waiting = Message.objects.waiting().filter(kind="filing", destination=there)
        states.append(envelope_of(waiting.latest("id")))
        Message.objects.waiting().update(state="acknowledged")
    return states


def test_news_that_comes_late_changes_nothing(
    account: ProviderAccount,
    beijing_account: ProviderAccount,
    joined: FilingRecord,
    stored: FilingRecord,
) -> None:
    """The state of a filing that was overtaken by a later one is passed over."""
    states = changed_in_turn(beijing_account, stored, account.bureau, [(1, "甲"), (1, "乙")])
    receive(states[1], account.bureau.code)
    receive(states[0], account.bureau.code)
    assert at(account.bureau, stored).websites[1].name == "乙"


def test_whom_the_overtaken_news_concerned_hears_with_the_later(
    account: ProviderAccount,
    beijing_account: ProviderAccount,
    joined: FilingRecord,
    stored: FilingRecord,
) -> None:
    """Guangdong's provider hosts the first website alone, and only the overtaken state told of that one."""
    Outcome.objects.all().delete()
    states = changed_in_turn(beijing_account, stored, account.bureau, [(0, "甲"), (1, "乙")])
    receive(states[1], account.bureau.code)
    assert kinds(account) == [ParcelKind.FILINGS]
    receive(states[0], account.bureau.code)
    assert kinds(account) == [ParcelKind.FILINGS]
