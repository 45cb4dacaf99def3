"""The fields of a filing as pages show them: what each is called, how it is written, what of it is personal.

One table for every page: the sheet of a request, old beside new, a filing on file. `paths` are the
attributes of the object that the field is made of, as differences name them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from beian.checks.names import dotted
from beian.records import RangeRecord
from beian.records.people import values_of
from beian.web.filing import masks
from beian.web.filing.names import Names

REPORTED_BY = {0: "主办者自行报备", 1: "接入商代为报备"}

Write = Callable[[Names, Any], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Item:
    """One value of a field: as it is, and as the page may show it."""

    plain: str
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of an object. `write` gives its values in words; `mask` hides what is personal in each.

    `coded` values are names out of a list: two of them are the same or not, whatever letters they share.
    """

    paths: tuple[str, ...]
    label: str
    write: Write
    mask: Callable[[str], str] | None = None
    between: str = "、"
    wide: bool = False
    code: bool = False
    coded: bool = False

    def items(self, names: Names, record: Any, *, plain: bool) -> tuple[Item, ...]:
        """Give the values of this field of `record`; none where nothing was given, or there is no record."""
        values = [_read(record, path) for path in self.paths]
        if all(value is None for value in values):
            return ()
        return self.of(names, values[0] if len(values) == 1 else values, plain=plain)

    def of(self, names: Names, value: Any, *, plain: bool) -> tuple[Item, ...]:
        """Write `value`, which is that of the attribute, or a list of them where there are several `paths`."""
        written = (text for text in self.write(names, value) if text)
        hide = self.mask if self.mask and not plain else None
        return tuple(Item(text, hide(text) if hide else text) for text in written)

    def text(self, names: Names, record: Any, *, plain: bool) -> str:
        """Give all values in one line, as they may be shown."""
        return self.between.join(item.shown for item in self.items(names, record, plain=plain))


def _read(record: Any, path: str) -> Any:
    for part in path.split("."):
        record = getattr(record, part, None)
    return record


def _text(names: Names, value: Any) -> Iterable[str]:
    yield str(value)


def _each(names: Names, value: str) -> Iterable[str]:
    """Several values may stand with `;` between."""
    return values_of(value)


def _region(names: Names, value: list[int | None]) -> Iterable[str]:
    yield names.region(*value)


def _reported_by(names: Names, value: int) -> Iterable[str]:
    yield REPORTED_BY.get(value, f"未知代码 {value}")


def _domains(names: Names, value: Iterable[Any]) -> Iterable[str]:
    return [domain.name for domain in value]


def _ranges(names: Names, value: Iterable[RangeRecord]) -> Iterable[str]:
    return [address_range(each) for each in value]


def _scans(names: Names, value: tuple[Any, ...]) -> Iterable[str]:
    yield f"{len(value)} 份" if value else "无"


def address_range(addresses: RangeRecord) -> str:
    """Write a range dotted; a single address once."""
    if addresses.first == addresses.last:
        return dotted(addresses.first)
    return f"{dotted(addresses.first)} – {dotted(addresses.last)}"


def _field(paths: str, label: str, write: Write = _text, **more: Any) -> Field:
    return Field(paths=tuple(paths.split()), label=label, write=write, **more)


def _code(path: str, label: str, table: str) -> Field:
    return _field(path, label, lambda names, value: (names.code(table, value),), coded=True)


def _codes(path: str, label: str, table: str) -> Field:
    return _field(path, label, lambda names, value: [names.code(table, code) for code in value], coded=True)


SPONSOR = (
    _field("name", "主办者名称", wide=True),
    _code("nature", "单位性质", "organisation_nature"),
    _field("superior", "主管单位"),
    _code("certificate.type", "证件类型", "certificate_type"),
    _field("certificate.number", "证件号码", mask=masks.certificate_number, code=True),
    _field("certificate.address", "证件住所", mask=masks.postal, wide=True),
    _field("address.province address.city address.county", "所在地区", _region),
    _field("address.detail", "通信地址", mask=masks.postal),
    _field("reported_by", "报备方式", _reported_by),
    _field("remark", "备注", wide=True),
)

PERSON = (
    _field("name", "姓名"),
    _code("certificate_type", "证件类型", "certificate_type"),
    _field("certificate_number", "证件号码", mask=masks.certificate_number, code=True),
    _field("mobile", "手机号码", _each, mask=masks.telephone, between="; ", code=True),
    _field("telephone", "办公电话", _each, mask=masks.telephone, between="; ", code=True),
    _field("email", "电子邮件", _each, mask=masks.email, between="; "),
    _field("msn", "MSN", _each, mask=masks.email, between="; "),
    _field("qq", "QQ", _each, mask=masks.account, between="; ", code=True),
)

WEBSITE = (
    _field("name", "网站名称", wide=True),
    _field("domains", "域名", _domains, wide=True, code=True),
    _field("home_page", "首页地址", wide=True, code=True),
    _codes("services", "服务内容", "service_content"),
    _codes("languages", "语言类别", "language"),
    _field("remark", "备注", wide=True),
)

ACCESS = (
    _codes("methods", "接入方式", "access_method"),
    _codes("locations", "服务器放置地", "server_location"),
    _field("ranges", "IP 地址", _ranges, wide=True, code=True),
)

APPROVAL = (
    _code("kind", "审批内容", "prior_approval"),
    _field("approval_number", "审批文号"),
    _field("scans", "扫描件", _scans),
)
