"""What an approval does beside changing a state: number, file, hand over, tell everyone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count

from django.utils import timezone

from beian import filing_password, numbers, reservations
from beian.checks import APPROVAL_SCOPES, Finding, check
from beian.checks.facts import load_facts
from beian.checks.requests import ask
from beian.exchange import send
from beian.models import MessageKind, Node, NodeKind, User
from beian.numbers import FilingNumber
from beian.records import CodeRecord, FilingRecord, Request, ResultRecord, as_json, from_json
from beian.records.rows import number_of, objects_of, store_filing, with_numbers
from beian.result_codes import message
from beian.secret_words import secret_word
from bureau.models import Application
from bureau.services import letters, refusal
from bureau.services.answering import answer
from bureau.services.granting import APPROVED, grant, lock_filing
from bureau.services.prospects import Prospect, prospect_in
from bureau.services.requests import request_of
from bureau.services.story import tell
from bureau.services.taking import check_arrived, known_about
from bureau.workflow import State

PASSWORD_LENGTH = 8


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A filing password (备案密码): for the sponsor's mail, and the slow hash that is kept."""

    plain: str
    hashed: str


def new_password() -> NewPassword:
    """Make a filing password. Slow on purpose: call it before a transaction, not inside."""
    plain = secret_word(PASSWORD_LENGTH)
    return NewPassword(plain, filing_password.keep(plain))


@dataclass(frozen=True, slots=True)
class Considered:
    """An application looked at once more, on the way to its approval.

    `unseen` is what others changed as well since a reviewer saw the difference: nobody decided about that.
    """

    request: Request
    prospect: Prospect
    findings: list[Finding]
    unseen: bool = False


def consider(application: Application) -> Considered:
    """Look at an application once more, with the filing that it is about locked until the transaction ends."""
    request = request_of(application)
    if isinstance(request, FilingRecord):
        return Considered(request, Prospect(None, request), conflicts(application))
    lock_filing(application)
    known = known_about(application.holder, application.isp_id, [request], except_application=application.pk)
    base = None if application.base is None else from_json(application.base, FilingRecord)
    asked = ask(request, known, base=base)
    prospect = prospect_in(asked)
    return Considered(
        request, prospect, check_arrived(asked, APPROVAL_SCOPES), unseen=_has_unseen(application, prospect)
    )


def conflicts(application: Application) -> list[Finding]:
    """Apply the rules about what is on file or pending once more, without a new filing's own claims."""
    filing = from_json(application.record, FilingRecord)
    facts = load_facts(
        application.holder, isp_id=application.isp_id, filings=[filing], except_application=application.pk
    )
    return check(filing, facts, scopes=APPROVAL_SCOPES)


def show_again(application: Application, considered: Considered) -> None:
    """Write down the difference as it is now, so that the reviewer's page is out of date."""
    application.difference = considered.prospect.as_json()
    application.version += 1
    application.save(update_fields=["difference", "version"])
    tell(application, "differs")


def _has_unseen(application: Application, prospect: Prospect) -> bool:
    seen = (application.difference or {}).get("both", [])
    return any(delta not in seen for delta in as_json(prospect.both))


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


def put_on_file(application: Application, user: User, considered: Considered, password: NewPassword | None) -> None:
    """Do what was asked for: rows, numbers, and what goes to providers, ministry and sponsor."""
    if password is None:
        grant(application, user, considered.request, considered.prospect)
    else:
        _put_new_filing_on_file(application, user, password)


def _put_new_filing_on_file(application: Application, user: User, password: NewPassword) -> None:
    bureau = application.holder
    filing = _numbered(application, user)
    sponsor = store_filing(bureau, filing, isp_id=application.isp_id)
    sponsor.filing_password_hash = password.hashed
    sponsor.save(update_fields=["filing_password_hash"])
    application.sponsor_number, application.filing_number = sponsor.number, sponsor.filing_number or ""
    reservations.hand_over(application.pk, sponsor.number, application.filing_number)
    _tell_provider(application, user, filing)
    _tell_ministry(application, filing)
    letters.send_password(filing, password.plain)


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
    answer(application, result, refusal.opinions_of(application, user, verdict=1), filing)


def _tell_ministry(application: Application, filing: FilingRecord) -> None:
    ministry = Node.objects.get(kind=NodeKind.MINISTRY)
    send(
        application.holder,
        ministry,
        MessageKind.FILING,
        {"filing": as_json(replace(filing, attachments=())), "bureau": application.holder.code},
        correlation=application.correlation,
        about=f"sponsor:{number_of(filing.sponsor)}",
    )


def _written(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S")
