"""Holdings as files: a line a website, formulas are text, personal data only with a supervisor's reason."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from beian.models import Event, Node, User
from beian.records import FilingRecord
from enterprise.services import exporting
from tests import builders
from tests.enterprise.applying import arrive, filed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]

SignIn = Callable[[User], Client]


@pytest.fixture
def held(isp: Node) -> list[FilingRecord]:
    """Two holdings, of which one tries to be a formula."""
    filings = [filed(isp, 1, websites=2), builders.changed(filed(isp, 2), "sponsor.name", "=1+1示例公司")]
    arrive(isp, "D1", filings=filings)
    return filings


def export(client: Client, isp: Node, query: str = "", **values: str) -> Any:
    return client.post(reverse("enterprise:holdings_export", kwargs={"isp": isp.isp_id}) + query, values)


def lines_of_csv(response: Any) -> list[list[str]]:
    body = b"".join(response.streaming_content).decode("utf-8")
    assert body.startswith("\ufeff")
    return list(csv.reader(io.StringIO(body[1:])))


def lines_of_workbook(response: Any) -> list[list[str]]:
    book = load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    return [[cell.value or "" for cell in row] for row in book.active.iter_rows()]


def test_both_formats_say_the_same(
    isp: Node, clerk: User, signed_in: SignIn, held: list[FilingRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    client = signed_in(clerk)
    heads, *rows = lines_of_csv(export(client, isp, format="csv"))
    assert heads == list(exporting.HEADS)
    assert [row[6] for row in rows] == [site.filing_number for each in held for site in each.websites]
    assert rows[2][2] == "'=1+1示例公司"
    in_book = lines_of_workbook(export(client, isp, format="xlsx"))
    assert in_book[3][2] == "=1+1示例公司"
    assert [row[6] for row in in_book[1:]] == [row[6] for row in rows]


@pytest.mark.parametrize("sign", "=+-@＝＋－＠\t\r\n")
def test_no_sign_begins_a_formula(isp: Node, clerk: User, signed_in: SignIn, sign: str) -> None:
    """Full-width signs begin one too, where the computer's language is Chinese or Japanese."""
    arrive(isp, "D1", filings=[builders.changed(filed(isp, 1), "sponsor.name", f"{sign}1+1示例公司")])
    body = b"".join(export(signed_in(clerk), isp, format="csv").streaming_content).decode()
    assert f"'{sign}1+1示例公司" in body


def test_formulas_stay_text_in_the_workbook(
    isp: Node, clerk: User, signed_in: SignIn, held: list[FilingRecord]
) -> None:
    body = io.BytesIO(b"".join(export(signed_in(clerk), isp, format="xlsx").streaming_content))
    assert load_workbook(body).active["C4"].data_type == "s"


def test_the_filter_narrows_and_is_written_down(
    isp: Node, clerk: User, signed_in: SignIn, held: list[FilingRecord]
) -> None:
    rows = lines_of_csv(export(signed_in(clerk), isp, f"?text={held[0].sponsor.filing_number}", format="csv"))[1:]
    assert len(rows) == 2
    event = Event.objects.get(verb="export_holdings")
    assert event.actor == clerk
    assert "text=" in event.data["filter"]
    assert event.data["persons"] is False


def test_a_clerk_gets_no_personal_data(isp: Node, clerk: User, signed_in: SignIn, held: list[FilingRecord]) -> None:
    rows = lines_of_csv(export(signed_in(clerk), isp, format="csv", persons="on", reason="想看"))
    text = "".join(each for row in rows for each in row)
    assert held[0].sponsor.certificate.number not in text
    assert (held[0].sponsor.person.mobile or "") not in text


def test_a_supervisor_says_why(isp: Node, office_supervisor: User, signed_in: SignIn, held: list[FilingRecord]) -> None:
    client = signed_in(office_supervisor)
    assert export(client, isp, format="csv", persons="on").status_code == 422
    assert not Event.objects.filter(verb="export_holdings").exists()
    rows = lines_of_csv(export(client, isp, format="csv", persons="on", reason="年度审核"))
    assert held[0].sponsor.certificate.number in rows[1]
    event = Event.objects.get(verb="export_holdings")
    assert (event.reason, event.data["persons"]) == ("年度审核", True)


def test_nothing_to_export_is_a_file_with_heads(isp: Node, clerk: User, signed_in: SignIn) -> None:
    assert lines_of_workbook(export(signed_in(clerk), isp, format="xlsx")) == [list(exporting.HEADS)]
    assert lines_of_csv(export(signed_in(clerk), isp, format="csv")) == [list(exporting.HEADS)]


def test_a_format_that_is_not_offered_is_refused(isp: Node, clerk: User, signed_in: SignIn) -> None:
    assert export(signed_in(clerk), isp, format="pdf").status_code == 422
