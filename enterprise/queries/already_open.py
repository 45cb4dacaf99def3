"""Which requests of the same kind about the same filing are open already: a bureau takes one at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from beian.checks.keys import domain_key
from beian.checks.names import registrable
from beian.filing_numbers import parse
from beian.models import Node
from enterprise.models import Case, SponsorAccount
from enterprise.workflow import ENDED, Kind, State

Draft = dict[str, Any]
MOST = 50
_OF_A_PART = frozenset({Kind.CANCEL_WEBSITE, Kind.CANCEL_ACCESS})


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a request that is to begin would be about.

    The sponsor by the bureau's number or by filing number, or the website by its filing number; `target` is the
    bureau's number of the website or access that is to go, `domain` that of a website that is to come.
    """

    kind: Kind
    sponsor_number: int | None = None
    filing_number: str = ""
    target: int | None = None
    domain: str = ""


def already_open(provider: Node, about: About, account: SponsorAccount | None = None) -> list[Case]:
    """Give the open cases of the same kind about the same thing, the oldest first.

    What no column of a case says is looked for among the cases of `account` alone.
    """
    named = Q()
    if about.sponsor_number:
        named |= Q(sponsor_number=about.sponsor_number)
    if about.filing_number:
        named |= Q(filing_number=about.filing_number)
        if account is not None:
            named |= Q(sponsor_account=account, sponsor_number=None)
    if not named:
        return []
    rows = Case.objects.at(provider).filter(named, kind=about.kind).exclude(state__in=sorted(ENDED))
    return [case for case in rows.select_related("provider").order_by("pk")[:MOST] if _same(case, about)]


def _same(case: Case, about: About) -> bool:
    draft = case.typed
    if about.kind == Kind.NEW_ACCESS:
        return _number((draft.get("website") or {}).get("filing_number")) == _number(about.filing_number)
    if about.kind in _OF_A_PART:
        return str(draft.get("number")) == str(about.target)
    if about.kind == Kind.NEW_WEBSITE:
        return _same_sponsor(case, about) and _same_website(case, about)
    return case.sponsor_number == about.sponsor_number


def _same_sponsor(case: Case, about: About) -> bool:
    if about.sponsor_number and case.sponsor_number:
        return case.sponsor_number == about.sponsor_number
    own = (case.typed.get("sponsor") or {}).get("filing_number")
    return bool(about.filing_number) and _number(own) == _number(about.filing_number)


def _same_website(case: Case, about: About) -> bool:
    """Whether it is the same new website: several may come at once, but what is not handed in can take them all."""
    domains = {
        _registered(str(domain.get("name") or ""))
        for website in case.typed.get("websites") or []
        for domain in website.get("domains") or []
    } - {""}
    if about.domain and about.domain in domains:
        return True
    return case.state == State.DRAFT and not (about.domain and domains)


def _number(text: object) -> str:
    return str(parse(str(text or "")) or "")


def _registered(name: str) -> str:
    key = domain_key(name) if name else ""
    return registrable(key) or key
