"""Made-up filings: sponsors of several kinds, their websites, and what is attached."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from beian.demo import names
from beian.demo.names import MARKS, PLACES, TRADES, WORDS, Place
from beian.demo.pictures import Pictures
from beian.records import (
    AccessRecord,
    AddressRecord,
    AttachmentRecord,
    CertificateRecord,
    ContentRecord,
    DomainRecord,
    FilingRecord,
    PersonRecord,
    PriorApprovalRecord,
    RangeRecord,
    SponsorRecord,
    WebsiteRecord,
)

IDENTITY_CARD = 2
JPEG = 1
FORM, SPONSOR_CERTIFICATE, PERSON_CERTIFICATE, WEBSITE_PERSON, PORTRAIT = 1, 2, 3, 4, 5
OF_SPONSOR, OF_WEBSITE = 1, 2
# 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24: kept for documentation.
NETWORKS = ((192 << 24) + (2 << 8), (198 << 24) + (51 << 16) + (100 << 8), (203 << 24) + (113 << 8))
LOCATIONS = {440000: 5, 110000: 2, 310000: 26}
SERVICES = ((8,), (8, 7), (9,), (16, 8), (6,), (21,), (18,), (20, 7))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of sponsor: nature, certificate type, what its credit code begins with, what it is called."""

    nature: int
    certificate_type: int
    credit: str
    titles: tuple[str, ...]


COMPANY = Kind(4, 1, "91", tuple(title for _, title in TRADES))
INSTITUTION = Kind(3, 4, "12", names.INSTITUTIONS)
SOCIETY = Kind(6, 6, "51", names.SOCIETIES)
INDIVIDUAL = Kind(5, IDENTITY_CARD, "", ())
KINDS = (COMPANY, COMPANY, INDIVIDUAL, COMPANY, INSTITUTION, COMPANY, COMPANY, INDIVIDUAL, COMPANY, SOCIETY)


def new_filing(province: int, n: int, pictures: Pictures) -> FilingRecord:
    """Give the new filing `n` at a province; it passes all checks."""
    place, kind = PLACES[province][n % len(PLACES[province])], KINDS[n % len(KINDS)]
    unique = province // 10_000 * 1000 + n
    sponsor = _sponsor(unique, kind, place)
    count = 2 if n % 7 == 3 and kind is not INDIVIDUAL else 1
    websites = tuple(_website(unique, k, sponsor, place, pictures) for k in range(1, count + 1))
    return FilingRecord(sponsor=sponsor, websites=websites, attachments=_attachments(n, sponsor, websites, pictures))


def spoil(filing: FilingRecord, way: int, other: FilingRecord) -> FilingRecord:
    """Put mistakes into a filing that the checks find; `other` is what it comes into conflict with."""
    sponsor, website = filing.sponsor, filing.websites[0]
    if way == 0:
        return replace(filing, sponsor=replace(sponsor, person=replace(sponsor.person, mobile="12000000001")))
    if way == 1:
        domains = (replace(website.domains[0], name=other.websites[0].domains[0].name),)
        return replace(filing, websites=(replace(website, domains=domains), *filing.websites[1:]))
    if way == 2:
        wrong = replace(sponsor.person, certificate_number=(sponsor.person.certificate_number or "")[:-1] + "?")
        page = "http://www.example-elsewhere.cn/"
        websites = (replace(website, home_page=page), *filing.websites[1:])
        return replace(filing, sponsor=replace(sponsor, person=wrong), websites=websites)
    return replace(filing, sponsor=replace(sponsor, address=replace(sponsor.address, county=110228)))


def _sponsor(n: int, kind: Kind, place: Place) -> SponsorRecord:
    person = responsible(n, place, n)
    if kind is INDIVIDUAL:
        name, number = person.name or "", person.certificate_number or ""
    else:
        name, number = _title(n, kind, place), names.credit_code(place.province, n, kind.credit)
    detail = f"{names.STREETS[n % len(names.STREETS)]}{n % 280 + 1}号{n % 9 + 1}栋{n % 18 + 1}01室"
    return SponsorRecord(
        name=name,
        provider_id=700_000 + n,
        nature=kind.nature,
        superior=None if kind in (COMPANY, INDIVIDUAL) else f"{place.short}{MARKS[n % len(MARKS)]}局",
        address=AddressRecord(province=place.province, city=place.city, county=place.county, detail=detail),
        certificate=CertificateRecord(type=kind.certificate_type, number=number, address=place.written + detail),
        person=person,
        reported_by=n % 2,
    )


def _title(n: int, kind: Kind, place: Place) -> str:
    word, mark = WORDS[n % len(WORDS)][0], MARKS[n // 3 % len(MARKS)]
    title = kind.titles[n * 5 % len(kind.titles)]
    return f"{place.short}{mark}{word}{title}" if kind is COMPANY else f"{place.short}{mark}{title}（{n}）"


def responsible(n: int, place: Place, number: int) -> PersonRecord:
    """Give the responsible person `n`; the domain of the e-mail address is that of `number`."""
    return PersonRecord(
        name=names.person_name(n),
        certificate_type=IDENTITY_CARD,
        certificate_number=names.identity_number(place.province, n),
        telephone=names.telephone(place.province, number),
        mobile=names.mobile(place.province, n),
        email=f"admin@{names.domain(number)}",
    )


def _website(n: int, k: int, sponsor: SponsorRecord, place: Place, pictures: Pictures) -> WebsiteRecord:
    own = n * 10 + k
    domain = names.domain(n if k == 1 else own)
    chance = random.Random(f"website {own}")  # noqa: S311
    is_education = n % 11 == 5
    return WebsiteRecord(
        name=_website_name(n, k, sponsor),
        provider_id=800_000 + own,
        person=responsible(n + 40_000, place, n) if n % 4 == 1 else sponsor.person,
        domains=(DomainRecord(name=domain, provider_id=900_000 + own),),
        accesses=(_access(own, place.province, chance),),
        services=SERVICES[own % len(SERVICES)],
        languages=(1, 12) if own % 5 == 0 else (1,),
        approvals=(
            (PriorApprovalRecord(kind=3, approval_number=f"示例教批〔2026〕{n}号", scans=(pictures.approval,)),)
            if is_education
            else ()
        ),
        home_page=f"http://www.{domain}/",
        remark="含公众号内嵌页面" if own % 9 == 0 else None,
    )


def _website_name(n: int, k: int, sponsor: SponsorRecord) -> str:
    word = WORDS[n % len(WORDS)][0]
    if sponsor.nature == INDIVIDUAL.nature:
        return f"{word}的技术笔记" if n % 2 else f"{word}摄影作品集"
    return f"{sponsor.name}" if k == 1 else f"{word}在线商城"


def _access(own: int, province: int, chance: random.Random) -> AccessRecord:
    first = NETWORKS[own % len(NETWORKS)] + own * 7 % 240
    return AccessRecord(
        locations=(LOCATIONS[province],),
        methods=(chance.choice((2, 3, 5)),),
        ranges=(RangeRecord(first=first, last=first + (own % 6 == 0), provider_id=500_000 + own),),
        provider_id=600_000 + own,
    )


def _attachments(
    n: int, sponsor: SponsorRecord, websites: tuple[WebsiteRecord, ...], pictures: Pictures
) -> tuple[AttachmentRecord, ...]:
    owner = str(sponsor.provider_id)
    is_person = sponsor.certificate.type == IDENTITY_CARD
    certificate = pictures.pick(pictures.cards if is_person else pictures.licences, n)
    found = [
        _attachment(FORM, pictures.pick(pictures.forms, n), OF_SPONSOR, owner),
        _attachment(SPONSOR_CERTIFICATE, certificate, OF_SPONSOR, owner),
        _attachment(PERSON_CERTIFICATE, pictures.pick(pictures.cards, n), OF_SPONSOR, owner),
    ]
    for website in websites:
        of_website = str(website.provider_id)
        found += [
            _attachment(WEBSITE_PERSON, pictures.pick(pictures.cards, n + 1), OF_WEBSITE, of_website),
            _attachment(PORTRAIT, pictures.pick(pictures.portraits, n), OF_WEBSITE, of_website),
        ]
    return tuple(found)


def _attachment(purpose: int, content: ContentRecord, owner_kind: int, owner: str) -> AttachmentRecord:
    return AttachmentRecord(format=JPEG, purpose=purpose, content=content, owner_kind=owner_kind, owner=owner)
