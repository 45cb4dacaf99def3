"""Importing cases: every row on its own, every defect told, nothing twice, nothing beyond the bounds."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from beian import store
from beian.models import Node, User
from beian.services.refusals import Invalid
from enterprise.forms import lines
from enterprise.forms.filing import value_at
from enterprise.forms.filing_fields import Widget
from enterprise.models import Case, ImportRun, ImportState
from enterprise.services import importing, sheets
from enterprise.services.drafts import draft_of
from enterprise.services.import_answers import template
from enterprise.services.import_columns import ACCOUNT, COLUMNS, REFERENCE, TITLES, Vocabulary
from enterprise.services.sheets import Unreadable
from enterprise.workflow import Origin, State
from tests.enterprise.conftest import new_filing


def cells(n: int, **changed: str) -> dict[str, str]:
    """A complete row, as somebody fills in the template: codes by name, lists with ；."""
    draft, words = draft_of(new_filing(n)), Vocabulary()
    found: dict[str, str] = {}
    for column in COLUMNS:
        value = value_at(draft, column.path)
        field = column.field
        if field.widget == Widget.DOMAINS:
            value = lines.domains_text(value or []).replace("\n", "；")
        elif field.widget == Widget.RANGES:
            value = lines.ranges_text(value or []).replace("\n", "；")
        elif field.widget == Widget.CHOICES:
            value = "；".join(words.entries[field.options][str(each)] for each in value or [])
        found[column.title] = "" if value is None else str(value)
    return found | changed


def sheet(*rows: dict[str, Any]) -> bytes:
    """An Excel file of those rows."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for place, title in enumerate(TITLES):
            page.write_string(0, place, title)
            for number, row in enumerate(rows, start=1):
                value = row.get(title, "")
                if str(value).startswith("="):
                    page.write_formula(number, place, value)
                elif value:
                    page.write_string(number, place, value)
    return file.getvalue()


def run(isp: Node, clerk: User, data: bytes) -> ImportRun:
    made = importing.start(isp, clerk, "cases.xlsx", data)
    importing.work(made.pk)
    made.refresh_from_db()
    return made


def told(made: ImportRun) -> list[tuple[int, str, bool]]:
    return [(each["row"], each["column"], each["stops"]) for each in made.problems]


@pytest.mark.usefixtures("code_tables")
class TestRows:
    """What becomes of each row."""

    def test_good_rows_become_cases_and_bad_ones_are_all_told(self, isp: Node, clerk: User) -> None:
        mobile, name, kind = "主体负责人·手机号码", "网站·网站名称", "主体·证件类型"
        made = run(isp, clerk, sheet(
            cells(1),
            cells(2, **{mobile: "12", kind: "没有这种证件"}),
            cells(3, **{mobile: "12"}),
            cells(4, **{name: ""}),
            cells(5, **{mobile: "=A1"}),
        ))  # fmt: skip
        assert (made.state, made.total, made.seen) == (ImportState.DONE, 5, 5)
        assert (made.made, made.drafts) == (2, 1)
        assert told(made) == [
            (3, kind, True), (3, mobile, True), (4, mobile, True), (5, name, False), (6, mobile, True),
        ]  # fmt: skip
        states = dict(Case.objects.filter(origin=Origin.IMPORT).values_list("sponsor_name", "state"))
        assert sorted(states.values()) == [State.DRAFT, State.SUBMITTED]

    def test_a_row_that_is_wrong_in_every_way_is_told_of_at_once(self, isp: Node, clerk: User) -> None:
        """What cannot be read, what is wrong and what is missing: nobody corrects the same row three times."""
        wrong = {
            ACCOUNT: "nobody@example.cn", "主体·证件类型": "没有这种证件", "主体·证件号码": "坏值",
            "主体负责人·手机号码": "坏值", "主体负责人·电子邮件地址": "坏值", "网站·域名": "坏值",
            "网站·首页地址": "坏值", "网站·接入·IP地址段": "坏值",
        }  # fmt: skip
        missing = {"主体·主办者名称": "", "网站·网站名称": ""}
        made = run(isp, clerk, sheet(cells(1, **wrong, **missing)))
        stops = {column: stops for _, column, stops in told(made)}
        assert {column for column, each in stops.items() if each} >= wrong.keys() - {"主体·证件号码"}
        assert {column for column, each in stops.items() if not each} == missing.keys()

    def test_the_same_file_again_makes_nothing_twice(self, isp: Node, clerk: User) -> None:
        data = sheet(cells(1), cells(2, **{REFERENCE: "A-1"}))
        assert run(isp, clerk, data).made == 2
        again = run(isp, clerk, data)
        assert (again.made, again.repeated, Case.objects.count()) == (0, 2, 2)
        elsewhere = run(isp, clerk, sheet(cells(7), cells(2, **{REFERENCE: "A-1"})))
        assert (elsewhere.made, elsewhere.repeated) == (1, 1)

    def test_an_interrupted_import_is_taken_up_where_it_stopped(self, isp: Node, clerk: User) -> None:
        made = run(isp, clerk, sheet(cells(1), cells(2)))
        ImportRun.objects.filter(pk=made.pk).update(state=ImportState.RUNNING, made=0, seen=0)
        assert importing.unfinished() == [made.pk]
        assert importing.work(made.pk)
        made.refresh_from_db()
        assert (made.state, made.made, made.repeated, Case.objects.count()) == (ImportState.DONE, 2, 0, 2)
        assert not importing.work(made.pk)

    def test_the_file_comes_back_with_what_was_wrong(self, isp: Node, clerk: User) -> None:
        made = run(isp, clerk, sheet(cells(1), cells(2, 主体负责人·手机号码="12", 主体·备注="=HYPERLINK(1)")))
        page = openpyxl.load_workbook(io.BytesIO(store.get(made.answer))).worksheets[0]
        column = [row[0].value for row in page.iter_rows()]
        assert column[:2] == ["导入结果", "已导入"]
        assert "公式" in column[2]
        assert not any(cell.data_type == "f" for row in page.iter_rows() for cell in row)

    def test_csv_is_read_as_excel_writes_it_in_china(self, isp: Node, clerk: User) -> None:
        file = io.StringIO()
        writer = csv.DictWriter(file, TITLES)
        writer.writeheader()
        writer.writerow(cells(1))
        assert run(isp, clerk, file.getvalue().encode("gb18030")).made == 1

    def test_the_template_is_what_the_import_reads(self, isp: Node, clerk: User) -> None:
        with pytest.raises(Invalid, match="没有要导入的行"):
            importing.start(isp, clerk, "template.xlsx", template())
        book = openpyxl.load_workbook(io.BytesIO(template()))
        assert [cell.value.rstrip("*") for cell in book.worksheets[0][1]] == list(TITLES)
        assert "企业" in {cell.value for row in book["代码表"].iter_rows() for cell in row}


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(3):
            archive.writestr(f"xl/worksheets/sheet{n}.xml", b"0" * 80_000_000)
    return file.getvalue()


def declaring() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    return file.getvalue()


def rewritten(data: bytes, before: bytes, after: bytes) -> bytes:
    """A workbook with something else in its first sheet."""
    file, place = io.BytesIO(), "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(data)) as there, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in there.namelist():
            content = there.read(each)
            assert each != place or before in content
            archive.writestr(each, content.replace(before, after) if each == place else content)
    return file.getvalue()


def far_away() -> bytes:
    return rewritten(sheet({TITLES[0]: "a"}), b'<row r="2"', b'<row r="2000000000"')


def test_a_sheet_is_read_whatever_it_says_of_its_size() -> None:
    data = sheet({TITLES[0]: "a"}, {TITLES[0]: "b"})
    said = re.search(
        rb'<dimension ref="[A-Z0-9:]+"/>', zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    )
    assert said is not None
    found = list(sheets.rows_of(rewritten(data, said.group(), b'<dimension ref="A1"/>')))
    assert [row[0] for _, row in found[1:]] == ["a", "b"]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (far_away(), "删除空行"),
        (b"x" * (sheets.MAX_FILE + 1), "最大"),
        (bomb(), "解压后过大"),
        (declaring(), "不允许的声明"),
        (b"PK\x03\x04" + b"\x00" * 100, "不是完整的"),
        (b"a,b\n" * (sheets.MAX_ROWS + 2), "超过"),
        (b"\x00\x01\x02\xff", "既不是"),
    ],
    ids=["rows left out", "large", "bomb", "entities", "broken", "many rows", "binary"],
)
def test_what_is_beyond_the_bounds_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable) as caught:
        list(sheets.rows_of(data))
    assert why in caught.value.message


def test_a_file_of_other_titles_is_refused(isp: Node, clerk: User) -> None:
    with pytest.raises(Invalid, match="标题"):
        importing.start(isp, clerk, "a.csv", b"name,age\nx,1\n")
    with pytest.raises(Invalid, match="不认识的列"):
        importing.start(isp, clerk, "a.csv", "主体·主办者名称,年龄\nx,1\n".encode())


def test_the_pages_take_a_file_and_tell_how_it_went(
    isp: Node, clerk: User, code_tables: None, signed_in: Callable[..., Client]
) -> None:
    client, kwargs = signed_in(clerk), {"isp": isp.isp_id}
    assert client.get(reverse("enterprise:import_template", kwargs=kwargs)).status_code == 200
    address = reverse("enterprise:imports", kwargs=kwargs)
    wrong = client.post(address, {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04nothing"), "team": "legacy"})
    assert wrong.status_code == 422
    assert "不是完整的" in wrong.content.decode()
    file = SimpleUploadedFile("cases.xlsx", sheet(cells(1, 主体负责人·手机号码="12")))
    response = client.post(address, {"file": file, "team": "legacy"})
    made = ImportRun.objects.get()
    assert response["Location"].endswith(f"/imports/{made.pk}")
    importing.work(made.pk)
    shown = client.get(response["Location"]).content.decode()
    assert "主体负责人·手机号码" in shown
    answer = client.get(reverse("enterprise:import_answer", kwargs={**kwargs, "run_id": made.pk}))
    assert answer.content[:2] == b"PK"
    assert client.get(address).status_code == 200
