"""Applications of sponsors of another province: sent on, received, and heard of again.

The bureau that accepted the upload checks what a record alone and the provider's standing show, keeps
a pointer (state `forwarded`), and sends the record to the sponsor's bureau by way of the ministry, its
attachments as messages of their own. That bureau applies the rules about its filings and decides; its
answer comes back into the mailbox here (seed, part 2, question 2; spec, accepting bureau).
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from beian import reservations, store
from beian.calendar import deadline
from beian.checks import Scope, check
from beian.checks.facts import load_facts
from beian.exchange import Delivery, Refused, send
from beian.models import Node
from beian.models.message import MessageKind
from beian.records import ContentRecord, FilingRecord, OpinionRecord, ResultRecord, from_json
from beian.records.rows import store_filing
from bureau.models import Application
from bureau.services import refusal
from bureau.services.answering import answer
from bureau.services.applying import claim_name, describe
from bureau.services.story import tell
from bureau.services.turn import wait_for_turn
from bureau.workflow import State, allowed

HOME_SCOPES = frozenset({Scope.FORM, Scope.FILING})
ELSEWHERE_SCOPES = frozenset({Scope.FORM, Scope.PROVIDER})


def forward(application: Application, filing: FilingRecord, home: Node) -> None:
    """Send an application on to the sponsor's bureau; runs in the caller's transaction."""
    here, correlation = application.holder, application.correlation
    for content in contents_of(filing):
        data = base64.b64encode(store.get(content.sha256)).decode()
        body: dict[str, Any] = {"sha256": content.sha256, "data": data}
        send(here, home, MessageKind.CONTENT, body, correlation, about=f"content:{content.sha256[:40]}")
    body = {
        "origin": str(application.origin),
        "kind": application.kind,
        "record": application.record,
        "isp_id": application.isp_id,
        "provider_name": application.provider_name,
        "sequence": application.sequence,
        "ordinal": application.ordinal,
        "subject": application.subject,
        "received_at": application.received_at.isoformat(),
    }
    send(here, home, MessageKind.APPLICATION, body, correlation, about=f"application:{application.origin}")
    tell(application, "forward", data={"to": home.code})


def contents_of(filing: FilingRecord) -> Iterator[ContentRecord]:
    """Give each file of a filing once."""
    contents = [attachment.content for attachment in filing.attachments]
    for website in filing.websites:
        contents += [scan for approval in website.approvals for scan in approval.scans]
    yield from {content.sha256: content for content in contents}.values()


def receive_content(delivery: Delivery) -> None:
    """Store an attachment that travels ahead of, or behind, its application."""
    record = store.put(base64.b64decode(delivery.body["data"]))
    if record.sha256 != delivery.body["sha256"]:
        raise Refused("附件内容与其哈希值不符")


def receive_application(delivery: Delivery) -> None:
    """Judge an application of a sponsor of this province that another bureau accepted."""
    body, here = delivery.body, delivery.at
    filing = from_json(body["record"], FilingRecord)
    wait_for_turn(here)
    received_at = datetime.fromisoformat(body["received_at"])
    application = Application(
        holder=here,
        received_by=delivery.source,
        origin=UUID(body["origin"]),
        kind=body["kind"],
        isp_id=body["isp_id"],
        provider_name=body["provider_name"],
        sequence=body["sequence"],
        ordinal=body["ordinal"],
        subject=body["subject"],
        record=body["record"],
        received_at=received_at,
        deadline=deadline(received_at),
        correlation=delivery.correlation,
        **describe(filing),
    )
    facts = load_facts(here, isp_id=application.isp_id, filings=[filing])
    findings = check(filing, facts, scopes=HOME_SCOPES)
    if findings:
        application.state, application.decided_at = State.RETURNED, timezone.now()
        application.findings = refusal.as_json(findings)
    application.save(force_insert=True)
    tell(application, "return" if findings else "receive", data={"from": delivery.source.code})
    if findings:
        refusal.tell_returned(application, findings)
    else:
        claims = reservations.Claims()
        claims.add(here, application.pk, filing, claim_name(application))
        claims.add_ids(here, application.pk, filing, application.isp_id)
        claims.insert()


def hear_outcome(delivery: Delivery) -> None:
    """Take the decision of the sponsor's bureau: it goes into the provider's mailbox here."""
    body, here = delivery.body, delivery.at
    pointer = Application.objects.select_for_update(of=("self",)).get(holder=here, origin=body["origin"])
    if not allowed(pointer.state, body["state"]):
        raise Refused(f"转出的申请已是{pointer.state}，不能变为{body['state']}")
    pointer.state, pointer.decided_at = body["state"], timezone.now()
    filing = None if body["filing"] is None else from_json(body["filing"], FilingRecord)
    if filing is None:
        reservations.give_back([pointer.pk])
    else:
        _keep_copy(pointer, filing)
    pointer.version += 1
    pointer.save(update_fields=["state", "decided_at", "sponsor_number", "filing_number", "version"])
    tell(pointer, f"hear_{pointer.state}", data={"from": delivery.source.code})
    opinions = [from_json(opinion, OpinionRecord) for opinion in body["opinions"]]
    answer(pointer, from_json(body["result"], ResultRecord), opinions, filing)


def _keep_copy(pointer: Application, filing: FilingRecord) -> None:
    """Keep the copy that a provider's bureau has of a filing of another province."""
    sponsor = store_filing(pointer.holder, filing, isp_id=pointer.isp_id)
    pointer.sponsor_number, pointer.filing_number = sponsor.number, sponsor.filing_number or ""
    reservations.hand_over(pointer.pk, sponsor.number, pointer.filing_number)
