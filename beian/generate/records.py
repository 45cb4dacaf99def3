"""A synthetic filing as a record that passes all checks: a sponsor, a website or two, an access each."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from beian.codes import read_regions, read_table
from beian.generate import naming
from beian.generate.naming import Place
from beian.numbers import ABBREVIATIONS
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

MARK = "合成数据（generate_data）"
"""Stands in the remark of every generated sponsor: so they are told from real ones."""

COMPANY, INDIVIDUAL = 4, 5
LICENCE, IDENTITY_CARD = 1, 2
VERIFICATION_FORM, JPEG, OF_SPONSOR = 1, 1, 1
EDUCATION = 3
SERVICES = ((8,), (8, 9), (9,), (6,), (21, 8), (17,), (5, 7), (20,))
# 198.18.0.0/15 is kept for measurements (RFC 2544).
ADDRESSES, ADDRESS_COUNT = (198 << 24) + (18 << 16), 131_072
IDS_PER_FILING = 20


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes the filings of one bureau; a number always gives the same one.

    The ids of filing `n` are those from `first_id + n * IDS_PER_FILING` on.
    """

    province: int
    places: Sequence[Place]
    location: int
    seed: int
    form: ContentRecord | None = None
    first_id: int = 0

    @classmethod
    def at(cls, province: int, seed: int, form: ContentRecord | None = None) -> Maker:
        """Make one for a province; `form` is attached to every filing as its verification form."""
        name = read_regions()[province].name
        location = next(code for code, entry in read_table("server_location").items() if name.startswith(entry.name))
        return cls(province, naming.places(province), location, seed, form)

    def filing(self, n: int) -> FilingRecord:
        """Give filing `n` as a provider asks for it: with the provider's ids, without any number."""
        chance = random.Random(self.seed * 1_000_000_007 + n)  # noqa: S311
        sponsor = self._sponsor(n, chance)
        count = 2 if sponsor.nature == COMPANY and n % 8 == 0 else 1
        websites = tuple(self._website(n, k, sponsor, chance) for k in range(count))
        return FilingRecord(sponsor=sponsor, websites=websites, attachments=self._attachments(sponsor))

    def _sponsor(self, n: int, chance: random.Random) -> SponsorRecord:
        place, person = chance.choice(self.places), self._person(n, chance)
        individual = n % 5 == 0
        detail = f"合成路{n}号"
        number = person.certificate_number if individual else naming.credit_code(self.province, n)
        return SponsorRecord(
            name=person.name or "" if individual else self._title(n, chance),
            provider_id=self.first_id + n * IDS_PER_FILING,
            nature=INDIVIDUAL if individual else COMPANY,
            address=AddressRecord(province=place.province, city=place.city, county=place.county, detail=detail),
            certificate=CertificateRecord(
                type=IDENTITY_CARD if individual else LICENCE, number=number or "", address=place.written + detail
            ),
            person=person,
            reported_by=0,
            remark=MARK,
        )

    def _title(self, n: int, chance: random.Random) -> str:
        short = ABBREVIATIONS[self.province]
        return f"{short}合成{chance.choice(naming.WORDS)}{chance.choice(naming.TRADES)}{n}有限公司"

    def _person(self, n: int, chance: random.Random) -> PersonRecord:
        return PersonRecord(
            name=naming.person_name(chance),
            certificate_type=IDENTITY_CARD,
            certificate_number=naming.identity_number(self.province, n),
            telephone=naming.telephone(n),
            mobile=naming.mobile(n),
            email=f"admin@{naming.domain(self.province, n)}",
        )

    def _website(self, n: int, k: int, sponsor: SponsorRecord, chance: random.Random) -> WebsiteRecord:
        domain = naming.domain(self.province, n, k)
        own = self.first_id + n * IDS_PER_FILING + k * IDS_PER_FILING // 2
        return WebsiteRecord(
            name=f"{sponsor.name}的网站"
            if sponsor.nature == INDIVIDUAL
            else f"{chance.choice(naming.WORDS)}{'商城' if k else '在线'}",
            provider_id=own + 1,
            person=sponsor.person,
            domains=(DomainRecord(name=domain, provider_id=own + 2),),
            accesses=(self._access(n, own, chance),),
            services=chance.choice(SERVICES),
            languages=(1,),
            approvals=self._approvals(n),
            home_page=f"http://www.{domain}/",
        )

    def _access(self, n: int, own: int, chance: random.Random) -> AccessRecord:
        first = ADDRESSES + n % ADDRESS_COUNT
        return AccessRecord(
            locations=(self.location,),
            methods=(chance.choice((2, 3, 5)),),
            ranges=(RangeRecord(first=first, last=first, provider_id=own + 4),),
            provider_id=own + 3,
        )

    def _approvals(self, n: int) -> tuple[PriorApprovalRecord, ...]:
        if self.form is None or n % 50 != 7:
            return ()
        return (PriorApprovalRecord(kind=EDUCATION, approval_number=f"合成教批{n}号", scans=(self.form,)),)

    def _attachments(self, sponsor: SponsorRecord) -> tuple[AttachmentRecord, ...]:
        if self.form is None:
            return ()
        owner = str(sponsor.provider_id)
        return (
            AttachmentRecord(
                format=JPEG, purpose=VERIFICATION_FORM, content=self.form, owner_kind=OF_SPONSOR, owner=owner
            ),
        )
