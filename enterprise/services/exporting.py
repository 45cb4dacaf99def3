"""Holdings as a file: a line a website, streamed as CSV or written as an Excel workbook, whatever their number.

What a cell says is text: Excel takes nothing that sponsors wrote for a formula.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO, Any

import xlsxwriter
from django.db.models import QuerySet

from beian import events
from beian.checks.names import dotted
from beian.models import Node, Sponsor, User
from beian.records import FilingRecord, WebsiteRecord
from beian.records.rows import filings
from beian.web.filing.names import Names

AT_ONCE = 500
"""Filings that are read together."""

MOST_ROWS = 1_000_000
"""Lines of a sheet: Excel takes 1,048,576."""

HEADS = (
    "主体备案号", "主体编号", "主办者名称", "单位性质", "证件类型", "主体负责人", "网站备案号", "网站编号", "网站名称",
    "域名", "首页", "服务内容", "网站负责人", "本单位接入方式", "服务器放置地", "IP地址", "首次备案", "最近变更",
)  # fmt: skip
PERSONAL = (
    "证件号码", "证件住所", "通信地址", "主体负责人证件号码", "主体负责人手机", "主体负责人电话", "主体负责人邮箱",
    "网站负责人证件号码", "网站负责人手机", "网站负责人电话", "网站负责人邮箱",
)  # fmt: skip

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Export:
    """What is exported: whose holdings, which of them, and whether with personal data."""

    provider: Node
    holdings: QuerySet[Sponsor]
    persons: bool = False

    @property
    def heads(self) -> tuple[str, ...]:
        """The titles of the columns."""
        return HEADS + PERSONAL if self.persons else HEADS

    def lines(self) -> Iterator[tuple[str, ...]]:
        """Give a line for each website, in the order of the sponsors' numbers; a few hundred filings are in memory."""
        names = Names([], [])
        last = 0
        while numbers := self._after(last):
            last = numbers[-1]
            found = filings(self.provider, numbers, isp_id=self.provider.isp_id)
            for number in numbers:
                if filing := found.get(number):
                    yield from (self._line(filing, website, names) for website in filing.websites)

    def _after(self, number: int) -> list[int]:
        rows = self.holdings.filter(number__gt=number).order_by("number")
        return list(rows.values_list("number", flat=True)[:AT_ONCE])

    def _line(self, filing: FilingRecord, website: WebsiteRecord, names: Names) -> tuple[str, ...]:
        line = _plain(filing, website, names, self.provider.isp_id)
        return (*line, *_personal(filing, website)) if self.persons else line


def note(export: Export, actor: User, format: str, chosen: str, reason: str) -> None:
    """Write down that holdings left: who, which (`chosen` is the filter), in which format, with persons or not."""
    data = {"format": format, "filter": chosen, "persons": export.persons}
    events.record("export", actor.pk, "export_holdings", node=export.provider, actor=actor, reason=reason, data=data)


def as_csv(export: Export) -> Iterator[bytes]:
    """Give the lines as CSV in UTF-8 with a mark at its head, by which Excel knows."""
    yield (_BOM + _csv([export.heads])).encode()
    block: list[tuple[str, ...]] = []
    for line in export.lines():
        block.append(line)
        if len(block) == AT_ONCE:
            yield _csv(block).encode()
            block.clear()
    yield _csv(block).encode()


def as_workbook(export: Export) -> IO[bytes]:
    """Write a workbook into a file that goes when it is closed; a row is in memory at a time."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- whoever sends it closes it
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        head = book.add_format({"bold": True, "bottom": 1})
        sheet: Any = None
        for place, line in enumerate(export.lines()):
            row = place % MOST_ROWS
            if row == 0:
                sheet = _sheet(book, head, export.heads)
            for column, text in enumerate(line):
                sheet.write_string(row + 1, column, text)
        if sheet is None:
            _sheet(book, head, export.heads)
    file.seek(0)
    return file


def _sheet(book: Any, head: Any, heads: Iterable[str]) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    for column, text in enumerate(heads):
        sheet.set_column(column, column, max(12, 2 * len(text)))
        sheet.write_string(0, column, text, head)
    return sheet


def _csv(lines: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    for line in lines:
        writer.writerow([f"'{each}" if each.startswith(_FORMULA) else each for each in line])
    return text.getvalue()


def _plain(filing: FilingRecord, website: WebsiteRecord, names: Names, isp_id: int) -> tuple[str, ...]:
    sponsor = filing.sponsor
    ours = [access for access in website.accesses if access.provider == isp_id]
    ranges = [part for access in ours for part in access.ranges]
    return (
        sponsor.filing_number or "",
        str(sponsor.number or ""),
        sponsor.name,
        names.code("organisation_nature", sponsor.nature),
        names.code("certificate_type", sponsor.certificate.type),
        sponsor.person.name or "",
        website.filing_number or "",
        str(website.number or ""),
        website.name,
        "、".join(domain.name for domain in website.domains),
        website.home_page or "",
        names.codes("service_content", website.services),
        website.person.name or "",
        "、".join(names.codes("access_method", access.methods) for access in ours),
        "、".join(names.codes("server_location", access.locations) for access in ours),
        "、".join(
            dotted(each.first) if each.first == each.last else f"{dotted(each.first)}–{dotted(each.last)}"
            for each in ranges
        ),
        (website.first_reported or "")[:10],
        (website.last_modified or "")[:10],
    )


def _personal(filing: FilingRecord, website: WebsiteRecord) -> tuple[str, ...]:
    sponsor, people = filing.sponsor, (filing.sponsor.person, website.person)
    of_people = (text for each in people for text in (each.certificate_number, each.mobile, each.telephone, each.email))
    found = (sponsor.certificate.number, sponsor.certificate.address, sponsor.address.detail, *of_people)
    return tuple(text or "" for text in found)
