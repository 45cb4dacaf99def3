"""A bureau says only what is its own to say: a message that claims more is refused, and nothing changes."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from beian.exchange import Refused, send
from beian.exchange.envelope import envelope_of
from beian.exchange.receiving import receive
from beian.models import Cancelled, MessageKind, Node, ObjectKind, Sponsor, Website
from beian.records import FilingRecord, as_json
from beian.records.rows import filings
from bureau.models import Application
from bureau.services import intake
from bureau.workflow import State
from interface.models import Outcome, ProviderAccount
from tests.builders import filing
from tests.bureau.test_forwarding import of_beijing
from tests.conftest import ISP_ID
from tests.messages import carry_all
from tests.ministry.filings import numbered
from tests.on_file import on_file
from tests.uploads import upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]

SHANGHAI = 310000


@pytest.fixture
def ours(account: ProviderAccount) -> FilingRecord:
    """A filing of Guangdong, at its own bureau."""
    return on_file(account.bureau, filing(1), ISP_ID)


@pytest.fixture
def theirs() -> FilingRecord:
    """A filing of Beijing to which Guangdong's provider gives access."""
    record = numbered(2, province=110000)
    websites = tuple(
        replace(website, accesses=tuple(replace(access, provider=ISP_ID) for access in website.accesses))
        for website in record.websites
    )
    return replace(record, websites=websites)


def say(source: Node, there: Node, kind: MessageKind, body: dict[str, Any]) -> None:
    with transaction.atomic():
        message = send(source, there, kind, body, uuid.uuid4())
    receive(envelope_of(message), there.code)


def state(sponsor: int | None, record: FilingRecord, ids: tuple[Any, ...] = ()) -> dict[str, Any]:
    return {"sponsor": sponsor, "filing": as_json(record), "providers": [], "ids": list(ids)}


def note(number: int | None, sponsor: int | None) -> dict[str, Any]:
    of = {"filing_number": "粤ICP备2026000099号-900", "isp_id": None, "reason": ""}
    return {"kind": ObjectKind.WEBSITE, "number": number, "sponsor": sponsor, **of}


def test_its_own_filing_is_taken(account: ProviderAccount, beijing: Node, theirs: FilingRecord) -> None:
    website = theirs.websites[0].number
    body = state(theirs.sponsor.number, theirs, ((ISP_ID, ObjectKind.WEBSITE, 77, website),))
    say(beijing, account.bureau, MessageKind.FILING, body)
    assert Website.objects.held_by(account.bureau).get().number == website


@pytest.mark.parametrize("receiver", ["guangdong", "ministry"])
def test_another_provinces_website_does_not_move_to_its_sponsor(
    request: pytest.FixtureRequest, receiver: str, beijing: Node, ours: FilingRecord, theirs: FilingRecord
) -> None:
    there: Node = request.getfixturevalue(receiver)
    stolen = replace(theirs, websites=(replace(theirs.websites[0], number=ours.websites[0].number),))
    with pytest.raises(Refused, match="无权"):
        say(beijing, there, MessageKind.FILING, state(theirs.sponsor.number, stolen))
    assert not Sponsor.objects.held_by(there).filter(number=theirs.sponsor.number).exists()


def test_another_provinces_filing_is_not_written_under_the_name_of_its_own(
    account: ProviderAccount, beijing: Node, ours: FilingRecord, theirs: FilingRecord
) -> None:
    before = filings(account.bureau, [ours.sponsor.number or 0])
    forged = replace(theirs, sponsor=replace(theirs.sponsor, number=ours.sponsor.number))
    with pytest.raises(Refused, match="无权"):
        say(beijing, account.bureau, MessageKind.FILING, state(theirs.sponsor.number, forged))
    assert filings(account.bureau, [ours.sponsor.number or 0]) == before


def test_a_providers_id_does_not_come_to_mean_something_else(
    account: ProviderAccount, beijing: Node, ours: FilingRecord, theirs: FilingRecord
) -> None:
    foreign = (ISP_ID, ObjectKind.WEBSITE, 77, ours.websites[0].number)
    with pytest.raises(Refused, match="不是编号为"):
        say(beijing, account.bureau, MessageKind.FILING, state(theirs.sponsor.number, theirs, (foreign,)))


@pytest.mark.parametrize("receiver", ["guangdong", "ministry"])
def test_another_provinces_object_is_not_said_to_be_cancelled(
    request: pytest.FixtureRequest, receiver: str, beijing: Node, ours: FilingRecord, theirs: FilingRecord
) -> None:
    there: Node = request.getfixturevalue(receiver)
    own, other = theirs.sponsor.number, ours.sponsor.number
    for number, sponsor in ((other, own), ((own or 0) + 1, other)):
        body = {"sponsor": own, "cancelled": [note(number, sponsor)], "providers": [], "notice": None}
        with pytest.raises(Refused, match="无权"):
            say(beijing, there, MessageKind.FILING, body)
    assert not Cancelled.objects.held_by(there).exists()


@pytest.fixture
def shanghai(ministry: Node) -> Node:
    return Node.objects.create(code=f"bureau:{SHANGHAI}", kind="bureau", name="上海管局", province=SHANGHAI)


def test_an_application_is_decided_by_the_bureau_that_it_was_sent_to(
    account: ProviderAccount, beijing: Node, shanghai: Node
) -> None:
    upload_of(account, [of_beijing(1)])
    intake.drain(account.pk)
    pointer = Application.objects.get(holder=account.bureau)
    body = {
        "origin": str(pointer.origin),
        "state": State.APPROVED,
        "result": {"codes": [{"code": 1001, "description": ""}], "operation": 1, "subject": "1"},
        "opinions": [],
        "filing": None,
        "sponsor_number": None,
        "filing_number": "",
    }
    with pytest.raises(Refused, match="无权"):
        say(shanghai, account.bureau, MessageKind.OUTCOME, body)
    pointer.refresh_from_db()
    assert pointer.state == State.FORWARDED
    assert not Outcome.objects.exists()


def test_an_application_of_another_province_is_not_taken(
    account: ProviderAccount, beijing: Node, shanghai: Node
) -> None:
    upload_of(account, [of_beijing(1)])
    intake.drain(account.pk)
    pointer = Application.objects.get(holder=account.bureau)
    body = {
        "origin": str(pointer.origin),
        "kind": pointer.kind,
        "record": pointer.record,
        "base": None,
        "isp_id": ISP_ID,
        "provider_name": "",
        "sequence": 1,
        "ordinal": 1,
        "subject": "1",
        "received_at": pointer.received_at.isoformat(),
    }
    with pytest.raises(Refused, match="不受理"):
        say(account.bureau, shanghai, MessageKind.APPLICATION, body)
    assert not Application.objects.filter(holder=shanghai).exists()


def test_material_does_not_join_an_application_that_came_from_elsewhere(
    account: ProviderAccount, beijing: Node, shanghai: Node
) -> None:
    upload_of(account, [of_beijing(1)])
    intake.drain(account.pk)
    carry_all()
    home = Application.objects.get(holder=beijing)
    record = replace(filing(3).attachments[0], owner="1")
    body = {"isp_id": ISP_ID, "attachment": as_json(record), "origin": str(home.origin)}
    with pytest.raises(Refused, match="无权代报备单位"):
        say(shanghai, beijing, MessageKind.MATERIAL, body)
    body["isp_id"] = SHANGHAI * 10**6 + 1
    say(shanghai, beijing, MessageKind.MATERIAL, body)
    assert Application.objects.get(pk=home.pk).record == home.record


def test_an_answer_to_nothing_that_was_asked_reaches_no_mailbox(account: ProviderAccount, shanghai: Node) -> None:
    body = {"isp_id": ISP_ID, "result": {"codes": [{"code": 1001}], "operation": 4}, "about": "case:4:1"}
    with pytest.raises(Refused, match="未曾收到"):
        say(shanghai, account.bureau, MessageKind.ANSWER, body)
    assert not Outcome.objects.exists()
