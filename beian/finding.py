"""How a filing is found in a holder's copy: by numbers in any spelling, by a domain, by a part of its name."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from beian.bigrams import holds
from beian.checks.names import a_label, dotted_address, registrable
from beian.filing_numbers import FilingNumber, parse
from beian.models import Access, Domain, Node, Sponsor, Website

OBJECT_DIGITS = 15
"""Digits of an object number: province code, then nine."""

SERIAL_DIGITS = (8, 10)
"""Digits of a filing number: year in two or four, then six."""


def named(holder: Node, text: str) -> Q:
    """Match sponsors of `holder`'s copy by what was typed.

    That is a filing number in any spelling, an object's number, a domain, else a part of the name.
    """
    text = text.strip()
    number = parse(text)
    if number is None and text.isascii() and text.isdigit():
        if len(text) == OBJECT_DIGITS:
            return Q(pk__in=_of_object(holder, int(text)))
        if len(text) in SERIAL_DIGITS:
            number = FilingNumber(holder.province, text)
    if number is not None:
        return Q(pk__in=numbered(holder, number))
    if domain := domain_of(text):
        return Q(pk__in=_sponsors(Domain.objects.held_by(holder).filter(key=domain), "website__sponsor"))
    return holds(text, "name")


def numbered(holder: Node, number: FilingNumber) -> list[int]:
    """Find by a filing number; a website's must exist, for a number may never have been given out."""
    model, path = (Sponsor, "pk") if number.website is None else (Website, "sponsor")
    return _sponsors(model.objects.held_by(holder).filter(filing_number=str(number)), path)


def _of_object(holder: Node, number: int) -> list[int]:
    """Find by the number of the sponsor, of one of its websites, accesses or domains."""
    paths: tuple[tuple[Any, str], ...] = (
        (Sponsor, "pk"), (Website, "sponsor"), (Access, "website__sponsor"), (Domain, "website__sponsor"),
    )  # fmt: skip
    found = (_sponsors(model.objects.held_by(holder).filter(number=number), path) for model, path in paths)
    return [pk for some in found for pk in some]


def _sponsors(rows: QuerySet[Any], path: str) -> list[int]:
    """Look the sponsors up at once: as a part of the list's own query the planner may read the whole list for it."""
    return list(rows.values_list(path, flat=True).distinct())


def domain_of(text: str) -> str | None:
    """Read a domain: what stands in front of a registrable one is left out. None where it is no domain."""
    if dotted_address(text) is not None:
        return text
    label = a_label(text) if "." in text else None
    return registrable(label) if label else None
