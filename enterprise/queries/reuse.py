"""People and addresses that an account has entered before, to be used again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from beian.models import Node
from beian.records.rows import filings
from beian.web.filing import masks
from enterprise.forms.filing import part_at
from enterprise.models import Case, SponsorAccount
from enterprise.queries.my_cases import Mine
from enterprise.services.draft_writing import typed_filing

Part = dict[str, Any]
_CASES = 20
"""So many of the account's latest cases are looked through."""
_FILINGS = 5
_MOST = 8


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to use again: `key` names it, `values` is what is copied."""

    key: str
    label: str
    values: Part


def offers(provider: Node, account: SponsorAccount, draft: Part, path: str) -> list[Offer]:
    """Offer what may be used again in the section at `path`: people for a person, addresses for the sponsor.

    Those of this draft come first, then those of the account's other cases and of its filings on record.
    """
    if path.endswith(".person"):
        found = [*_people_here(draft, path), *_elsewhere(provider, account, _people_of)]
    elif path == "sponsor":
        found = list(_elsewhere(provider, account, _addresses_of))
    else:
        return []
    told_apart: dict[str, Offer] = {}
    for each in found:
        told_apart.setdefault(repr(sorted(map(str, each.values.items()))), each)
    return list(told_apart.values())[:_MOST]


def used(part: Part, path: str, offer: Offer) -> Part:
    """Give the section with an offer put into it: a person takes the place of what was there."""
    return offer.values if path.endswith(".person") else {**part, **offer.values}


def _people_here(draft: Part, path: str) -> Iterator[Offer]:
    for found, title, person in _people_of(draft):
        if found != path:
            yield Offer(f"here:{found}", f"同{title}：{_person_label(person)}", _person(person))
    sponsor = part_at(draft, "sponsor")
    if path == "sponsor.person" and str(sponsor.get("nature")) == "5" and sponsor.get("name"):
        certificate = part_at(sponsor, "certificate")
        values = {
            "name": sponsor["name"],
            "certificate_type": certificate.get("type", ""),
            "certificate_number": certificate.get("number", ""),
        }
        yield Offer("here:sponsor", f"就是主办者本人：{sponsor['name']}", values)


def _people_of(draft: Part) -> Iterator[tuple[str, str, Part]]:
    person = part_at(draft, "sponsor.person")
    if person.get("name"):
        yield "sponsor.person", "主体负责人", person
    for index in range(len(draft.get("websites") or [])):
        person = part_at(draft, f"websites.{index}.person")
        if person.get("name"):
            yield f"websites.{index}.person", f"网站{index + 1}负责人", person


def _addresses_of(draft: Part) -> Iterator[tuple[str, str, Part]]:
    address = part_at(draft, "sponsor.address")
    if address.get("county") or address.get("detail"):
        yield "sponsor.address", "通信地址", address


def _elsewhere(
    provider: Node, account: SponsorAccount, parts_of: Callable[[Part], Iterator[tuple[str, str, Part]]]
) -> Iterator[Offer]:
    """Walk over what the account's latest cases and its filings hold. Only its own are ever looked at."""
    for name, draft in (*_cases(provider, account), *_filings(provider, account)):
        for path, _, part in parts_of(draft):
            if path.endswith("person"):
                yield Offer(f"{name}:{path}", _person_label(part), _person(part))
            else:
                yield Offer(f"{name}:{path}", _address_label(part), {"address": part})


def _cases(provider: Node, account: SponsorAccount) -> Iterator[tuple[str, Part]]:
    cases = Case.objects.at(provider).filter(sponsor_account=account).order_by("-id")[:_CASES]
    for case in cases.only("draft"):
        yield str(case.pk), case.typed


def _filings(provider: Node, account: SponsorAccount) -> Iterator[tuple[str, Part]]:
    numbers = Mine(provider, account.user).filings().values_list("number", flat=True)[:_FILINGS]
    for number, filing in filings(provider, list(numbers), isp_id=provider.isp_id).items():
        yield f"filing{number}", typed_filing(filing.sponsor, filing.websites, ())


def _person(part: Part) -> Part:
    return {name: value for name, value in part.items() if value}


def _person_label(person: Part) -> str:
    number = str(person.get("certificate_number") or "")
    return " ".join(part for part in (str(person["name"]), masks.certificate_number(number)) if part)


def _address_label(address: Part) -> str:
    return f"沿用地址：{address.get('detail') or '以前填写的'}"
