"""Searching over everything the office has: cases, and filings of our copy."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from beian.bigrams import holds
from beian.filing_numbers import FilingNumber, parse
from beian.finding import OBJECT_DIGITS, domain_of, numbered
from beian.models import Domain, Node, Sponsor, Website
from beian.records.people import certificate_index, telephone_indexes
from enterprise.models import Case, CaseQuerySet

LIMIT = 50
"""Found things of a kind that are shown; beyond that the page asks to be more precise."""

_REFERENCE = re.compile(r"\d{4}-\d{6,}")


@dataclass(frozen=True, slots=True)
class Hit:
    """A filing of our copy that was found: the bureau's number of its sponsor, its name, its filing number."""

    number: int
    name: str
    filing_number: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. `understood` says how the words were read; `more` that there are more than shown."""

    understood: str
    cases: list[Case] = field(default_factory=list)
    holdings: list[Hit] = field(default_factory=list)
    more_cases: bool = False
    more_holdings: bool = False


def search(provider: Node, cases: CaseQuerySet, text: str, *, with_holdings: bool) -> Found:
    """Find by a reference (受理号), filing number, number of an upload, domain, or a part of a name.

    `cases` are those the person may see. Each reading asks its own index.
    """
    text = text.strip()
    if _REFERENCE.fullmatch(text):
        return _found(provider, "受理号", cases.filter(reference=text), None)
    if number := parse(text):
        sponsors = Q(pk__in=numbered(provider, number)) if with_holdings else None
        return _found(provider, "备案号", cases.filter(_of_filing(number)), sponsors)
    if text.isascii() and text.isdigit():
        return _of_digits(provider, cases, text, with_holdings)
    if domain := domain_of(text):
        owners = Domain.objects.held_by(provider).filter(key=domain).values("website__sponsor")
        sponsors = Q(pk__in=owners) if with_holdings else None
        return _found(provider, "域名", cases.filter(domains__contains=[domain]), sponsors)
    names = cases.filter(holds(text, "sponsor_name", "first_domain"))
    return _found(provider, "名称", names, holds(text, "name") if with_holdings else None)


def search_personal(provider: Node, cases: CaseQuerySet, number: str, *, with_holdings: bool) -> Found:
    """Find by the number of a certificate or a telephone, both by blind index: the number itself is nowhere."""
    index, telephones = certificate_index(number), list(telephone_indexes(number))
    wanted = Q(certificate_index=index) if index else Q(pk__in=[])
    held = Q(certificate_index=index) if index else Q(pk__in=[])
    if telephones:
        wanted |= Q(telephones__overlap=telephones)
        held |= Q(person_mobiles__overlap=telephones) | Q(person_telephones__overlap=telephones)
    return _found(provider, "证件号码或电话", cases.filter(wanted), held if with_holdings else None)


def _of_digits(provider: Node, cases: CaseQuerySet, text: str, with_holdings: bool) -> Found:
    """Digits alone: an object's number of the bureau's, else the number of an upload."""
    number = int(text) if len(text) <= 18 else -1
    if len(text) == OBJECT_DIGITS:
        sites = Website.objects.held_by(provider).filter(number=number).values("sponsor")
        sponsors = Q(number=number) | Q(pk__in=sites) if with_holdings else None
        return _found(provider, "管局编号", cases.filter(sponsor_number=number), sponsors)
    return _found(provider, "上报序号", cases.filter(document__provider=provider, document__sequence=number), None)


def _of_filing(number: FilingNumber) -> Q:
    """Match cases about a filing number, of a sponsor with those of its websites."""
    if number.website is not None:
        return Q(filing_number=str(number))
    return Q(filing_number=str(number)) | Q(filing_number__startswith=f"{number}-")


def _found(provider: Node, understood: str, cases: CaseQuerySet, held: Q | None) -> Found:
    rows = list(cases.light().select_related("assigned_to", "agent").order_by("-pk")[: LIMIT + 1])
    sponsors: list[Any] = []
    if held is not None:
        filed = Sponsor.objects.held_by(provider).filter(held).only("number", "name", "filing_number")
        sponsors = list(filed.order_by("-pk")[: LIMIT + 1])
    hits = [Hit(row.number, row.name, row.filing_number or "") for row in sponsors[:LIMIT]]
    return Found(understood, rows[:LIMIT], hits, len(rows) > LIMIT, len(sponsors) > LIMIT)
