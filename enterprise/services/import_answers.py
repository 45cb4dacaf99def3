"""The files of an import: the template to fill in, and the file that came back with what is wrong in it.

Every cell is written as text, so that nothing somebody typed becomes a formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

import xlsxwriter

from enterprise.forms.filing_fields import Widget
from enterprise.services import sheets
from enterprise.services.import_columns import ACCOUNT, COLUMNS, REFERENCE, Vocabulary
from enterprise.services.sheets import Unreadable

RESULT = "导入结果"
_SEVERAL = "可填多个，用“；”隔开。"
_HINTS = {
    Widget.CHOICE: "填代码或名称，见“代码表”。",
    Widget.CHOICES: f"填代码或名称，见“代码表”；{_SEVERAL}",
    Widget.DOMAINS: _SEVERAL,
    Widget.RANGES: f"单个地址或“起始-终止”；{_SEVERAL}",
    Widget.REGION: "填全称或六位代码。",
}


def template() -> bytes:
    """Give the empty sheet, with what each column takes as a comment, and the code tables on a second sheet."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        text = book.add_format({"num_format": "@"})
        head, must = (book.add_format({"bold": True, "bg_color": colour}) for colour in ("#e7eff6", "#fcf1dc"))
        sheet = book.add_worksheet("备案信息")
        sheet.set_column(0, len(COLUMNS) + 1, 18, text)
        sheet.freeze_panes(1, 0)
        sheet.write_string(0, 0, REFERENCE, head)
        sheet.write_comment(0, 0, "本单位的编号，选填；同一编号不会重复导入。")
        sheet.write_string(0, 1, ACCOUNT, head)
        sheet.write_comment(0, 1, "主办者在本系统的登录邮箱，选填。")
        for place, column in enumerate(COLUMNS, start=2):
            required = column.field.required
            sheet.write_string(0, place, f"{column.title}{'*' if required else ''}", must if required else head)
            if hint := " ".join(part for part in (column.field.help, _HINTS.get(column.field.widget, "")) if part):
                sheet.write_comment(0, place, hint)
        _write_codes(book.add_worksheet("代码表"), head)
    return file.getvalue()


def write_answer(data: bytes, problems: Iterable[Mapping[str, Any]]) -> bytes:
    """Give the file that came with a column more: what became of each row."""
    said: dict[int, list[str]] = {}
    for each in problems:
        words = f"{each['column']}：{each['reason']}" if each["column"] else str(each["reason"])
        said.setdefault(int(each["row"]), []).append(words if each["stops"] else f"待补全 {words}")
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("备案信息")
        wrong = book.add_format({"font_color": "#9d241d"})
        try:
            for place, (number, cells) in enumerate(sheets.rows_of(data)):
                sheet.write_string(
                    place, 0, RESULT if place == 0 else "\n".join(said.get(number, ())) or "已导入", wrong
                )
                for column, text in enumerate(cells, start=1):
                    if text:
                        sheet.write_string(place, column, str(text))
        except Unreadable as error:
            sheet.write_string(0, 0, error.message, wrong)
    return file.getvalue()


def _write_codes(sheet: Any, head: Any) -> None:
    entries = Vocabulary().entries
    titles = {column.field.options: column.title for column in reversed(COLUMNS) if column.field.options}
    for place, (table, title) in enumerate(titles.items()):
        sheet.set_column(place * 3, place * 3, 8)
        sheet.set_column(place * 3 + 1, place * 3 + 1, 28)
        sheet.write_string(0, place * 3, "代码", head)
        sheet.write_string(0, place * 3 + 1, title.rpartition("·")[2], head)
        for row, (code, name) in enumerate(entries.get(table, {}).items(), start=1):
            sheet.write_string(row, place * 3, code)
            sheet.write_string(row, place * 3 + 1, name)
