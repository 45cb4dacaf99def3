"""Valid records to start from: a test takes one and changes the one thing that it is about.

Everything here is synthetic. Identity numbers and credit codes carry right check characters but the
county code 440099, which does not exist; domains begin with `example`; addresses lie in 198.18.0.0/15,
which is reserved for benchmarks; telephone numbers begin where none are given out.
The seed `n` decides every value that must be unique, so that two filings of different seeds never conflict.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import io
from typing import Any

from PIL import Image
from stdnum.cn import ric, uscc

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

NOWHERE = "440099"
"""A county code of Guangdong that was never given out."""

FIRST_ADDRESS = (198 << 24) + (18 << 16)

WEBSITES_OF_ONE_SEED = 100
"""Website seeds that belong to one filing seed: `website(n * 100 + k)` is website k of filing n."""

_BUSINESS_LICENCE, _IDENTITY_CARD = 1, 2
_ENTERPRISE, _INDIVIDUAL = 4, 5


def identity_number(seed: int = 1, *, place: str = NOWHERE) -> str:
    """A resident identity number of 18 characters with the right check digit, one for each seed."""
    born = datetime.date(1960, 1, 1) + datetime.timedelta(days=seed % 15_000)
    first = f"{place}{born:%Y%m%d}{seed // 15_000 % 1000:03d}"
    return first + ric.calc_check_digit(first + "0")


def organisation_code(seed: int = 1) -> str:
    """An organisation code (组织机构代码): eight characters, a hyphen, the check character of GB 11714."""
    first = f"{seed % 100_000_000:08d}"
    total = sum(int(digit) * weight for digit, weight in zip(first, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    check = 11 - total % 11
    return f"{first}-{'X' if check == 10 else 0 if check == 11 else check}"


def credit_code(seed: int = 1, *, kind: str = "91") -> str:
    """A unified social credit code with both check characters right, one for each seed."""
    first = f"{kind}{NOWHERE}{organisation_code(seed).replace('-', '')}"
    return str(first + uscc.calc_check_digit(first))


def jpeg_bytes(kb: int = 4, *, more: int = 0) -> bytes:
    """A JPEG image of exactly `kb` × 1,024 + `more` bytes, filled up with comment segments."""
    buffer = io.BytesIO()
    Image.new("RGB", (16, 12), (200, 30, 30)).save(buffer, "JPEG", quality=30)
    image = buffer.getvalue()
    missing = kb * 1024 + more - len(image)
    if missing < 4:
        raise ValueError(f"no JPEG is that small: {kb} KB + {more}")
    comments = []
    while missing:
        size = missing if missing <= 65_537 else min(65_537, missing - 4)
        comments.append(b"\xff\xfe" + (size - 2).to_bytes(2, "big") + b" " * (size - 4))
        missing -= size
    return image[:2] + b"".join(comments) + image[2:]


def png_bytes(size: tuple[int, int] = (16, 12)) -> bytes:
    """A small PNG image."""
    buffer = io.BytesIO()
    Image.new("RGB", size, (30, 200, 30)).save(buffer, "PNG")
    return buffer.getvalue()


def content(data: bytes | None = None, *, media_type: str = "image/jpeg") -> ContentRecord:
    """What the attachment store says of `data` (a JPEG of 4 KB where none is given)."""
    data = jpeg_bytes() if data is None else data
    return ContentRecord(sha256=hashlib.sha256(data).hexdigest(), size=len(data), media_type=media_type)


def person(n: int = 1, **changes: Any) -> PersonRecord:
    """A responsible person who can be reached, without MSN and QQ."""
    values: dict[str, Any] = {
        "name": f"示例人{n}",
        "certificate_type": _IDENTITY_CARD,
        "certificate_number": identity_number(n),
        "telephone": f"020-{n % 100_000_000:08d}",
        "mobile": f"1600{n % 10_000_000:07d}",
        "email": f"person{n}@example{n}.cn",
    }
    return PersonRecord(**(values | changes))


def sponsor(n: int = 1, *, organisation: bool = True, **changes: Any) -> SponsorRecord:
    """A company of Shenzhen with a credit code, or a person with an identity card."""
    number = credit_code(n) if organisation else identity_number(n)
    values: dict[str, Any] = {
        "name": f"示例科技有限公司{n}" if organisation else f"示例人{n}",
        "provider_id": 1_000_000 + n,
        "nature": _ENTERPRISE if organisation else _INDIVIDUAL,
        "superior": f"示例集团{n}" if organisation else None,
        "address": AddressRecord(province=440000, city=440300, county=440305, detail=f"示例路{n}号"),
        "certificate": CertificateRecord(
            type=_BUSINESS_LICENCE if organisation else _IDENTITY_CARD,
            number=number,
            address=f"广东省深圳市示例路{n}号",
        ),
        "person": person(n),
        "reported_by": 0,
    }
    return SponsorRecord(**(values | changes))


def domain(n: int = 1, name: str | None = None, **changes: Any) -> DomainRecord:
    """A domain `example….cn`."""
    return DomainRecord(**({"name": name or f"example{n}.cn", "provider_id": 3_000_000 + n} | changes))


def address_range(n: int = 1, *, count: int = 1, **changes: Any) -> RangeRecord:
    """A range of `count` addresses beginning at 198.18.0.0 + n."""
    first = FIRST_ADDRESS + n
    values: dict[str, Any] = {"first": first, "last": first + count - 1, "provider_id": 5_000_000 + n}
    return RangeRecord(**(values | changes))


def access(n: int = 1, **changes: Any) -> AccessRecord:
    """An access in Guangdong by virtual host with one address."""
    values: dict[str, Any] = {
        "locations": (5,),
        "methods": (3,),
        "ranges": (address_range(n),),
        "provider_id": 4_000_000 + n,
    }
    return AccessRecord(**(values | changes))


def approval(n: int = 1, **changes: Any) -> PriorApprovalRecord:
    """A prior approval for news with one scan."""
    values: dict[str, Any] = {"kind": 1, "approval_number": f"示例批〔2024〕{n}号", "scans": (content(),)}
    return PriorApprovalRecord(**(values | changes))


def website(n: int = 1, **changes: Any) -> WebsiteRecord:
    """A website with one domain, one access and a home page."""
    values: dict[str, Any] = {
        "name": f"示例网站{n}",
        "provider_id": 2_000_000 + n,
        "person": person(n),
        "domains": (domain(n),),
        "accesses": (access(n),),
        "services": (8,),
        "languages": (1,),
        "home_page": f"http://www.example{n}.cn/",
    }
    return WebsiteRecord(**(values | changes))


def attachment(
    owner: str, *, owner_kind: int = 1, purpose: int = 1, data: bytes | None = None, **changes: Any
) -> AttachmentRecord:
    """An attachment of the object with the id `owner`: the verification form as a JPEG unless told otherwise."""
    values: dict[str, Any] = {
        "format": 1,
        "purpose": purpose,
        "content": content(data),
        "owner_kind": owner_kind,
        "owner": owner,
    }
    return AttachmentRecord(**(values | changes))


def filing(n: int = 1, *, organisation: bool = True, websites: int = 1, **changes: Any) -> FilingRecord:
    """A new filing that every check accepts: a sponsor, its websites, and the verification form."""
    owner = sponsor(n, organisation=organisation)
    values: dict[str, Any] = {
        "sponsor": owner,
        "websites": tuple(website(n * WEBSITES_OF_ONE_SEED + k) for k in range(1, websites + 1)),
        "attachments": (attachment(str(owner.provider_id)),),
    }
    return FilingRecord(**(values | changes))


def changed(record: Any, path: str, value: Any) -> Any:
    """Give `record` with the field at `path` (`websites.0.domains.1.name`) replaced by `value`."""
    head, _, rest = path.partition(".")
    if isinstance(record, tuple):
        index = int(head)
        new = changed(record[index], rest, value) if rest else value
        return (*record[:index], new, *record[index + 1 :])
    return dataclasses.replace(record, **{head: changed(getattr(record, head), rest, value) if rest else value})


def without_ids(filing: FilingRecord) -> FilingRecord:
    """Give a new filing as it is filled in: no ids yet, attachments by the place of their owner."""
    websites = tuple(
        dataclasses.replace(
            each,
            provider_id=None,
            domains=tuple(dataclasses.replace(domain, provider_id=None) for domain in each.domains),
            accesses=tuple(
                dataclasses.replace(
                    access,
                    provider_id=None,
                    ranges=tuple(dataclasses.replace(each, provider_id=None) for each in access.ranges),
                )
                for access in each.accesses
            ),
        )
        for each in filing.websites
    )
    return dataclasses.replace(
        filing,
        sponsor=dataclasses.replace(filing.sponsor, provider_id=None),
        websites=websites,
        attachments=tuple(dataclasses.replace(each, owner="sponsor") for each in filing.attachments),
    )
