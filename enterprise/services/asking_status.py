"""Asking the bureau whether a certificate or a domain is on file (isp_querybeianstatus), while somebody waits.

A call goes over the network: never inside a transaction. The wait is bounded, and where there is no
answer that is said: whoever asked may go on, and knows what was not checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.core.cache import cache

from enterprise.gateway.calls import Line
from enterprise.models import Connection
from interface.client import CallFailed
from interface.codes import Code
from interface.documents.returns import FilingStatus

SECONDS = 6.0
"""How long a person at a page waits for the bureau."""

AWAY_SECONDS = 30
"""So long the bureau is not asked again after it gave no answer: it would only let the next one wait as well."""

DOMAIN = 0
ASKABLE_CERTIFICATES = range(1, 12)
"""The certificate types that the query takes (the interface's limit)."""

SHORTEST = 4
"""What is shorter the bureau does not take as a condition."""


class Found(StrEnum):
    """What came of a question."""

    FILED = "filed"
    NOT_FILED = "not_filed"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Status:
    """What the bureau says of a certificate or domain. `why` says why it is unknown or was not asked."""

    found: Found
    sponsor_filing_number: str = ""
    website_filing_number: str = ""
    website_name: str = ""
    why: str = ""


NOT_ASKED = Status(Found.NOT_ASKED)
_NO_ANSWER = "管局的系统现在没有应答，没有核对。"


def usable(connection: Connection | None) -> Connection | None:
    """Give the connection where calls may be made over it."""
    if connection is None or not connection.active or connection.password_refused:
        return None
    return connection


def of_certificate(connection: Connection | None, type: int, number: str) -> Status:
    """Ask whether the holder of a certificate is on file at the bureau."""
    if type not in ASKABLE_CERTIFICATES:
        return Status(Found.NOT_ASKED, why="管局的接口不能按这种证件查询，没有核对。")
    return _ask(connection, type, number)


def of_domain(connection: Connection | None, name: str) -> Status:
    """Ask whether a domain is on file at the bureau."""
    return _ask(connection, DOMAIN, name)


def is_away(connection: Connection) -> bool:
    """Whether the bureau gave no answer a moment ago."""
    return bool(cache.get(_key(connection)))


def note_away(connection: Connection) -> None:
    """Remember that the bureau gave no answer."""
    cache.set(_key(connection), True, AWAY_SECONDS)


def _ask(connection: Connection | None, kind: int, condition: str) -> Status:
    if len(condition.strip()) < SHORTEST:
        return Status(Found.NOT_ASKED, why="填写的内容太短，没有核对。")
    line = usable(connection)
    if line is None:
        return Status(Found.UNKNOWN, why="接入商与管局的对接没有启用，没有核对。")
    if is_away(line):
        return Status(Found.UNKNOWN, why=_NO_ANSWER)
    try:
        answer = Line(line, seconds=SECONDS).status(kind, condition.strip())
    except CallFailed:
        note_away(line)
        return Status(Found.UNKNOWN, why=_NO_ANSWER)
    if answer.code != Code.OK or answer.status is None:
        return Status(Found.UNKNOWN, why=f"管局没有给出查询结果（返回码 {answer.code}），没有核对。")
    return _said(answer.status)


def _said(status: FilingStatus) -> Status:
    if status.not_filed:
        return Status(Found.NOT_FILED)
    return Status(
        Found.FILED,
        sponsor_filing_number=status.sponsor_filing_number or "",
        website_filing_number=status.website_filing_number or "",
        website_name=status.website_name or "",
    )


def _key(connection: Connection) -> str:
    return f"enterprise:bureau-away:{connection.pk}"
