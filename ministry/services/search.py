"""The public query: what somebody typed, and the filings that answer it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

import idna
from django.db.models import QuerySet

from beian import numbers
from beian.checks.names import dotted_address, home_page, registrable
from beian.codes import read_table
from ministry.models import PublicFiling
from ministry.services.publish import sponsor_key

LONGEST = 512
MOST_ROWS = 200


class Subject(StrEnum):
    """What a question is about."""

    DOMAIN = "网站域名"
    SPONSOR_NUMBER = "主体备案号"
    WEBSITE_NUMBER = "网站备案号"
    NAME = "主办单位名称"


COLUMNS = {
    Subject.DOMAIN: "domain_key",
    Subject.SPONSOR_NUMBER: "sponsor_filing_number",
    Subject.WEBSITE_NUMBER: "website_filing_number",
    Subject.NAME: "sponsor_key",
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question that was understood: `words` say it back, `keys` are looked for, the best first."""

    subject: Subject
    words: str
    keys: tuple[str, ...]


class NotUnderstood(ValueError):
    """The text is no question. The message says what to do about it."""


@dataclass(frozen=True, slots=True)
class FoundWebsite:
    """A website of an answer with its domains."""

    filing_number: str
    name: str
    home_page: str
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundSponsor:
    """A sponsor of an answer with the websites that were asked for."""

    name: str
    nature: str
    filing_number: str
    reviewed: str
    websites: tuple[FoundWebsite, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found. `capped`: there is more than is shown."""

    sponsors: tuple[FoundSponsor, ...]
    websites: int
    capped: bool


def understand(text: str) -> Question:
    """Tell whether `text` is a filing number, a host or a URL, or a name. Raises `NotUnderstood`.

    A host is asked for with all that it may be a part of, down to the registrable domain.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if not text:
        raise NotUnderstood("请输入网站域名、备案号或主办单位名称。")
    if len(text) > LONGEST:
        raise NotUnderstood(f"输入的内容过长，最多 {LONGEST} 个字符。")
    return _number(text) or _domain(text) or _name(text)


def find(question: Question) -> Answer:
    """Look the answer up in the one table that the public may read."""
    rows = list(_rows(question)[: MOST_ROWS + 1])
    if question.subject is Subject.DOMAIN:
        rows = _nearest(rows, question.keys)
    capped = len(rows) > MOST_ROWS
    sponsors = tuple(_sponsor(list(own)) for _, own in groupby(rows[:MOST_ROWS], key=lambda row: row.sponsor_number))
    return Answer(sponsors, sum(len(sponsor.websites) for sponsor in sponsors), capped)


def _number(text: str) -> Question | None:
    # Copied from the foot of a page it often has its label in front.
    number = numbers.parse(text) or numbers.parse(text.rpartition(":")[2])
    if number is not None:
        subject = Subject.SPONSOR_NUMBER if number.website is None else Subject.WEBSITE_NUMBER
        return Question(subject, str(number), (str(number),))
    if "icp" in text.lower() and any(mark in text for mark in "备证"):
        raise NotUnderstood("备案号不完整。请连同省份简称一起输入，例如 粤ICP备2026000001号 或 粤ICP备2026000001号-1。")
    if text.isdecimal():
        raise NotUnderstood("只有数字无法查询。请输入完整的备案号，例如 粤ICP备2026000001号。")
    return None


def _domain(text: str) -> Question | None:
    page = home_page(text.rstrip("."))
    if page is None:
        return None
    if dotted_address(page.host) is not None:
        return Question(Subject.DOMAIN, page.host, (page.host,))
    own = registrable(page.host)
    if own is None:
        return None
    labels = page.host.split(".")
    hosts = tuple(".".join(labels[place:]) for place in range(len(labels) - own.count(".")))
    return Question(Subject.DOMAIN, _readable(page.host), hosts)


def _name(text: str) -> Question:
    return Question(Subject.NAME, text, (sponsor_key(text),))


def _readable(host: str) -> str:
    """Write A-labels in their own script."""
    try:
        return idna.decode(host)
    except idna.IDNAError:
        return host


def _rows(question: Question) -> QuerySet[PublicFiling]:
    found = PublicFiling.objects.filter(**{f"{COLUMNS[question.subject]}__in": question.keys})
    return found.order_by("sponsor_number", "website_number", "id")


def _nearest(rows: list[PublicFiling], hosts: tuple[str, ...]) -> list[PublicFiling]:
    """Keep the rows of the longest host that is on file."""
    best = next((host for host in hosts if any(row.domain_key == host for row in rows)), None)
    return [row for row in rows if row.domain_key == best]


def _sponsor(rows: list[PublicFiling]) -> FoundSponsor:
    first = rows[0]
    nature = read_table("organisation_nature").get(first.nature or 0)
    return FoundSponsor(
        name=first.sponsor_name,
        nature=nature.name if nature else "",
        filing_number=first.sponsor_filing_number,
        reviewed=first.reviewed.isoformat() if first.reviewed else "",
        websites=tuple(_website(list(own)) for _, own in groupby(rows, key=lambda row: row.website_number)),
    )


def _website(rows: list[PublicFiling]) -> FoundWebsite:
    first = rows[0]
    domains = tuple(row.domain for row in rows if row.domain)
    return FoundWebsite(first.website_filing_number, first.website_name, first.home_page, domains)
