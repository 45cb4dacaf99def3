"""What a provider is told about an application that did not become a filing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.utils import timezone

from beian.checks import Finding
from beian.models import User
from beian.records import CodeRecord, OpinionRecord, ResultRecord
from beian.result_codes import message
from bureau.models import Application
from bureau.services.answering import answer
from bureau.services.requests import opinion_subjects, request_of
from bureau.services.returning import codes_of, remark_of

REFUSED = 1002
TELEPHONE_AT_LEAST = 11


def tell_returned(application: Application, findings: Iterable[Finding]) -> None:
    """Queue the result with every code that applies, each once; all detail stands in the remark."""
    found = list(findings)
    result = ResultRecord(
        codes=codes_of(found),
        operation=application.kind,
        subject=application.subject,
        remark=remark_of(found),
    )
    answer(application, result)


def tell_refusal(application: Application, user: User) -> None:
    """Queue 1002 with the reviewer's opinion."""
    result = ResultRecord(
        codes=(CodeRecord(code=REFUSED, description=message(REFUSED)),),
        operation=application.kind,
        subject=application.subject,
        remark=application.opinion,
    )
    answer(application, result, opinions_of(application, user, verdict=0))


def opinions_of(application: Application, user: User, verdict: int) -> list[OpinionRecord]:
    """Write the reviewer's opinion as it travels: once for each object that the provider reads it of.

    A telephone too short for the schema is left out.
    """
    opinion = OpinionRecord(
        reviewer=user.name[:128] or None,
        telephone=user.telephone if len(user.telephone) >= TELEPHONE_AT_LEAST else None,
        reviewed=timezone.localtime(application.decided_at).strftime("%Y-%m-%d %H:%M:%S"),
        opinion=application.opinion or None,
        verdict=verdict,
        operation=application.kind,
    )
    return [replace(opinion, subject=subject) for subject in opinion_subjects(request_of(application))]


def as_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Write findings as an application keeps them: code, text, place, what it conflicts with."""
    return [{"code": each.code, "text": each.text, "place": each.place, "detail": each.detail} for each in findings]
