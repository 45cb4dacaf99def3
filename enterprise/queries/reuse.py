"""People and addresses that an account has entered before, to be used again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from beian.models import Node
from beian.web.filing import masks
from enterprise.forms.filing import part_at
from enterprise.models import Case, SponsorAccount

Part = dict[str, Any]
_CASES = 20
"""So many of the account's latest cases are looked through."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something to use again: `key` names it, `values` is what is copied."""

    key: str
    label: str
    values: Part


def people(provider: Node, account: SponsorAccount, draft: Part, path: str) -> list[Offer]:
    """Offer people for the section at `path`: those of this draft first, then those of the account's other cases."""
    return _told_apart(_people_here(draft, path), _elsewhere(provider, account, draft, _people_of))


def addresses(provider: Node, account: SponsorAccount, draft: Part) -> list[Offer]:
    """Offer the postal addresses of the account's other cases."""
    return _told_apart(iter(()), _elsewhere(provider, account, draft, _addresses_of))


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


def _elsewhere(provider: Node, account: SponsorAccount, draft: Part, parts_of: Any) -> Iterator[Offer]:
    """Walk over what the account's latest cases hold. Only its own are ever looked at."""
    cases = Case.objects.at(provider).filter(sponsor_account=account).order_by("-id")[:_CASES]
    for case in cases.only("draft"):
        for path, _, part in parts_of(case.typed):
            person = path.endswith("person")
            values = _person(part) if person else part
            yield Offer(f"{case.pk}:{path}", _person_label(part) if person else _address_label(part), values)


def _told_apart(here: Iterator[Offer], elsewhere: Iterator[Offer]) -> list[Offer]:
    """Offer each once."""
    found: dict[str, Offer] = {}
    for each in (*here, *elsewhere):
        found.setdefault(repr(sorted(each.values.items())), each)
    return list(found.values())[:8]


def _person(part: Part) -> Part:
    return {name: value for name, value in part.items() if value}


def _person_label(person: Part) -> str:
    number = str(person.get("certificate_number") or "")
    return " ".join(part for part in (str(person["name"]), masks.certificate_number(number)) if part)


def _address_label(address: Part) -> str:
    return str(address.get("detail") or "以前填写的地址")
