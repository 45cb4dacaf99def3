"""When a request needs verification in person, and why (当面核验).

Organisation or person: where who they are changes, the provider sees them in person. Contact details and
what a website is are verified promptly, not necessarily in person. Access is only to be kept true.
(Seed, Q&A 3.2 on work plan No. 64 of 2010.) Providers and bureaus ask the same function.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from beian.checks.base import Facts
from beian.checks.keys import compact
from beian.records import FilingRecord
from beian.records.differences import ADDED, CHANGED, LISTS, REMOVED, Delta, difference
from beian.records.matching import WEBSITE


class Level(StrEnum):
    """What a provider has to do, the gravest first."""

    REQUIRED = "required"
    ADVISABLE = "advisable"
    KEEP_TRUE = "keep_true"

    @property
    def words(self) -> str:
        """The level in words for people."""
        return _LEVEL_WORDS[self]


_LEVEL_WORDS = {
    Level.REQUIRED: "须当面核验",
    Level.ADVISABLE: "应及时核实，不要求当面核验",
    Level.KEEP_TRUE: "接入单位负责保持信息真实",
}
_GRAVEST_FIRST = list(Level)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: `place` is the part in Chinese, `field` the path of a `Delta`, `words` what happened there.

    It quotes no values: those are personal data.
    """

    level: Level
    place: str
    field: tuple[str, ...]
    words: str

    def __str__(self) -> str:
        return f"{self.place}：{self.words}"


@dataclass(frozen=True, slots=True)
class Verification:
    """What has to be verified; the reasons stand the gravest first."""

    level: Level
    reasons: tuple[Reason, ...]

    @property
    def required(self) -> tuple[Reason, ...]:
        """The reasons for which somebody must come in person."""
        return tuple(reason for reason in self.reasons if reason.level == Level.REQUIRED)


@dataclass(frozen=True, slots=True)
class Part:
    """What a field is called and what its changing needs.

    `person` is the level where that differs for a person's filing. `spelling` gives one form for all
    spellings of the same, where only becoming another needs somebody in person.
    """

    words: str
    level: Level
    person: Level | None = None
    spelling: Callable[[str], str] | None = None

    def level_for(self, is_person: bool | None) -> Level:
        """Give the level for the filing of a person or of an organisation; unknown counts as organisation."""
        return self.person or self.level if is_person else self.level


def _plain_name(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


_IDENTITY = {
    "name": Part("姓名", Level.REQUIRED, spelling=_plain_name),
    "certificate_type": Part("证件类型", Level.REQUIRED),
    "certificate_number": Part("证件号码", Level.REQUIRED, spelling=compact),
}
_CONTACT = {
    "telephone": Part("办公室电话", Level.ADVISABLE),
    "mobile": Part("手机号码", Level.ADVISABLE),
    "email": Part("电子邮件地址", Level.ADVISABLE),
    "msn": Part("MSN账号", Level.ADVISABLE),
    "qq": Part("QQ账号", Level.ADVISABLE),
}
_PERSON = _IDENTITY | _CONTACT
_ANY = "*"
_SITE = ("websites", _ANY)
_ACCESS = (*_SITE, "accesses", _ANY)

PARTS: dict[tuple[str, ...], Part] = {
    ("sponsor", "name"): Part("主办单位或主办人名称", Level.REQUIRED, spelling=_plain_name),
    ("sponsor", "certificate", "type"): Part("证件类型", Level.REQUIRED),
    ("sponsor", "certificate", "number"): Part("证件号码", Level.REQUIRED, spelling=compact),
    ("sponsor", "certificate", "address"): Part("证件住所", Level.REQUIRED, person=Level.ADVISABLE),
    **{("sponsor", "person", name): part for name, part in _PERSON.items()},
    ("sponsor", "nature"): Part("单位性质", Level.ADVISABLE),
    ("sponsor", "superior"): Part("投资人或主管单位", Level.ADVISABLE),
    ("sponsor", "address", "province"): Part("所在省", Level.ADVISABLE),
    ("sponsor", "address", "city"): Part("所在市", Level.ADVISABLE),
    ("sponsor", "address", "county"): Part("所在县", Level.ADVISABLE),
    ("sponsor", "address", "detail"): Part("详细地址", Level.ADVISABLE),
    ("sponsor", "remark"): Part("备注", Level.KEEP_TRUE),
    _SITE: Part("网站负责人", Level.REQUIRED),
    (*_SITE, "name"): Part("网站名称", Level.ADVISABLE),
    **{(*_SITE, "person", name): part for name, part in _PERSON.items()},
    (*_SITE, "home_page"): Part("首页地址", Level.ADVISABLE),
    (*_SITE, "services"): Part("服务内容", Level.ADVISABLE),
    (*_SITE, "languages"): Part("语言类别", Level.ADVISABLE),
    (*_SITE, "domains", _ANY): Part("域名", Level.ADVISABLE),
    (*_SITE, "domains", _ANY, "name"): Part("域名", Level.ADVISABLE),
    (*_SITE, "approvals", _ANY): Part("前置审批", Level.ADVISABLE),
    (*_SITE, "approvals", _ANY, "kind"): Part("前置审批类型", Level.ADVISABLE),
    (*_SITE, "approvals", _ANY, "approval_number"): Part("前置审批号", Level.ADVISABLE),
    (*_SITE, "approvals", _ANY, "scans"): Part("前置审批文件", Level.ADVISABLE),
    (*_SITE, "remark"): Part("备注", Level.KEEP_TRUE),
    _ACCESS: Part("接入信息", Level.KEEP_TRUE),
    (*_ACCESS, "provider"): Part("接入商", Level.KEEP_TRUE),
    (*_ACCESS, "locations"): Part("服务器放置地点", Level.KEEP_TRUE),
    (*_ACCESS, "methods"): Part("接入方式", Level.KEEP_TRUE),
    (*_ACCESS, "ranges", _ANY): Part("IP段", Level.KEEP_TRUE),
    (*_ACCESS, "ranges", _ANY, "first"): Part("起始IP", Level.KEEP_TRUE),
    (*_ACCESS, "ranges", _ANY, "last"): Part("终止IP", Level.KEEP_TRUE),
}
"""What each part of a filing needs when it changes; `*` stands for any object of a list."""

OF_THE_BUREAU: frozenset[tuple[str, ...]] = frozenset(
    {
        ("remark",),
        ("sponsor", "filing_number"),
        ("sponsor", "reported_by"),
        ("sponsor", "first_reported"),
        ("sponsor", "certificate_serial"),
        ("sponsor", "certificate_path"),
        ("sponsor", "certificate_expires"),
        (*_SITE, "filing_number"),
        (*_SITE, "first_reported"),
    }
)
"""What the bureau writes, or what says nothing about anybody: no verification."""

_KINDS = {CHANGED: "变更", ADDED: "新增", REMOVED: "删除"}
_LISTED = {name for lists in LISTS.values() for name in lists} | {"attachments"}


def verification(before: FilingRecord | None, after: FilingRecord, facts: Facts) -> Verification:
    """Say what has to be verified when `before`, as it is on file, becomes `after`, and why.

    A new filing (`before` is `None`) and a new website always need somebody in person; a new access,
    and taking something away, do not. An identity that is only spelled otherwise is the same one.
    """
    if before is None:
        found = list(_of_new_filing(after))
    else:
        is_person = facts.is_person(after.sponsor)
        found = [reason for delta in difference(before, after) for reason in _of_delta(delta, is_person)]
    found.sort(key=lambda reason: _GRAVEST_FIRST.index(reason.level))
    return Verification(found[0].level if found else Level.KEEP_TRUE, tuple(found))


def pattern(path: tuple[str, ...]) -> tuple[str, ...]:
    """Give the path of a difference with `*` for each object of a list."""
    return tuple(_ANY if index and path[index - 1] in _LISTED else step for index, step in enumerate(path))


def _of_new_filing(after: FilingRecord) -> Iterator[Reason]:
    yield Reason(Level.REQUIRED, "主体", ("sponsor",), "新增备案")
    for website in after.websites:
        yield _new_website(f"网站{WEBSITE.name(website)}", WEBSITE.step(website))


def _new_website(place: str, step: str) -> Reason:
    return Reason(Level.REQUIRED, place, ("websites", step, "person"), "新增网站，核验网站负责人")


def _of_delta(delta: Delta, is_person: bool | None) -> Iterator[Reason]:
    where = pattern(delta.path)
    part = PARTS.get(where)
    if part is None:
        return
    if where == _SITE:
        if delta.kind == ADDED:
            yield _new_website(delta.about, delta.field)
        return
    level, words = part.level_for(is_person), _KINDS[delta.kind]
    if part.spelling and part.spelling(delta.old or "") == part.spelling(delta.new or ""):
        level, words = Level.ADVISABLE, "写法变更"
    yield Reason(level, delta.about, delta.path, f"{part.words}{words}")
