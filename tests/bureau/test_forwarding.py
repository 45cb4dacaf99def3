"""A sponsor of another province: its own bureau decides, the provider hears at its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from beian import store
from beian.exchange.envelope import envelope_of
from beian.exchange.receiving import receive
from beian.models import Message, Node, Sponsor, User
from beian.records import FilingRecord
from bureau.models import Application
from bureau.services import intake, review
from bureau.workflow import State
from interface.models import Outcome, ProviderAccount
from tests.applications import application_row
from tests.builders import changed, filing
from tests.messages import carry_all
from tests.uploads import upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]


def of_beijing(seed: int, **changes: Any) -> FilingRecord:
    record = filing(seed, **changes)
    address = replace(record.sponsor.address, province=110000, city=110100, county=110101)
    return replace(record, sponsor=replace(record.sponsor, address=address))


@pytest.fixture
def forwarded(account: ProviderAccount, beijing: Node) -> Application:
    upload_of(account, [of_beijing(1)])
    intake.drain(account.pk)
    return Application.objects.get(holder=account.bureau)


def at_home(beijing: Node) -> Application:
    return Application.objects.get(holder=beijing)


def test_the_accepting_bureau_keeps_a_pointer(forwarded: Application) -> None:
    assert forwarded.state == State.FORWARDED
    assert not Outcome.objects.exists()


def test_the_home_bureau_gets_it_by_way_of_the_ministry(forwarded: Application, beijing: Node) -> None:
    ways = carry_all()
    assert "application bureau:440000 → ministry" in ways
    assert "application bureau:440000 → bureau:110000" in ways
    home = at_home(beijing)
    assert home.state == State.PENDING
    assert (home.received_by, home.received_at, home.deadline) == (
        forwarded.holder,
        forwarded.received_at,
        forwarded.deadline,
    )
    assert home.record == forwarded.record
    assert store.get(filing(1).attachments[0].content.sha256)


def test_a_repeated_delivery_does_nothing(forwarded: Application, beijing: Node) -> None:
    carry_all()
    for message in Message.objects.filter(body__isnull=False).select_related("hop", "source", "destination"):
        receive(envelope_of(message), message.hop.code)
    assert Application.objects.filter(holder=beijing).count() == 1


def test_a_conflict_at_home_comes_back_to_the_provider(
    account: ProviderAccount, beijing: Node, beijing_account: ProviderAccount
) -> None:
    upload_of(beijing_account, [of_beijing(1)])
    intake.drain(beijing_account.pk)
    other = replace(of_beijing(2), sponsor=replace(of_beijing(2).sponsor, certificate=filing(1).sponsor.certificate))
    upload_of(account, [other])
    intake.drain(account.pk)
    carry_all()
    pointer = Application.objects.get(holder=account.bureau)
    assert pointer.state == State.RETURNED
    outcome = Outcome.objects.get(account=account)
    assert [entry["code"] for entry in outcome.body["result"]["codes"]] == [1003]
    assert outcome.body["result"]["subject"] == str(other.sponsor.provider_id)


def decide(beijing: Node, first: User, second: User, verdict: str) -> Application:
    application = at_home(beijing)
    review.claim(application.pk, first)
    review.recommend(application.pk, first, verdict, ["材料不全"], "", None)
    review.claim(application.pk, second)
    if verdict == "approve":
        return review.approve(application.pk, second, None)
    return review.refuse(application.pk, second, ["材料不全"], "", None)


def test_an_approval_comes_back_with_the_filing(
    forwarded: Application, beijing: Node, outsider: User, beijing_approver: User, account: ProviderAccount
) -> None:
    carry_all()
    decided = decide(beijing, outsider, beijing_approver, "approve")
    assert decided.filing_number.startswith("京ICP备")
    assert not Outcome.objects.exists()
    carry_all()
    forwarded.refresh_from_db()
    assert (forwarded.state, forwarded.filing_number) == (State.APPROVED, decided.filing_number)
    assert [outcome.kind for outcome in Outcome.objects.filter(account=account).order_by("id")] == [
        "results",
        "filings",
    ]
    copy = Sponsor.objects.held_by(account.bureau).get()
    assert copy.number == Sponsor.objects.held_by(beijing).get().number
    assert copy.filing_password_hash is None


def test_a_refusal_comes_back_with_the_opinion(
    forwarded: Application, beijing: Node, outsider: User, beijing_approver: User
) -> None:
    carry_all()
    decide(beijing, outsider, beijing_approver, "refuse")
    carry_all()
    forwarded.refresh_from_db()
    assert forwarded.state == State.REFUSED
    body = Outcome.objects.get().body
    assert body["result"]["codes"][0]["code"] == 1002
    assert body["opinions"][0]["opinion"] == "材料不全"


def test_after_a_refusal_it_can_be_asked_for_again(
    forwarded: Application, beijing: Node, outsider: User, beijing_approver: User, account: ProviderAccount
) -> None:
    carry_all()
    decide(beijing, outsider, beijing_approver, "refuse")
    carry_all()
    upload_of(account, [of_beijing(1)])
    intake.drain(account.pk)
    carry_all()
    assert Application.objects.filter(holder=beijing, state=State.PENDING).count() == 1


def test_what_the_form_shows_is_returned_without_going_anywhere(account: ProviderAccount, beijing: Node) -> None:
    faulty = changed(of_beijing(1), "sponsor.person.email", "no-at-sign")
    upload_of(account, [faulty])
    intake.drain(account.pk)
    assert Application.objects.get().state == State.RETURNED
    assert not Message.objects.exists()


def test_the_workflow_refuses_an_answer_to_something_decided(guangdong: Node, beijing: Node) -> None:
    from beian.exchange import Delivery, Refused
    from bureau.services.forwarding import hear_outcome

    pointer = application_row(guangdong, state=State.REFUSED)
    delivery = Delivery(
        uid=pointer.origin,
        source=beijing,
        at=guangdong,
        kind="outcome",
        about="",
        correlation=pointer.correlation,
        body={"origin": str(pointer.origin), "state": "approved", "result": {}, "opinions": [], "filing": None},
    )
    with pytest.raises(Refused):
        hear_outcome(delivery)
