"""The items of the verification form (网站备案信息真实性核验单), as data.

Parts and items follow work plan 64 of 2010: the sponsor's certificate, contact details, website, access,
and the agreement. The counter's page, the form that is signed, and what a verification lacks are all made of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """A part of the form."""

    SUBJECT = "subject"
    CONTACT = "contact"
    WEBSITE = "website"
    ACCESS = "access"
    AGREEMENT = "agreement"

    @property
    def words(self) -> str:
        """What the form calls it."""
        return _PART_WORDS[self]


_PART_WORDS = {
    Part.SUBJECT: "主体信息",
    Part.CONTACT: "联系方式",
    Part.WEBSITE: "网站信息",
    Part.ACCESS: "接入信息",
    Part.AGREEMENT: "书面协议",
}


class Of(StrEnum):
    """What an item is asked of: the sponsor once, each person once, each website."""

    SPONSOR = "sponsor"
    PERSON = "person"
    WEBSITE = "website"


class Who(StrEnum):
    """For whose filing, or for which person, an item is asked."""

    ANYBODY = "anybody"
    ORGANISATION = "organisation"
    COMES = "comes"
    """The persons who have to come themselves."""


class Proof(StrEnum):
    """What answers an item beside a tick."""

    NONE = "none"
    READING = "reading"
    """The number is read from the original and compared."""
    PHOTO = "photo"
    """The photo itself: there is nothing to tick."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the form.

    `question` is what the counter asks, `line` how the form prints it, `facts` the fields of the case
    (`beian.web.filing.fields`) that are looked at for it; `about` is the one to put right where it is wrong.
    `passable` items may not apply. `piece` is the kind of material that may be kept of it here
    (`enterprise.models.PieceKind`).
    """

    key: str
    part: Part
    of: Of
    question: str
    line: str
    facts: tuple[str, ...] = ()
    who: Who = Who.ANYBODY
    about: str = ""
    proof: Proof = Proof.NONE
    passable: bool = False
    piece: str = ""


ITEMS: tuple[Item, ...] = (
    Item(
        key="certificate",
        part=Part.SUBJECT,
        of=Of.SPONSOR,
        who=Who.ORGANISATION,
        question="已查验主办单位证件原件，名称、住所与填写一致",
        line="查验证件原件",
        facts=("name", "certificate.type", "certificate.address"),
        about="name",
    ),
    Item(
        key="number",
        part=Part.SUBJECT,
        of=Of.SPONSOR,
        who=Who.ORGANISATION,
        question="证件号码与原件一致",
        line="证件号码正确",
        facts=("certificate.number",),
        about="certificate.number",
        proof=Proof.READING,
    ),
    Item(
        key="copy",
        part=Part.SUBJECT,
        of=Of.SPONSOR,
        who=Who.ORGANISATION,
        question="已留存主办单位证件复印件",
        line="留存复印件",
        piece="certificate",
    ),
    Item(
        key="certificate",
        part=Part.SUBJECT,
        of=Of.PERSON,
        question="已查验负责人证件原件，姓名、照片与本人一致",
        line="查验证件原件",
        facts=("name", "certificate_type"),
        about="name",
    ),
    Item(
        key="number",
        part=Part.SUBJECT,
        of=Of.PERSON,
        question="证件号码与原件一致",
        line="证件号码正确",
        facts=("certificate_number",),
        about="certificate_number",
        proof=Proof.READING,
    ),
    Item(
        key="copy",
        part=Part.SUBJECT,
        of=Of.PERSON,
        question="已留存负责人证件复印件",
        line="留存复印件",
        piece="identity",
    ),
    Item(
        key="photo",
        part=Part.SUBJECT,
        of=Of.PERSON,
        who=Who.COMES,
        question="已在幕布前采集现场照片并留存",
        line="采集并留存现场照片",
        proof=Proof.PHOTO,
        piece="photo",
    ),
    Item(
        key="mobile",
        part=Part.CONTACT,
        of=Of.PERSON,
        question="手机号码真实、可以接通",
        line="手机号码正确",
        facts=("mobile",),
        about="mobile",
    ),
    Item(
        key="telephone",
        part=Part.CONTACT,
        of=Of.PERSON,
        question="办公电话真实、可以接通",
        line="办公电话正确",
        facts=("telephone",),
        about="telephone",
        passable=True,
    ),
    Item(
        key="email",
        part=Part.CONTACT,
        of=Of.PERSON,
        question="电子邮件地址真实、可以收信",
        line="电子邮件正确",
        facts=("email",),
        about="email",
    ),
    Item(
        key="address",
        part=Part.CONTACT,
        of=Of.SPONSOR,
        question="通信地址真实、可以送达",
        line="通信地址正确",
        facts=("address.province address.city address.county", "address.detail"),
        about="address.detail",
    ),
    Item(
        key="name",
        part=Part.WEBSITE,
        of=Of.WEBSITE,
        question="网站名称规范，与主办者相符",
        line="网站名称规范",
        facts=("name",),
        about="name",
    ),
    Item(
        key="domains",
        part=Part.WEBSITE,
        of=Of.WEBSITE,
        question="域名正确，由主办者注册持有",
        line="网站域名正确",
        facts=("domains", "home_page"),
        about="domains",
    ),
    Item(
        key="contents",
        part=Part.WEBSITE,
        of=Of.WEBSITE,
        question="网站内容与填写的服务内容一致",
        line="网站内容正确",
        facts=("services", "languages"),
        about="services",
    ),
    Item(
        key="approvals",
        part=Part.WEBSITE,
        of=Of.WEBSITE,
        question="涉及前置审批的，已查验审批文件原件并留存",
        line="前置审批文件",
        facts=("approvals",),
        about="approvals",
        passable=True,
    ),
    Item(
        key="access",
        part=Part.ACCESS,
        of=Of.WEBSITE,
        question="接入方式、服务器放置地、IP 地址与实际接入一致",
        line="接入信息正确",
        facts=("accesses",),
        about="accesses",
    ),
    Item(
        key="agreement",
        part=Part.AGREEMENT,
        of=Of.SPONSOR,
        question="已与主办者签订书面协议并留存",
        line="签订并留存书面协议",
        piece="agreement",
    ),
)
"""The items in the order in which the form has them."""


class Said(StrEnum):
    """An answer."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "na"

    @property
    def words(self) -> str:
        """The answer in words."""
        return {Said.YES: "是", Said.NO: "否", Said.NOT_APPLICABLE: "不涉及"}[self]
