"""Where things stand in a filing, in words for people and as a path for forms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from beian.checks.base import Defect
from beian.records import AccessRecord, DomainRecord, FilingRecord, PersonRecord, RangeRecord, WebsiteRecord

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Spot(Generic[T]):
    """A part of a filing with its place: 「网站1·域名2」, `websites.0.domains.1`.

    `on_file`: it is an access that stands beside what is asked, or a part of one.
    """

    value: T
    place: str
    about: str
    on_file: bool = False

    def wrong(self, detail: str, field: str = "", *, text: str = "") -> Defect:
        """Give the defect that `detail` tells about `field` of this part."""
        return Defect(detail, self.place, f"{self.about}.{field}" if field else self.about, text)

    def each(self, values: Sequence[U], word: str, field: str) -> Iterator[Spot[U]]:
        """Walk over the parts of this part, counted from 1 for people."""
        for index, value in enumerate(values):
            yield Spot(value, f"{self.place}·{word}{index + 1}", f"{self.about}.{field}.{index}", self.on_file)


def websites(filing: FilingRecord) -> Iterator[Spot[WebsiteRecord]]:
    """Walk over the websites of a filing."""
    for index, website in enumerate(filing.websites):
        yield Spot(website, f"网站{index + 1}", f"websites.{index}")


def domains(website: Spot[WebsiteRecord]) -> Iterator[Spot[DomainRecord]]:
    """Walk over the domains of a website."""
    return website.each(website.value.domains, "域名", "domains")


def accesses(website: Spot[WebsiteRecord]) -> Iterator[Spot[AccessRecord]]:
    """Walk over the accesses of a website; one that says whose it is stands on file."""
    for access in website.each(website.value.accesses, "接入", "accesses"):
        provider = access.value.provider
        if provider is None:
            yield access
        else:
            yield replace(access, place=f"{website.place}·接入商{provider}的接入", on_file=True)


def ranges(website: Spot[WebsiteRecord]) -> Iterator[Spot[RangeRecord]]:
    """Walk over the address ranges of all accesses of a website."""
    for access in accesses(website):
        yield from access.each(access.value.ranges, "IP段", "ranges")


def sponsor_person(filing: FilingRecord) -> Spot[PersonRecord]:
    """Give the responsible person of the sponsor."""
    return Spot(filing.sponsor.person, "主体负责人", "sponsor.person")


def website_people(filing: FilingRecord) -> Iterator[Spot[PersonRecord]]:
    """Walk over the responsible persons of the websites."""
    for website in websites(filing):
        yield Spot(website.value.person, f"{website.place}·负责人", f"{website.about}.person")


def people(filing: FilingRecord) -> Iterator[Spot[PersonRecord]]:
    """Walk over all responsible persons, the sponsor's first."""
    yield sponsor_person(filing)
    yield from website_people(filing)


def values_of(text: str | None) -> list[str]:
    """Take apart a field that holds several values joined by `;`: each is judged on its own."""
    return [value for value in (part.strip() for part in (text or "").split(";")) if value]
