"""Reading tables of text from Excel and CSV files that strangers made, within bounds."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

MAX_FILE = 10 * 1024 * 1024
MAX_INFLATED = 64 * 1024 * 1024
MAX_ENTRIES = 500
MAX_ROWS = 5_000
LAST_ROW = 20_000
"""A sheet may number its rows as it likes, and leave out what lies between: nothing is read beyond this one."""

MAX_COLUMNS = 80
MAX_CELL = 4_000
_ZIP = b"PK\x03\x04"


class Unreadable(Exception):
    """The file is no table, or beyond the bounds. `message` says why, in words."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Formula(str):
    """A cell that holds a formula: what it would give is not in the file for certain, so it is not read."""


Row = tuple[int, list[str]]
"""The number of a row in the sheet, and its cells as text."""


def rows_of(data: bytes) -> Iterator[Row]:
    """Give the rows of the first sheet that have anything in them. Raises `Unreadable`."""
    if len(data) > MAX_FILE:
        raise Unreadable(f"文件为 {len(data) / 1024 / 1024:.1f}MB，最大 {MAX_FILE // 1024 // 1024}MB，请分成几个文件。")
    found = _of_workbook(data) if data.startswith(_ZIP) else _of_csv(data)
    count = 0
    for number, cells in found:
        if not any(cells):
            continue
        count += 1
        if count > MAX_ROWS + 1:
            raise Unreadable(f"超过 {MAX_ROWS} 行，请分成几个文件。")
        yield number, cells


def _of_workbook(data: bytes) -> Iterator[Row]:
    _inspect(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size need not be so
        for number, cells in enumerate(sheet.iter_rows(max_row=LAST_ROW + 1, max_col=MAX_COLUMNS), start=1):
            if number > LAST_ROW:
                raise Unreadable(f"第 {LAST_ROW} 行之后还有内容，请删除空行或分成几个文件。")
            yield number, [_text(cell) for cell in cells]
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, SyntaxError, OSError) as error:
        raise Unreadable("文件不是完整的 Excel 工作簿（.xlsx），请用下载的模板填写。") from error


def _inspect(data: bytes) -> None:
    """Refuse, before anything is unpacked, what would unpack to too much; and XML that declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or sum(each.file_size for each in entries) > MAX_INFLATED:
                raise Unreadable("文件解压后过大，不能导入。")
            for each in entries:
                if each.filename.endswith((".xml", ".rels")):
                    with archive.open(each) as part:
                        if b"<!DOCTYPE" in part.read(4096).replace(b"\x00", b""):
                            raise Unreadable("文件中有不允许的声明，请用下载的模板填写。")
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
        raise Unreadable("文件不是完整的 Excel 工作簿（.xlsx），请用下载的模板填写。") from error


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if getattr(cell, "data_type", "") == "f":
        return Formula(str(value)[:MAX_CELL])
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:MAX_CELL].strip()


def _of_csv(data: bytes) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(_decoded(data), newline=""))
    try:
        for cells in reader:
            yield reader.line_num, [cell[:MAX_CELL].strip() for cell in cells[:MAX_COLUMNS]]
    except csv.Error as error:
        raise Unreadable(f"第 {reader.line_num} 行不是有效的 CSV。") from error


def _decoded(data: bytes) -> str:
    """Read as UTF-8, or as what Excel writes in China."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Unreadable("文件既不是 Excel 工作簿，也不是 CSV 文本（UTF-8 或 GBK）。")
