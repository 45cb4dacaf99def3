"""Some weeks of a bureau's life: uploads, decisions, answers, made by the real services at past times.

The filings come from the managed providers, so that the others' mailboxes and sequence numbers are
untouched for whoever connects a client of his own.
"""

from __future__ import annotations

import base64
import hashlib
import io
from datetime import datetime, timedelta
from unittest.mock import patch

from django.utils import timezone

from beian import store
from beian.calendar import working_days_between
from beian.demo import past, pictures
from beian.demo.clock import at
from beian.demo.past import Document
from beian.models import Membership, Node, Role, User
from bureau.demo import requests, supervision
from bureau.demo.requests import Requests
from bureau.models import Application, RefusalReason
from bureau.services import approval, intake, review
from bureau.workflow import Kind, State
from interface import codec
from interface.documents.upload import write_upload
from interface.models import CallLog, Parcel, ProviderAccount
from interface.services import mailbox, uploads

DECIDED_WITHIN = 12
AT_HOME, ABROAD = 440000, 310000
"""Where requests of filings that stand are made, and from where one comes in."""

REASONS = (
    ("证件照片不清晰", "提交的证件图片不清晰或不完整，请重新拍摄原件后上传。"),
    ("核验单不完整", "真实性核验单有漏填项或缺少签字、盖章，请补齐后重新提交。"),
    ("负责人信息不符", "网站负责人的姓名或证件号码与所附证件不一致，请核对。"),
    ("网站名称不规范", "网站名称不能反映网站内容，或使用了不允许的字样，请修改。"),
    ("缺少前置审批", "网站内容涉及前置审批项目，请上传有效的批准文件。"),
    ("联系方式无法接通", "按所填电话无法联系到负责人，请核实联系方式。"),
)


def load(nodes: dict[str, Node]) -> int:
    """Make the history of the demo bureaus, unless there are applications already; gives how many."""
    if Application.objects.exists():
        return 0
    drawn = pictures.load()
    # One slow hash serves all: nobody is told these passwords.
    password = approval.new_password()
    with patch.object(approval, "new_password", lambda: password):
        for province in past.PER_DOCUMENT:
            bureau = nodes.get(f"bureau:{province}")
            if bureau is not None:
                _Bureau(bureau, drawn, password.plain).live()
    return Application.objects.count()


class _Bureau:
    """A bureau with its people and the provider that files there."""

    def __init__(self, node: Node, drawn: pictures.Pictures, password: str) -> None:
        self.node, self.pictures, self.password = node, drawn, password
        self.account = ProviderAccount.objects.select_related("bureau", "provider").get(bureau=node, managed=True)
        self.reviewer, self.approver, self.supervisor = (
            self._person(role) for role in (Role.REVIEWER, Role.APPROVER, Role.SUPERVISOR)
        )

    def _person(self, role: Role) -> User:
        return Membership.objects.select_related("user").get(node=self.node, role=role).user

    def live(self) -> None:
        """Go through the weeks: an upload, then decisions on what waited long enough."""
        RefusalReason.objects.bulk_create(
            RefusalReason(bureau=self.node, title=title, text=text, position=position)
            for position, (title, text) in enumerate(REASONS, start=1)
        )
        now = timezone.now()
        for document in past.documents(self.node.province, self.pictures, now):
            with at(document.moment):
                self._upload(document)
            with at(min(document.moment + timedelta(hours=5), now)):
                self._decide(document.moment)
                self._ask(document.days)
        self._leave_some_open()
        self._hand_out_all()
        supervision.load(self.account, self.supervisor)

    def _ask(self, days: int) -> None:
        """Ask something of filings that stand: in Guangdong of several, from Shanghai of one in Guangdong."""
        asked = Requests(self.account, self.pictures, self.password)
        if self.node.province == ABROAD and days == requests.ABROAD:
            elsewhere = Node.objects.filter(code=f"bureau:{AT_HOME}").first()
            self._send(asked.access(elsewhere) if elsewhere and elsewhere.is_served else None)
        if self.node.province != AT_HOME:
            return
        if days == requests.FETCHED:
            asked.fetch()
        elif days == requests.FIRST:
            self._send(asked.first())
            approved, refused = Application.objects.at(self.node).filter(kind=Kind.CHANGE).order_by("id")
            review.decide_many(self.node, [approved.pk], self.reviewer, "approve", [], "")
            review.decide_many(self.node, [refused.pk], self.reviewer, "refuse", [REASONS[1][1]], "")
        elif days == requests.LAST:
            self._send(asked.last())

    def _send(self, document: bytes | None) -> None:
        if document is not None:
            upload(self.account, document)
            intake.drain(self.account.pk)

    def _upload(self, document: Document) -> None:
        self._send(write_upload(document.filings, requesting_provider=self.account.isp_id, load=store.get))

    def _decide(self, today: datetime) -> None:
        """Decide what has waited some days; leave one here and there, so that some run late."""
        waiting = Application.objects.at(self.node).filter(state=State.PENDING).order_by("id")
        for application in waiting:
            waited = working_days_between(application.received_at, today)
            if waited >= 3 + application.pk % DECIDED_WITHIN and application.pk % 13 != 5:
                self._decide_one(application)

    def _decide_one(self, application: Application) -> None:
        verdict = "refuse" if application.pk % 6 == 1 else "approve"
        reasons = [REASONS[application.pk % len(REASONS)][1]] if verdict == "refuse" else []
        review.decide_many(self.node, [application.pk], self.reviewer, verdict, reasons, "")
        if self.node.two_stages:
            review.decide_many(self.node, [application.pk], self.approver, verdict, reasons, "")

    def _leave_some_open(self) -> None:
        """Claim some and recommend some, as on any afternoon."""
        pending = list(Application.objects.at(self.node).filter(state=State.PENDING).order_by("-id")[:5])
        for application in pending[:2]:
            review.claim(application.pk, self.supervisor)
        if self.node.two_stages:
            review.decide_many(self.node, [each.pk for each in pending[2:]], self.reviewer, "approve", [], "材料齐全")

    def _hand_out_all(self) -> None:
        """Let a system that the provider begins to use get all results and filings, fetched before or not."""
        reason = "企业更换系统，重新下发"
        for parcel in Parcel.objects.filter(account=self.account, acknowledged_at__isnull=False).order_by("id"):
            mailbox.hand_out_again(parcel, self.supervisor, reason)
        mailbox.synchronise(self.account, actor=self.supervisor, reason=reason)


def upload(account: ProviderAccount, document: bytes) -> None:
    """Put a document where the endpoint puts it before it answers 0, with its call in the log."""
    account.refresh_from_db()
    zipped = codec.pack_zip(document, "upload.xml")
    arrival = uploads.Arrival(
        sequence=account.last_sequence + 1,
        zipped=io.BytesIO(zipped),
        hash=base64.b64encode(hashlib.md5(zipped, usedforsecurity=False).digest()).decode(),
        entry=codec.Entry("upload.xml", len(document)),
        algorithms=codec.Algorithms(),
    )
    stored, _ = uploads.accept(account, arrival)
    CallLog.objects.create(
        bureau=account.bureau,
        account=account,
        isp_id=str(account.isp_id),
        operation="isp_upload",
        address="127.0.0.1",
        code=0,
        reason=f"序号{stored.sequence}：已受理，等待处理",
        request_size=len(zipped) * 4 // 3,
        milliseconds=40 + stored.sequence % 30,
        sequence=stored.sequence,
        correlation=stored.correlation,
    )
