"""The fields of a filing as data: what each is called, how it is asked for, and what helps to fill it in.

A section is a part of a draft that is filled in together; its `place` is a path as in findings with `*` for
every index. Pages, labels, corrections and the reading of what was typed all follow from these tables.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Widget(StrEnum):
    """How a field is asked for."""

    TEXT = "text"
    LONG = "long"
    CHOICE = "choice"
    CHOICES = "choices"
    REGION = "region"
    DOMAINS = "domains"
    RANGES = "ranges"


@dataclass(frozen=True, slots=True)
class Field:
    """A field: `name` is its path within the section, `options` the code table it chooses from.

    `level` is that of a region (1 province, 2 city, 3 county). `filter` keeps the entries of the table that
    have a true value in this column. `limit` counts characters (the wire's bounds).
    """

    name: str
    label: str
    widget: Widget = Widget.TEXT
    help: str = ""
    required: bool = False
    options: str = ""
    filter: str = ""
    level: int = 0
    limit: int = 0
    kind: str = "text"
    autocomplete: str = "off"
    inputmode: str = ""
    half: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that are filled in together, at `place` of a draft; `title` may stand before a number (网站1)."""

    place: str
    title: str
    fields: tuple[Field, ...]
    lead: str = ""

    def field(self, name: str) -> Field | None:
        """Give the field of that name."""
        return next((each for each in self.fields if each.name == name), None)


PERSON_FIELDS: tuple[Field, ...] = (
    Field("name", "姓名", required=True, autocomplete="name", limit=128, half=True),
    Field(
        "certificate_type",
        "证件类型",
        Widget.CHOICE,
        options="certificate_type",
        filter="responsible_person",
        required=True,
        half=True,
    ),
    Field("certificate_number", "证件号码", help="与证件原件一致，核验时须出示原件。", required=True, limit=128),
    Field(
        "mobile",
        "手机号码",
        help="11位，保持畅通：通信管理局和本单位会用它核实。多个用分号隔开。",
        required=True,
        kind="tel",
        autocomplete="tel",
        inputmode="tel",
        limit=128,
        half=True,
    ),
    Field(
        "telephone",
        "办公室电话",
        help="单位必填，如 020-12345678。多个用分号隔开。",
        kind="tel",
        inputmode="tel",
        limit=128,
        half=True,
    ),
    Field("email", "电子邮件地址", required=True, kind="email", autocomplete="email", inputmode="email", limit=128),
    Field("qq", "QQ账号", inputmode="numeric", limit=64, half=True),
    Field("msn", "MSN账号", kind="email", inputmode="email", limit=64, half=True),
)

SPONSOR = Section(
    "sponsor",
    "主体",
    (
        Field(
            "nature",
            "主办单位性质",
            Widget.CHOICE,
            options="organisation_nature",
            help="自己个人办网站，选“个人”。",
            required=True,
        ),
        Field(
            "name",
            "主办者名称",
            help="单位填写证件上的全称，个人填写姓名。",
            required=True,
            autocomplete="organization",
            limit=255,
        ),
        Field("certificate.type", "证件类型", Widget.CHOICE, options="certificate_type", required=True, half=True),
        Field("certificate.number", "证件号码", required=True, limit=128, half=True),
        Field("certificate.address", "证件住所", help="证件上印的地址。", required=True, limit=255),
        Field("superior", "投资者或上级主管单位", help="个人办网站的可不填。", limit=255),
        Field("address.province", "省", Widget.REGION, level=1, required=True),
        Field("address.city", "市", Widget.REGION, level=2, required=True),
        Field("address.county", "区县", Widget.REGION, level=3),
        Field(
            "address.detail",
            "详细通信地址",
            help="街道、门牌号，信件能够寄到。",
            autocomplete="street-address",
            limit=255,
        ),
        Field("remark", "备注", Widget.LONG, limit=1024),
    ),
)

SPONSOR_PERSON = Section(
    "sponsor.person",
    "主体负责人",
    PERSON_FIELDS,
    "单位的法定代表人或其授权的人；个人办网站的，就是本人。",
)

WEBSITE = Section(
    "websites.*",
    "网站",
    (
        Field("name", "网站名称", help="说明网站内容，不能只写域名。", required=True, limit=255),
        Field(
            "domains",
            "域名",
            Widget.DOMAINS,
            help="每行一个，只填注册的域名，不带 www，如 example.cn。",
            required=True,
        ),
        Field("home_page", "首页地址", help="如 http://www.example.cn/。", kind="url", inputmode="url", limit=255),
        Field("services", "网站服务内容", Widget.CHOICES, options="service_content", help="可多选。", required=True),
        Field("languages", "网站语言类别", Widget.CHOICES, options="language", help="可多选。", required=True),
        Field("remark", "备注", Widget.LONG, limit=1024),
    ),
)

WEBSITE_PERSON = Section("websites.*.person", "网站负责人", PERSON_FIELDS, "对网站内容负责的人，核验时须本人到场。")

APPROVAL = Section(
    "websites.*.approvals.*",
    "前置审批",
    (
        Field("kind", "审批内容类型", Widget.CHOICE, options="prior_approval", required=True, half=True),
        Field("approval_number", "审批号", required=True, limit=255, half=True),
    ),
)

_ACCESS_FIELDS: tuple[Field, ...] = (
    Field("methods", "接入方式", Widget.CHOICES, options="access_method", required=True),
    Field("locations", "服务器放置地点", Widget.CHOICES, options="server_location", required=True),
    Field(
        "ranges",
        "IP地址段",
        Widget.RANGES,
        help="每行一个地址或地址段：198.18.0.1、198.18.0.1-198.18.0.9 或 198.18.0.0/24。",
        required=True,
    ),
)

ACCESS = Section("websites.*.accesses.*", "接入", _ACCESS_FIELDS)
NEW_ACCESS = Section("access", "接入", _ACCESS_FIELDS)

CANCELLATION = Section(
    "",
    "注销",
    (
        Field("reason", "注销原因", Widget.CHOICE, options="cancellation_reason", required=True),
        Field("remark", "备注", Widget.LONG, limit=1024),
    ),
)

SECTIONS: tuple[Section, ...] = (
    SPONSOR,
    SPONSOR_PERSON,
    WEBSITE,
    WEBSITE_PERSON,
    APPROVAL,
    ACCESS,
    NEW_ACCESS,
    CANCELLATION,
)
BY_PLACE = {section.place: section for section in SECTIONS}


def place_of(path: str) -> str:
    """Give the place of a path: `websites.2.person` stands at `websites.*.person`."""
    return ".".join("*" if part.isdecimal() else part for part in path.split("."))


def section_at(path: str) -> Section:
    """Give the section that stands at `path`. Raises `KeyError` where none does."""
    return BY_PLACE[place_of(path)]


def field_at(path: str) -> tuple[str, Field] | None:
    """Find the field that a finding's path belongs to: its section's path, and the field.

    `websites.0.domains.1.name` belongs to the field `domains` of `websites.0`. None for a whole section or
    what no form asks for.
    """
    parts = path.split(".")
    for length in range(len(parts) - 1, -1, -1):
        section = BY_PLACE.get(place_of(".".join(parts[:length])))
        if section is None:
            continue
        rest = ".".join(parts[length:])
        found = next((each for each in section.fields if rest == each.name or rest.startswith(f"{each.name}.")), None)
        if found is not None:
            return ".".join(parts[:length]), found
    return None


def at_ease(section: Section, *names: str) -> Section:
    """Give a section in which the fields `names` may stay empty: somebody else fills them in."""
    return replace(
        section,
        fields=tuple(replace(each, required=each.required and each.name not in names) for each in section.fields),
    )
