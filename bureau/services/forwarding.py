"""Applications of sponsors of another province: sent on, received, and heard of again.

The bureau that accepted the upload checks what a record alone and the provider's standing show, keeps
a pointer (state `forwarded`), and sends the record to the sponsor's bureau by way of the ministry, its
attachments as messages of their own. That bureau applies the rules about its filings and decides; its
answer comes back into the mailbox here (seed, part 2, question 2; spec, accepting bureau).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from beian import reservations
from beian.calendar import deadline
from beian.checks import HOME_SCOPES, Finding, check
from beian.checks.facts import load_facts
from beian.checks.passwords import password_verdicts
from beian.checks.requests import ask
from beian.exchange import Delivery, Refused, send
from beian.exchange.authority import check_filing, check_provider
from beian.models import Cancelled, Node
from beian.models.message import MessageKind
from beian.records import FilingRecord, OpinionRecord, Request, ResultRecord, as_json, from_json
from beian.records.rows import number_of, store_filing
from bureau.models import Application
from bureau.services import refusal
from bureau.services.answering import answer
from bureau.services.applying import claim_name, describe
from bureau.services.contents import send_contents
from bureau.services.prospects import filing_at
from bureau.services.requests import contents_of, province_of, request_from, request_of
from bureau.services.story import tell
from bureau.services.taking import Taken, check_arrived, fill, known_about
from bureau.services.turn import wait_for_turn
from bureau.workflow import State, allowed
from interface.services import password_tries


def forward(application: Application, request: Request, home: Node) -> None:
    """Send an application on to the sponsor's bureau; runs in the caller's transaction.

    The request goes as it came, with the filing password that only that bureau can check; the
    application here keeps none.
    """
    here, correlation = application.holder, application.correlation
    send_contents(here, home, contents_of(request), correlation)
    body = {
        "origin": str(application.origin),
        "kind": application.kind,
        "record": as_json(request),
        "base": application.base,
        "isp_id": application.isp_id,
        "provider_name": application.provider_name,
        "sequence": application.sequence,
        "ordinal": application.ordinal,
        "subject": application.subject,
        "received_at": application.received_at.isoformat(),
    }
    send(here, home, MessageKind.APPLICATION, body, correlation, about=f"application:{application.origin}")
    tell(application, "forward", data={"to": home.code})


def receive_application(delivery: Delivery) -> None:
    """Judge an application about a sponsor of this province that another bureau accepted."""
    wait_for_turn(delivery.at)
    application = _application(delivery)
    request = request_from(application.kind, delivery.body["record"])
    check_provider(delivery, application.isp_id)
    if province_of(request) != delivery.at.province:
        raise Refused(f"{delivery.at.code} 不受理其他省的申请")
    if isinstance(request, FilingRecord):
        _take_new_filing(application, request)
    else:
        _take_request(application, request, delivery.body["base"])


def _application(delivery: Delivery) -> Application:
    body = delivery.body
    received_at = datetime.fromisoformat(body["received_at"])
    return Application(
        holder=delivery.at,
        received_by=delivery.source,
        origin=UUID(body["origin"]),
        kind=body["kind"],
        isp_id=body["isp_id"],
        provider_name=body["provider_name"],
        sequence=body["sequence"],
        ordinal=body["ordinal"],
        subject=body["subject"],
        received_at=received_at,
        deadline=deadline(received_at),
        correlation=delivery.correlation,
    )


def _take_new_filing(application: Application, filing: FilingRecord) -> None:
    here = application.holder
    application.record = as_json(filing)
    for column, value in describe(filing).items():
        setattr(application, column, value)
    facts = load_facts(here, isp_id=application.isp_id, filings=[filing])
    if _take(application, check(filing, facts, scopes=HOME_SCOPES)):
        claims = reservations.Claims()
        claims.add(here, application.pk, filing, claim_name(application))
        claims.add_ids(here, application.pk, filing, application.isp_id)
        claims.insert()


def _take_request(application: Application, request: Request, base: Any) -> None:
    here, isp_id = application.holder, application.isp_id
    passwords = password_verdicts(here, isp_id=isp_id, requests=[request], tries=password_tries)
    known = known_about(here, isp_id, [request], passwords=passwords)
    asked = ask(request, known, base=None if base is None else from_json(base, FilingRecord))
    fill(application, asked)
    if _take(application, check_arrived(asked, HOME_SCOPES)):
        taken = Taken()
        taken.add(application, asked)
        taken.insert()


def _take(application: Application, findings: list[Finding]) -> bool:
    """Keep an application that arrived; says whether it waits for review, or came back with findings."""
    if findings:
        application.state, application.decided_at = State.RETURNED, timezone.now()
        application.findings = refusal.as_json(findings)
    application.save(force_insert=True)
    tell(application, "return" if findings else "receive", data={"from": application.received_by.code})
    if findings:
        refusal.tell_returned(application, findings)
    return not findings


def hear_outcome(delivery: Delivery) -> None:
    """Take the decision of the sponsor's bureau: it goes into the provider's mailbox here."""
    body, here = delivery.body, delivery.at
    pointer = Application.objects.select_for_update(of=("self",)).get(holder=here, origin=body["origin"])
    if province_of(request_of(pointer)) != delivery.source.province:
        raise Refused(f"{delivery.source.code} 无权决定转往其他管局的申请")
    if not allowed(pointer.state, body["state"]):
        raise Refused(f"转出的申请已是{pointer.state}，不能变为{body['state']}")
    pointer.state, pointer.decided_at = body["state"], timezone.now()
    filing = None if body["filing"] is None else from_json(body["filing"], FilingRecord)
    if filing is not None:
        check_filing(delivery, filing)
    if pointer.state == State.APPROVED:
        _settle(pointer, body, filing)
    else:
        reservations.give_back([pointer.pk])
    pointer.version += 1
    pointer.save(update_fields=["state", "decided_at", "sponsor_number", "filing_number", "version"])
    tell(pointer, f"hear_{pointer.state}", data={"from": delivery.source.code})
    opinions = [from_json(opinion, OpinionRecord) for opinion in body["opinions"]]
    answer(pointer, from_json(body["result"], ResultRecord), opinions, filing)


def _settle(pointer: Application, body: dict[str, Any], filing: FilingRecord | None) -> None:
    """Note what came of an approved application; of a new filing keep the copy, unless later news of it came first."""
    pointer.sponsor_number, pointer.filing_number = body["sponsor_number"], body["filing_number"]
    if filing is not None and _is_news(pointer.holder, number_of(filing.sponsor)):
        store_filing(pointer.holder, filing, isp_id=pointer.isp_id)
    reservations.hand_over(pointer.pk, body["sponsor_number"], pointer.filing_number)


def _is_news(here: Node, sponsor: int) -> bool:
    gone = Cancelled.objects.held_by(here).filter(number=sponsor).exists()
    return not gone and filing_at(here, sponsor) is None
