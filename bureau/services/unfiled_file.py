"""A list of unfiled websites as a CSV file: read whole, every bad row reported with its line.

The first line names the columns, in any order. Spreadsheets in use here save either UTF-8 or GB18030.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from beian.checks.names import a_label, dotted_address
from beian.models import Node, User
from beian.services.refusals import Invalid
from bureau.models import UnfiledWebsite
from bureau.services.unfiled import Item, list_items

MOST_ROWS = 1_000
MOST_BYTES = 1_048_576
DOMAIN_LENGTH = (4, 128)

_DAY = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})")

REQUIRED = ("域名", "IP地址", "接入商标识", "运营商标识", "处理时限")
OPTIONAL = ("检测日期", "所属省")
TEMPLATE = "\ufeff" + ",".join((*REQUIRED, *OPTIONAL)) + "\r\n"
"""What the page offers as an empty file; the mark at its start lets spreadsheets read it as UTF-8."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A line of the file that cannot be listed, and all that is wrong with it."""

    line: int
    domain: str
    problems: tuple[str, ...]


class BadFile(Exception):
    """The file cannot be listed: `message` where it is none, else `rows` has every bad one."""

    def __init__(self, message: str, rows: tuple[BadRow, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.rows = rows


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file under the number of its line."""

    number: int
    values: Mapping[str, str]


def import_file(bureau: Node, actor: User, content: bytes) -> list[UnfiledWebsite]:
    """List every website of the file, or none. Raises `BadFile`."""
    lines = _lines(content)
    read = [_Reader(line, bureau) for line in lines]
    bad = [BadRow(each.line.number, each.domain, tuple(each.problems)) for each in read if each.problems]
    if bad:
        raise _bad(bad)
    items = [each.item() for each in read]
    try:
        return list_items(bureau, actor, items)
    except Invalid as error:
        rows = [
            BadRow(lines[int(place)].number, items[int(place)].domain, tuple(_in_lines(problems, lines)))
            for place, problems in error.errors.items()
        ]
        raise _bad(rows) from None


def _bad(rows: list[BadRow]) -> BadFile:
    return BadFile(f"{len(rows)}行有误，整个文件没有导入。请更正后重新上传。", tuple(rows))


def _in_lines(problems: list[str], lines: list[Line]) -> Iterator[str]:
    """Say lines of the file where the service says places of its list."""
    for problem in problems:
        place = problem.removeprefix("与第").removesuffix("条重复。")
        yield f"与第{lines[int(place) - 1].number}行重复。" if place.isdecimal() else problem


def _lines(content: bytes) -> list[Line]:
    if len(content) > MOST_BYTES:
        raise BadFile(f"文件过大：最大{MOST_BYTES // 1024}KB。")
    reader = csv.DictReader(io.StringIO(_text(content), newline=""), strict=True)
    try:
        names = [name.strip() for name in reader.fieldnames or []]
        if missing := [name for name in REQUIRED if name not in names]:
            raise BadFile(f"第一行缺少列：{'、'.join(missing)}。")
        reader.fieldnames = names
        lines = [Line(reader.line_num, _stripped(row)) for row in reader if any(row.values())]
    except csv.Error as error:
        raise BadFile(f"第{reader.line_num}行不是合法的CSV：{error}") from None
    if not lines:
        raise BadFile("文件中没有网站。")
    if len(lines) > MOST_ROWS:
        raise BadFile(f"一次最多导入{MOST_ROWS}行，文件有{len(lines)}行。")
    return lines


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise BadFile("无法识别的文件：请上传UTF-8或GBK编码的CSV文件。")


def _stripped(row: Mapping[Any, Any]) -> dict[str, str]:
    return {str(name): str(value or "").strip() for name, value in row.items() if name is not None}


class _Reader:
    """Reads one row, gathering everything that is wrong with it."""

    def __init__(self, line: Line, bureau: Node) -> None:
        self.line, self.problems = line, list[str]()
        self.domain = self._read("域名", read_domain) or line.values.get("域名", "")
        self._values: dict[str, Any] = {
            "domain": self.domain,
            "address": self._read("IP地址", read_address),
            "isp_id": self._read("接入商标识", _identifier),
            "carrier": self._read("运营商标识", _identifier),
            "due": self._read("处理时限", _date),
            "detected": self._read("检测日期", _date, timezone.localdate()),
            "province": self._read("所属省", _province, bureau.province),
        }

    def item(self) -> Item:
        """Give the row; only where there are no problems."""
        return Item(**self._values)

    def _read(self, name: str, read: Callable[[str], Any], default: Any = None) -> Any:
        text = self.line.values.get(name, "")
        if not text:
            if default is None:
                self.problems.append(f"缺少{name}。")
            return default
        try:
            return read(text)
        except ValueError as error:
            self.problems.append(f"{name}“{text[:40]}”有误：{error}")
            return None


def read_domain(text: str) -> str:
    """Read a domain as it may travel. Raises `ValueError` with words for the person."""
    name = text.strip().lower()
    if dotted_address(name) is None and ("." not in name or a_label(name) is None):
        raise ValueError("不是域名。")
    shortest, longest = DOMAIN_LENGTH
    if not shortest <= len(name) <= longest:
        raise ValueError(f"应为{shortest}至{longest}个字符。")
    return name


def read_address(text: str) -> int:
    """Read a dotted IPv4 address. Raises `ValueError` with words for the person."""
    address = dotted_address(text.strip())
    if not address:
        raise ValueError("应为IPv4地址，例如203.0.113.8。")
    return address


def _identifier(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 12 and int(text)):
        raise ValueError("应为12位以内的数字。")
    return int(text)


def _date(text: str) -> datetime.date:
    match = _DAY.fullmatch(text)
    try:
        return datetime.date(*(int(part) for part in match.groups())) if match else datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError("应为日期，例如2026-12-31。") from None


def _province(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) == 6 and text.endswith("0000")):
        raise ValueError("应为六位省代码，例如440000。")
    return int(text)
