"""Judging requests about filings that stand: each becomes an application, goes on to its bureau, or comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from beian import copying
from beian.calendar import deadline
from beian.checks import ALL_SCOPES, ELSEWHERE_SCOPES, Finding
from beian.checks.requests import Asked, accept, ask, home_province
from beian.models import Node
from beian.records import ChangeRecord, FilingRecord, Request
from bureau.models import Application
from bureau.services import refusal
from bureau.services.after_judging import tell_judged
from bureau.services.applying import claim_name
from bureau.services.judging import Tally
from bureau.services.requests import kind_of, subject
from bureau.services.taking import Passwords, Taken, check_arrived, fill, known_about
from bureau.workflow import State
from interface.models import Upload
from interface.services.base import acknowledged_filings


@dataclass(frozen=True, slots=True)
class Judged:
    """A request, the application made of it, what was found, and the bureau it goes to if not this one."""

    asked: Asked
    application: Application
    findings: list[Finding]
    home: Node | None

    @property
    def request(self) -> Request:
        """Give what is asked."""
        return self.asked.request


def judge_requests(upload: Upload, requests: Sequence[Request], passwords: Passwords | None = None) -> Tally:
    """Judge requests in their order; runs in the caller's transaction.

    All defects of a request are found at once. One that was accepted is a fact for those behind it in the
    same document. `passwords` are verdicts on the filing passwords that came along.
    """
    account = upload.account
    known = known_about(account.bureau, account.isp_id, requests, passwords=passwords)
    bases = _bases(upload, requests)
    homes = {bureau.province: bureau for bureau in Node.objects.bureaus()}
    due = deadline(upload.received_at)
    keys = iter(copying.take_ids(Application, len(requests)))
    judged, taken = [], Taken()
    for request, ordinal in zip(requests, _ordinals(requests), strict=True):
        application = _application(upload, request, ordinal, due)
        application.pk = next(keys)
        asked = ask(request, known, base=bases.get(_changed(request) or 0))
        judged.append(_judge_one(application, asked, homes, taken))
    copying.insert([each.application for each in judged])
    taken.insert()
    tell_judged(upload, judged)
    return Tally(records=len(judged), returned=sum(1 for each in judged if each.findings))


def _judge_one(application: Application, asked: Asked, homes: Mapping[int, Node], taken: Taken) -> Judged:
    home = homes.get(home_province(asked.request) or 0)
    elsewhere = home is not None and home != application.holder
    findings = check_arrived(asked, ELSEWHERE_SCOPES if elsewhere else ALL_SCOPES)
    fill(application, asked)
    if findings:
        application.state, application.decided_at = State.RETURNED, timezone.now()
        application.findings = refusal.as_json(findings)
    else:
        application.state = State.FORWARDED if elsewhere else State.PENDING
        taken.add(application, asked)
        accept(asked, claim_name(application))
    return Judged(asked, application, findings, home if elsewhere and not findings else None)


def _application(upload: Upload, request: Request, ordinal: int, due: date) -> Application:
    account = upload.account
    return Application(
        holder=account.bureau,
        received_by=account.bureau,
        kind=kind_of(request),
        isp_id=account.isp_id,
        provider_name=account.provider.name,
        upload=upload,
        sequence=upload.sequence,
        ordinal=ordinal,
        subject=subject(request),
        received_at=upload.received_at,
        deadline=due,
        correlation=upload.correlation,
    )


def _ordinals(requests: Sequence[Request]) -> Iterator[int]:
    """Number the requests within their section of the document; all cancellations are one."""
    seen: Counter[type[Request]] = Counter()
    for request in requests:
        seen[type(request)] += 1
        yield seen[type(request)]


def _changed(request: Request) -> int | None:
    return request.sponsor.number if isinstance(request, ChangeRecord) else None


def _bases(upload: Upload, requests: Sequence[Request]) -> Mapping[int, FilingRecord]:
    """Give what the provider last acknowledged of the filings that it wants changed."""
    changed = {number for number in map(_changed, requests) if number is not None}
    return acknowledged_filings(upload.account, changed, at=upload.received_at) if changed else {}
