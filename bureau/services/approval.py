"""What an approval does beside changing a state: number, file, hand over, tell everyone."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from beian import mail, numbers, reservations
from beian.checks import Finding, Scope, check
from beian.checks.facts import load_facts
from beian.exchange import send
from beian.models import Node, NodeKind, User
from beian.numbers import FilingNumber
from beian.records import CodeRecord, FilingRecord, ResultRecord, as_json, from_json
from beian.records.rows import number_of, objects_of, store_filing, with_numbers
from beian.result_codes import message
from bureau.models import Application
from bureau.services import refusal
from bureau.services.answering import answer
from bureau.services.story import tell
from bureau.workflow import State

APPROVED = 1001
PASSWORD_LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A filing password (备案密码): for the sponsor's mail, and the slow hash that is kept."""

    plain: str
    hashed: str


def new_password() -> NewPassword:
    """Make a filing password. Slow on purpose: call it before a transaction, not inside."""
    plain = "".join(secrets.choice(PASSWORD_LETTERS) for _ in range(8))
    return NewPassword(plain, make_password(hashlib.md5(plain.encode(), usedforsecurity=False).hexdigest()))


def conflicts(application: Application) -> list[Finding]:
    """Apply the rules about what is on file or pending once more, without the application's own claims."""
    filing = from_json(application.record, FilingRecord)
    facts = load_facts(
        application.holder, isp_id=application.isp_id, filings=[filing], except_application=application.pk
    )
    return check(filing, facts, scopes={Scope.FILING})


def return_for_conflict(application: Application, findings: list[Finding]) -> None:
    """End an application as returned because a conflict showed at approval."""
    application.state, application.decided_at = State.RETURNED, timezone.now()
    application.findings = refusal.as_json(findings)
    application.claimed_by = application.claimed_until = None
    application.version += 1
    application.save(update_fields=["state", "decided_at", "findings", "claimed_by", "claimed_until", "version"])
    give_back(application)
    refusal.tell_returned(application, findings)
    tell(application, "conflict", data={"codes": [each.code for each in findings]})


def give_back(application: Application) -> None:
    """Free what the application had reserved."""
    reservations.give_back([application.pk])


def put_on_file(application: Application, user: User, password: NewPassword) -> None:
    """Number the filing, write the rows, and queue what goes to provider, ministry and sponsor."""
    bureau = application.holder
    filing = _numbered(application, user)
    sponsor = store_filing(bureau, filing, isp_id=application.isp_id)
    sponsor.filing_password_hash = password.hashed
    sponsor.save(update_fields=["filing_password_hash"])
    application.sponsor_number, application.filing_number = sponsor.number, sponsor.filing_number or ""
    reservations.hand_over(application.pk, sponsor.number, application.filing_number)
    _tell_provider(application, user, filing)
    _tell_ministry(application, filing)
    _mail_password(filing, password)


def _numbered(application: Application, user: User) -> FilingRecord:
    """Give the requested filing with all numbers, dates and its reviewer."""
    bureau, now = application.holder, timezone.localtime()
    filing = from_json(application.record, FilingRecord)
    filing_number = numbers.issue_filing_number(bureau, now.year)
    first_object = numbers.issue_objects(bureau, sum(1 for _ in objects_of(filing)))
    filing = with_numbers(filing, count(first_object).__next__, application.isp_id)
    moment, first_seen = now.strftime("%Y-%m-%d %H:%M:%S"), _written(application.received_at)
    sponsor = replace(
        filing.sponsor,
        filing_number=str(filing_number),
        first_reported=first_seen,
        last_modified=moment,
        reviewer=user.name or None,
        reviewed=moment,
    )
    suffix = numbers.issue_website_suffix(bureau, number_of(sponsor), len(filing.websites))
    websites = tuple(
        replace(
            website,
            filing_number=str(FilingNumber(filing_number.province, filing_number.digits, suffix + place)),
            first_reported=first_seen,
            last_modified=moment,
        )
        for place, website in enumerate(filing.websites)
    )
    return replace(filing, sponsor=sponsor, websites=websites)


def _tell_provider(application: Application, user: User, filing: FilingRecord) -> None:
    """Answer 1001 with the opinion, then the filing data."""
    result = ResultRecord(
        codes=(CodeRecord(code=APPROVED, description=message(APPROVED)),),
        operation=application.kind,
        subject=application.subject,
        remark=f"备案号：{application.filing_number}",
    )
    answer(application, result, [refusal.opinion_of(application, user, verdict=1)], filing)


def _tell_ministry(application: Application, filing: FilingRecord) -> None:
    ministry = Node.objects.get(kind=NodeKind.MINISTRY)
    send(
        application.holder,
        ministry,
        "filing",
        {"filing": as_json(replace(filing, attachments=())), "bureau": application.holder.code},
        correlation=application.correlation,
        about=f"sponsor:{number_of(filing.sponsor)}",
    )


def _mail_password(filing: FilingRecord, password: NewPassword) -> None:
    address = (filing.sponsor.person.email or "").split(";")[0].strip()
    mail.write(
        address,
        f"网站备案已通过：{filing.sponsor.filing_number}",
        f"{filing.sponsor.name}：\n\n您的网站备案申请已通过审核。\n"
        f"主体备案号：{filing.sponsor.filing_number}\n"
        + "".join(f"网站备案号：{website.filing_number}　{website.name}\n" for website in filing.websites)
        + f"\n备案密码：{password.plain}\n"
        "新增接入和注销主体时须提供备案密码，请妥善保管，不要告诉与备案无关的人。\n",
    )


def _written(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S")
