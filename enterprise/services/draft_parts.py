"""The parts of a draft, read one by one; what is missing or unreadable is noted under its path.

Forgiven is what cannot be meant otherwise: blanks around a value, full-width letters and digits in numbers,
telephones, addresses and domains, `；` between several values.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from beian.records import (
    AccessRecord,
    AddressRecord,
    AttachmentRecord,
    CertificateRecord,
    ContentRecord,
    DomainRecord,
    PersonRecord,
    PriorApprovalRecord,
    RangeRecord,
    SponsorRecord,
    WebsiteRecord,
)

Part = Mapping[str, Any]
NOTHING: Part = {}
KEPT_OF_SPONSOR = (
    "filing_number", "first_reported", "last_modified", "certificate_serial", "certificate_path",
    "certificate_expires", "reviewer", "reviewed",
)  # fmt: skip
"""What nobody types of a sponsor on file: carried along as it is."""
KEPT_OF_WEBSITE = ("filing_number", "first_reported", "last_modified")

_NUMBER = re.compile(r"[0-9]{1,19}")
_PLAIN_PERSON = ("certificate_number", "telephone", "mobile", "email", "msn", "qq")


class Reader:
    """Reads the parts of one draft. `errors` gathers what is wrong: path → messages."""

    def __init__(self) -> None:
        self.errors: dict[str, list[str]] = {}

    def wrong(self, path: str, message: str) -> None:
        """Note an error."""
        self.errors.setdefault(path, []).append(message)

    def part(self, value: Any) -> Part:
        """Give a part of a draft; an empty one where nothing was typed yet."""
        return value if isinstance(value, Mapping) else NOTHING

    def parts(self, value: Any) -> list[Part]:
        """Give a list of parts of a draft."""
        return [self.part(each) for each in value] if isinstance(value, list | tuple) else []

    def text(self, part: Any, path: str, name: str, *, required: str = "", plain: bool = False) -> str | None:
        """Read a text; None where nothing was typed, which is an error where `required` has a message.

        `plain` reads full-width characters as ordinary ones.
        """
        value = self.part(part).get(name)
        found = "" if value is None else str(value).strip()
        if plain:
            found = halved(found)
        if not found and required:
            self.wrong(f"{path}.{name}" if path else name, required)
        return found or None

    def number(self, part: Any, path: str, name: str, *, required: str = "") -> int | None:
        """Read a number or a code; None where nothing was typed."""
        found = self.text(part, path, name, required=required, plain=True)
        if found is None:
            return None
        if not _NUMBER.fullmatch(found):
            self.wrong(f"{path}.{name}" if path else name, f"“{found}”不是数字。")
            return None
        return int(found)

    def codes(self, part: Part, path: str, name: str) -> tuple[int, ...]:
        """Read the codes that were ticked."""
        values = part.get(name)
        chosen = [str(each) for each in values] if isinstance(values, list | tuple) else []
        if strange := [each for each in chosen if not _NUMBER.fullmatch(each)]:
            self.wrong(f"{path}.{name}", f"“{strange[0]}”不是代码。")
        return tuple(int(each) for each in chosen if _NUMBER.fullmatch(each))

    def at_least_one(self, part: Part, name: str, message: str, path: str = "") -> None:
        """Note an error where a list is empty."""
        if not part.get(name):
            self.wrong(f"{path}.{name}" if path else name, message)

    def sponsor(self, value: Any, path: str) -> SponsorRecord:
        """Read a sponsor."""
        part = self.part(value)
        return SponsorRecord(
            name=self.text(part, path, "name", required="请填写主办者名称。") or "",
            certificate=self._certificate(part.get("certificate"), f"{path}.certificate"),
            address=self._address(part.get("address"), f"{path}.address"),
            person=self.person(part.get("person"), f"{path}.person"),
            number=self.number(part, path, "number"),
            provider_id=self.number(part, path, "provider_id"),
            nature=self.number(part, path, "nature"),
            superior=self.text(part, path, "superior"),
            reported_by=self.number(part, path, "reported_by"),
            remark=self.text(part, path, "remark"),
            **{name: part.get(name) for name in KEPT_OF_SPONSOR},
        )

    def _certificate(self, value: Any, path: str) -> CertificateRecord:
        return CertificateRecord(
            type=self.number(value, path, "type", required="请选择证件类型。") or 0,
            number=self.text(value, path, "number", required="请填写证件号码。", plain=True) or "",
            address=self.text(value, path, "address", required="请填写证件住所。") or "",
        )

    def _address(self, value: Any, path: str) -> AddressRecord:
        return AddressRecord(
            province=self.number(value, path, "province", required="请选择省。") or 0,
            city=self.number(value, path, "city"),
            county=self.number(value, path, "county"),
            detail=self.text(value, path, "detail"),
        )

    def person(self, value: Any, path: str) -> PersonRecord:
        """Read a responsible person; what has to be there, the rules say."""
        plain = {name: self.text(value, path, name, plain=True) for name in _PLAIN_PERSON}
        kind = self.number(value, path, "certificate_type")
        return PersonRecord(name=self.text(value, path, "name"), certificate_type=kind, **plain)

    def websites(self, draft: Part) -> tuple[WebsiteRecord, ...]:
        """Read the websites of a draft."""
        return tuple(
            self.website(part, f"websites.{index}") for index, part in enumerate(self.parts(draft.get("websites")))
        )

    def website(self, part: Part, path: str) -> WebsiteRecord:
        """Read a website with its domains, approvals and accesses."""
        self.at_least_one(part, "domains", "请填写域名。", path)
        accesses = self.parts(part.get("accesses"))
        return WebsiteRecord(
            name=self.text(part, path, "name", required="请填写网站名称。") or "",
            person=self.person(part.get("person"), f"{path}.person"),
            domains=tuple(
                self._domain(each, f"{path}.domains.{index}")
                for index, each in enumerate(self.parts(part.get("domains")))
            ),
            accesses=tuple(self.access(each, f"{path}.accesses.{index}") for index, each in enumerate(accesses)),
            services=self.codes(part, path, "services"),
            languages=self.codes(part, path, "languages"),
            approvals=tuple(
                self._approval(each, f"{path}.approvals.{index}")
                for index, each in enumerate(self.parts(part.get("approvals")))
            ),
            number=self.number(part, path, "number"),
            provider_id=self.number(part, path, "provider_id"),
            home_page=self.text(part, path, "home_page", plain=True),
            remark=self.text(part, path, "remark"),
            **{name: part.get(name) for name in KEPT_OF_WEBSITE},
        )

    def _domain(self, part: Part, path: str) -> DomainRecord:
        return DomainRecord(
            name=self.text(part, path, "name", required="请填写域名。", plain=True) or "",
            number=self.number(part, path, "number"),
            provider_id=self.number(part, path, "provider_id"),
        )

    def _approval(self, part: Part, path: str) -> PriorApprovalRecord:
        return PriorApprovalRecord(
            kind=self.number(part, path, "kind", required="请选择前置审批内容类型。") or 0,
            approval_number=self.text(part, path, "approval_number", required="请填写前置审批号。") or "",
            scans=tuple(content_of(each) for each in self.parts(part.get("scans"))),
        )

    def access(self, value: Any, path: str) -> AccessRecord:
        """Read an access; one without address ranges cannot be uploaded."""
        part = self.part(value)
        self.at_least_one(part, "ranges", "请填写IP地址段。", path)
        ranges = self.parts(part.get("ranges"))
        return AccessRecord(
            locations=self.codes(part, path, "locations"),
            methods=self.codes(part, path, "methods"),
            ranges=tuple(self._range(each, f"{path}.ranges.{index}") for index, each in enumerate(ranges)),
            number=self.number(part, path, "number"),
            provider_id=self.number(part, path, "provider_id"),
            provider=self.number(part, path, "provider"),
            reported_by=self.number(part, path, "reported_by"),
        )

    def _range(self, part: Part, path: str) -> RangeRecord:
        first = self.text(part, path, "first", required="请填写起始IP。", plain=True) or ""
        last = self.text(part, path, "last", required="请填写终止IP。", plain=True) or ""
        start = self._bound(first, f"{path}.first", 0)
        # One address, or a block, is typed once and wrong once, though it stands for both ends.
        end = self._bound(last, f"{path}.last", -1) if last != first or "/" in last else start
        return RangeRecord(
            first=start,
            last=end,
            number=self.number(part, path, "number"),
            provider_id=self.number(part, path, "provider_id"),
        )

    def _bound(self, text: str, path: str, end: int) -> int:
        """Read a dotted address, or one end of a block that is written with its prefix length."""
        if not text:
            return 0
        try:
            return int(ipaddress.IPv4Network(text)[end] if "/" in text else ipaddress.IPv4Address(text))
        except ValueError:
            if end == 0 or "/" not in text:
                self.wrong(path, _no_address(text))
            return 0

    def attachments(
        self, draft: Part, sponsor: SponsorRecord | None, websites: tuple[WebsiteRecord, ...], named: str = ""
    ) -> tuple[AttachmentRecord, ...]:
        """Read the attachments. A place whose object has an id already becomes that id.

        `named` is what the request names on file: the sponsor of new websites, the website of a new access.
        """
        owners = {"sponsor": named or _id(sponsor), "website": named}
        owners |= {f"websites.{index}": _id(each) for index, each in enumerate(websites)}
        return tuple(
            self._attachment(part, f"attachments.{index}", owners)
            for index, part in enumerate(self.parts(draft.get("attachments")))
        )

    def _attachment(self, part: Part, path: str, owners: dict[str, str]) -> AttachmentRecord:
        owner = str(part.get("owner") or "")
        return AttachmentRecord(
            format=self.number(part, path, "format", required="缺少附件格式。") or 0,
            purpose=self.number(part, path, "purpose", required="缺少附件用途。") or 0,
            content=content_of(self.part(part.get("content"))),
            owner_kind=self.number(part, path, "owner_kind", required="缺少所属对象。") or 0,
            owner=owners.get(owner) or owner,
            remark=self.text(part, path, "remark"),
        )


def content_of(part: Part) -> ContentRecord:
    """Read what the store says of a file."""
    return ContentRecord(
        sha256=str(part.get("sha256") or ""),
        size=int(part.get("size") or 0),
        media_type=str(part.get("media_type") or ""),
    )


def _no_address(text: str) -> str:
    try:
        ipaddress.IPv6Interface(text)
    except ValueError:
        return f"“{text}”不是IPv4地址或地址段，应形如 198.18.0.1。"
    return f"“{text}”是IPv6地址：管局的接口只接受IPv4地址，请填写IPv4地址。"


def halved(text: str) -> str:
    """Give a text with ordinary letters, digits and signs in place of full-width ones (`１２３；` → `123;`)."""
    return unicodedata.normalize("NFKC", text).replace("。", ".").replace("．", ".").strip()


def _id(record: SponsorRecord | WebsiteRecord | None) -> str:
    own = record and (record.number or record.provider_id)
    return str(own) if own else ""
