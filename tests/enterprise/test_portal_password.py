"""The filing password: proved by the bureau where it is needed, kept no longer than the case, seen by nobody."""

from __future__ import annotations

import pytest
import redis

from beian.models import Event, Mail, Node, User
from beian.records import FilingRecord
from enterprise.models import Case, Claim, Connection, SponsorAccount
from enterprise.services import cases, proving_password
from enterprise.services.contents import request_of
from enterprise.services.guard import lock, move
from enterprise.services.proving_password import OF_A_NUMBER, Proof
from enterprise.workflow import State
from interface.models import ProviderAccount
from tests.enterprise.sponsoring import (
    ELSEWHERE,
    Away,
    at_bureau,
    fresh_counters,
    held,
    in_process,
    page,
    text_of,
)
from tests.on_file import PASSWORD


@pytest.fixture(autouse=True)
def _bureau(monkeypatch: pytest.MonkeyPatch, account: ProviderAccount, connection: Connection) -> None:
    in_process(monkeypatch, account)
    fresh_counters(monkeypatch, connection)


def prove(account: SponsorAccount, number: str, password: str) -> Proof:
    return proving_password.prove(account.provider, account.user, "198.51.100.7", number, password).proof


@pytest.fixture
def filing(account: ProviderAccount) -> FilingRecord:
    return at_bureau(account, isp_id=ELSEWHERE)


def test_right_wrong_and_away(
    filing: FilingRecord, sponsor_account: SponsorAccount, account: ProviderAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = filing.sponsor.filing_number
    assert prove(sponsor_account, number, PASSWORD) == Proof.RIGHT
    assert prove(sponsor_account, f"{number}-1", PASSWORD) == Proof.RIGHT
    assert prove(sponsor_account, number, "Falsch12") == Proof.WRONG
    in_process(monkeypatch, account, Away(account))
    assert prove(sponsor_account, number, PASSWORD) == Proof.AWAY


def test_nobody_uses_up_the_tries_of_all(
    filing: FilingRecord, sponsor_account: SponsorAccount, stranger_account: SponsorAccount
) -> None:
    number = filing.sponsor.filing_number
    proofs = [prove(stranger_account, number, f"Falsch{n}0") for n in range(OF_A_NUMBER.limit + 2)]
    assert proofs == [Proof.WRONG] * OF_A_NUMBER.limit + [Proof.LOCKED] * 2
    assert prove(sponsor_account, number, PASSWORD) == Proof.RIGHT


def test_right_ones_do_not_count(filing: FilingRecord, sponsor_account: SponsorAccount) -> None:
    number = filing.sponsor.filing_number
    assert {prove(sponsor_account, number, PASSWORD) for _ in range(OF_A_NUMBER.limit + 2)} == {Proof.RIGHT}


def test_the_bureaus_lock_is_told_with_its_time(
    filing: FilingRecord, sponsor_account: SponsorAccount, stranger_account: SponsorAccount, settings: object
) -> None:
    number = filing.sponsor.filing_number
    for who in (stranger_account, sponsor_account):
        for n in range(OF_A_NUMBER.limit - 1):
            prove(who, number, f"Falsch{n}0")
    prove(sponsor_account, number, "Falsch99")
    locked = proving_password.prove(
        stranger_account.provider, stranger_account.user, "198.51.100.7", number, "Falsch98"
    )
    assert locked.proof == Proof.LOCKED
    assert "60 分钟" in locked.says


def test_uncounted_nobody_guesses(
    filing: FilingRecord, sponsor_account: SponsorAccount, monkeypatch: pytest.MonkeyPatch, connection: Connection
) -> None:
    down = redis.Redis(host="127.0.0.1", port=1, socket_connect_timeout=1)
    monkeypatch.setattr("beian.web.throttle.connection", lambda: down)
    response = page(
        sponsor_account, "mine/claim", {"filing_number": filing.sponsor.filing_number, "filing_password": PASSWORD}
    )
    assert response.status_code == 422
    assert not connection.calls.exists()


def access_case(account: SponsorAccount, filing: FilingRecord) -> Case:
    page(account, "mine/begin", {"kind": "3", "filing_number": filing.websites[0].filing_number})
    return Case.objects.get()


def test_a_new_access_is_handed_in_with_its_password(filing: FilingRecord, sponsor_account: SponsorAccount) -> None:
    case = access_case(sponsor_account, filing)
    path = f"mine/cases/{case.reference}/hand-in"
    assert page(sponsor_account, path, {"filing_password": ""}).status_code == 422
    wrong = page(sponsor_account, path, {"filing_password": "Falsch12"})
    assert "备案密码不正确" in text_of(wrong)
    assert "Falsch12" not in text_of(wrong)
    assert page(sponsor_account, path, {"filing_password": PASSWORD}).status_code == 302
    case.refresh_from_db()
    assert (case.state, request_of(case).filing_password) == (State.SUBMITTED, PASSWORD)


def test_a_password_is_seen_nowhere(filing: FilingRecord, sponsor_account: SponsorAccount, clerk: User) -> None:
    case = access_case(sponsor_account, filing)
    page(sponsor_account, f"mine/cases/{case.reference}/hand-in", {"filing_password": PASSWORD})
    case.refresh_from_db()
    cases.send_back(case.provider, case.pk, [cases.Correction("access.ranges", "请填写地址")], clerk)
    paths = ["", "progress?opened=9999999999&seen=x", "correct", "hand-in"]
    shown = [text_of(page(sponsor_account, f"mine/cases/{case.reference}/{path}")) for path in paths]
    told = [str(event.data) + event.reason for event in Event.objects.filter(subject=str(case.pk))]
    case.refresh_from_db()
    assert PASSWORD not in "".join([*shown, *told, *(mail.body or "" for mail in Mail.objects.all()), str(case.draft)])


@pytest.mark.parametrize("verb", ["abandon", "hear_filed"])
def test_it_goes_when_the_case_ends(filing: FilingRecord, sponsor_account: SponsorAccount, verb: str) -> None:
    case = access_case(sponsor_account, filing)
    page(sponsor_account, f"mine/cases/{case.reference}/hand-in", {"filing_password": PASSWORD})
    if verb == "hear_filed":
        for state in (State.CHECKED, State.VERIFIED, State.QUEUED, State.UPLOADED, State.ACKNOWLEDGED):
            Case.objects.filter(pk=case.pk).update(state=state)
        move(lock(case.provider, case.pk), "hear_filed")
    else:
        page(sponsor_account, f"mine/cases/{case.reference}/abandon", {"reason": "不再需要"})
    case.refresh_from_db()
    assert case.state in (State.ABANDONED, State.FILED)
    assert request_of(case).filing_password is None


def test_with_the_bureau_away_one_may_go_on_knowingly(
    filing: FilingRecord, sponsor_account: SponsorAccount, account: ProviderAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = access_case(sponsor_account, filing)
    in_process(monkeypatch, account, Away(account))
    path = f"mine/cases/{case.reference}/hand-in"
    asked = page(sponsor_account, path, {"filing_password": PASSWORD})
    assert asked.status_code == 422
    assert "不经校验，直接提交" in text_of(asked)
    assert page(sponsor_account, path, {"filing_password": PASSWORD, "unproved": "1"}).status_code == 302


def test_a_wrong_password_is_not_gone_on_with(filing: FilingRecord, sponsor_account: SponsorAccount) -> None:
    case = access_case(sponsor_account, filing)
    data = {"filing_password": "Falsch12", "unproved": "1"}
    assert page(sponsor_account, f"mine/cases/{case.reference}/hand-in", data).status_code == 422
    case.refresh_from_db()
    assert case.state == State.DRAFT


def test_whoever_knows_the_password_has_the_filing(
    isp: Node, account: ProviderAccount, sponsor_account: SponsorAccount, stranger_account: SponsorAccount
) -> None:
    filing = held(isp, at_bureau(account))
    number = filing.sponsor.number
    assert page(sponsor_account, f"mine/filings/{number}/").status_code == 404
    data = {"filing_number": filing.websites[0].filing_number, "filing_password": PASSWORD}
    wrong = page(sponsor_account, "mine/claim", {**data, "filing_password": "Falsch12"})
    assert filing.sponsor.name not in text_of(wrong)
    assert page(sponsor_account, "mine/claim", data).status_code == 302
    shown = text_of(page(sponsor_account, f"mine/filings/{number}/"))
    assert filing.sponsor.name in shown
    assert filing.sponsor.person.mobile not in shown
    assert Claim.objects.get().account == sponsor_account
    assert page(stranger_account, f"mine/filings/{number}/").status_code == 404


def test_a_filing_that_we_do_not_hold_cannot_be_had(filing: FilingRecord, sponsor_account: SponsorAccount) -> None:
    data = {"filing_number": filing.sponsor.filing_number, "filing_password": PASSWORD}
    assert page(sponsor_account, "mine/claim", data).status_code == 422
    assert not Claim.objects.exists()
