"""Verification material on its own (核验材料): it joins the filing or the pending application that it names.

The bureau that holds what is named judges it, automatically; the result (1060, or every code that applies)
goes into the mailbox at the bureau that received it. Material for a filing of another province, or for an
application that was forwarded, travels there as a message, its file as another.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from beian import events
from beian.checks import ALL_SCOPES, ELSEWHERE_SCOPES, HOME_SCOPES, Scope
from beian.checks.material import Material, Owner, check_material, home_of_material
from beian.checks.request_facts import load_material_facts
from beian.checks.requests.known import Known
from beian.exchange import Delivery, Refused, send
from beian.exchange.authority import check_provider
from beian.models import Attachment, Content, Message, MessageKind, Node, Sponsor, Website
from beian.records import AttachmentRecord, CancellationRecord, CodeRecord, ResultRecord, as_json, from_json
from beian.records.rows import number_of
from beian.result_codes import message
from bureau.models import Application
from bureau.models.application import ApplicationQuerySet
from bureau.services.applying import websites_concerned
from bureau.services.contents import send_contents
from bureau.services.judging import Tally
from bureau.services.requests import province_of, request_of
from bureau.services.returning import LIKE_A_CHANGE, returned
from bureau.services.story import tell
from bureau.services.turn import wait_for_turn
from bureau.workflow import Kind, State
from interface.models import ProviderAccount, Upload
from interface.services import mailbox

JOINED = 1060
BRING_MATERIAL = (Kind.NEW_FILING, Kind.NEW_WEBSITE, Kind.NEW_ACCESS, Kind.CHANGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Material at the bureau `here` that judges it; `provider` brought it to the bureau `received_by`."""

    here: Node
    received_by: Node
    isp_id: int
    attachment: AttachmentRecord
    correlation: uuid.UUID

    @property
    def about(self) -> str:
        """Name what it belongs to, for the order of a mailbox."""
        return f"material:{self.attachment.owner}"[:80]


def handle_materials(upload: Upload, attachments: Sequence[AttachmentRecord]) -> Tally:
    """Take in material that came on its own, in the caller's transaction; what does not fit comes back."""
    bureau, isp_id = upload.account.bureau, upload.account.isp_id
    known = load_material_facts(bureau, isp_id=isp_id, attachments=attachments)
    homes = {node.province: node for node in Node.objects.bureaus()}
    back = 0
    for attachment in attachments:
        case = Case(
            here=bureau,
            received_by=bureau,
            isp_id=isp_id,
            attachment=attachment,
            correlation=upload.correlation,
        )
        home = homes.get(home_of_material(attachment) or bureau.province, bureau)
        back += not _deal_with(case, known, home, ALL_SCOPES if home == bureau else ELSEWHERE_SCOPES)
    return Tally(records=len(attachments), returned=back)


def receive_material(delivery: Delivery) -> None:
    """Judge material for what this bureau holds that another bureau received."""
    body, here = delivery.body, delivery.at
    case = Case(
        here=here,
        received_by=delivery.source,
        isp_id=body["isp_id"],
        attachment=from_json(body["attachment"], AttachmentRecord),
        correlation=delivery.correlation,
    )
    check_provider(delivery, case.isp_id)
    wait_for_turn(here)
    if body["origin"] is not None:
        from_there = _lockable(here).filter(received_by=delivery.source, isp_id=case.isp_id)
        application = from_there.filter(origin=body["origin"]).first()
        if application is not None and application.is_open:
            _answer(case, _joined(case, _join_application(application, case.attachment)))
            return
    # What was approved meanwhile is on file, what was refused is not.
    known = load_material_facts(here, isp_id=case.isp_id, attachments=[case.attachment])
    _deal_with(case, known, here, HOME_SCOPES)


def hear_answer(delivery: Delivery) -> None:
    """Put into the mailbox here what another bureau decided automatically of material that it was sent.

    Raises `Refused` where nothing was: no bureau has a word in mailboxes of another beyond what it was asked.
    """
    body = delivery.body
    asked = Message.objects.filter(
        source=delivery.at,
        destination=delivery.source,
        kind=MessageKind.MATERIAL,
        correlation=delivery.correlation,
    )
    if not asked.exists():
        raise Refused(f"{delivery.source.code} 未曾收到这项材料")
    account = ProviderAccount.objects.get(bureau=delivery.at, isp_id=body["isp_id"])
    result = from_json(body["result"], ResultRecord)
    mailbox.queue_result(account, result, about=body["about"], correlation=delivery.correlation)


def _deal_with(case: Case, known: Known, home: Node, scopes: Collection[Scope]) -> bool:
    """Judge a piece of material, then join it to what it names or send it on; says whether it was taken."""
    if findings := check_material(case.attachment, known, scopes):
        _answer(case, returned(findings, case.attachment.owner))
        return False
    if home != case.here:
        _send_on(case, home, None)
        return True
    owner = Material(case.attachment, known).owner
    if owner is None:
        raise LookupError(f"material that was accepted names nothing: {case.attachment.owner_kind}")
    _join(case, owner)
    return True


def _join(case: Case, owner: Owner) -> None:
    application = _application_of(case, owner)
    if application is not None and application.state == State.FORWARDED:
        _send_on(case, _home_of(application), application.origin)
    elif application is not None and application.is_open:
        _answer(case, _joined(case, _join_application(application, case.attachment)))
    elif owner.filing is not None:
        _answer(case, _joined(case, _join_filing(case, owner)))
    else:
        raise LookupError(f"application {owner.application} ended while material for it was judged")


def _application_of(case: Case, owner: Owner) -> Application | None:
    """Lock the pending application that material belongs to: the one named, or one that is about what is named."""
    if owner.application is not None:
        return _lockable(case.here).filter(pk=owner.application).first()
    if owner.filing is None:
        return None
    number = owner.filing.sponsor.number
    about = _lockable(case.here).open().filter(isp_id=case.isp_id, target=number, kind__in=BRING_MATERIAL)
    return next((each for each in about.order_by("-id") if _concerns(each, owner)), None)


def _lockable(here: Node) -> ApplicationQuerySet:
    """Give the applications at a bureau, to be locked before they are changed."""
    return Application.objects.at(here).select_for_update(of=("self",)).select_related("holder")


def _concerns(application: Application, owner: Owner) -> bool:
    """Tell whether an application is about the website that is named; about its sponsor it always is."""
    if owner.website is None:
        return True
    return owner.website in websites_concerned(request_of(application), owner.filing)


def _join_application(application: Application, attachment: AttachmentRecord) -> str:
    """Add material to what an application asks; who looks at it learns that it changed. Gives where it went."""
    request = request_of(application)
    if isinstance(request, CancellationRecord):
        raise LookupError("a cancellation brings no material")
    if attachment not in request.attachments:
        application.record = as_json(replace(request, attachments=(*request.attachments, attachment)))
        application.version += 1
        application.save(update_fields=["record", "version"])
        tell(application, "material", data={"purpose": attachment.purpose})
    return f"已并入待审核的{application.get_kind_display()}申请"


def _join_filing(case: Case, owner: Owner) -> str:
    """Attach material to the rows of a filing; the same file for the same purpose once. Gives where it went."""
    if owner.filing is None:
        raise LookupError("there is no filing to join")
    attachment, content = case.attachment, case.attachment.content
    sponsor = Sponsor.objects.held_by(case.here).get(number=number_of(owner.filing.sponsor))
    website = None if owner.website is None else Website.objects.held_by(case.here).get(number=number_of(owner.website))
    Content.objects.get_or_create(
        sha256=content.sha256, defaults={"size": content.size, "media_type": content.media_type}
    )
    same = {"sponsor": sponsor, "website": website, "content_id": content.sha256, "purpose": attachment.purpose}
    if not Attachment.objects.held_by(case.here).filter(**same).exists():
        Attachment.objects.create_for(case.here, format=attachment.format, remark=attachment.remark, **same)
        events.record(
            "sponsor",
            sponsor.number,
            "material",
            node=case.here,
            data={"purpose": attachment.purpose, "isp_id": case.isp_id},
            correlation=case.correlation,
        )
    name = website.filing_number if website else sponsor.filing_number
    return f"已并入备案{name}"


def _joined(case: Case, where: str) -> ResultRecord:
    return ResultRecord(
        codes=(CodeRecord(code=JOINED, description=message(JOINED)),),
        operation=LIKE_A_CHANGE,
        subject=case.attachment.owner,
        remark=f"核验材料{where}",
    )


def _answer(case: Case, result: ResultRecord) -> None:
    """Put the result into the provider's mailbox, or send it to the bureau where that is."""
    if case.received_by == case.here:
        account = ProviderAccount.objects.get(bureau=case.here, isp_id=case.isp_id)
        mailbox.queue_result(account, result, about=case.about, correlation=case.correlation)
        return
    body = {"isp_id": case.isp_id, "result": as_json(result), "about": case.about}
    send(case.here, case.received_by, MessageKind.ANSWER, body, case.correlation)


def _send_on(case: Case, home: Node, origin: uuid.UUID | None) -> None:
    """Send material to the bureau that holds what it names: a filing, or the application `origin`."""
    send_contents(case.here, home, [case.attachment.content], case.correlation)
    body: Mapping[str, object] = {
        "isp_id": case.isp_id,
        "attachment": as_json(case.attachment),
        "origin": None if origin is None else str(origin),
    }
    send(case.here, home, MessageKind.MATERIAL, dict(body), case.correlation)


def _home_of(application: Application) -> Node:
    """Find the bureau to which an application was forwarded."""
    return Node.objects.bureaus().get(province=province_of(request_of(application)) or 0)
