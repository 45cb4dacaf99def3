"""Code tables and reporting units in the mailbox: all of them, in parcels, as the bureau has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from beian.codes import read_regions, read_tables
from beian.models import Code, Node, Region
from beian.records.notices import CodeEntry, CodeTable, ReportingUnit
from interface.documents.codes import TABLES
from interface.documents.download import DownloadDocument
from interface.models import Outcome, Parcel
from interface.services import mailbox
from tests.interface import calling
from tests.interface.calling import Caller
from tests.interface.fetching import documents

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]


def fetched(caller: Caller) -> tuple[dict[str, dict[int, CodeEntry]], list[ReportingUnit], list[DownloadDocument]]:
    """All codes and units that wait, and the documents in which they came."""
    mailbox.queue_codes(caller.account)
    parcels = list(documents(caller))
    tables: dict[str, dict[int, CodeEntry]] = {}
    for table in (table for each in parcels for table in each.code_tables):
        tables.setdefault(table.table, {}).update({entry.code: entry for entry in table.entries})
    return tables, [unit for each in parcels for unit in each.units], parcels


def records(document: DownloadDocument) -> int:
    return len(document.units) + sum(len(table.entries) for table in document.code_tables)


def test_everything_arrives_at_most_a_thousand_a_parcel(caller: Caller) -> None:
    tables, units, parcels = fetched(caller)
    assert {name: {entry.code: entry.name for entry in table.values()} for name, table in tables.items()} == {
        **{
            name: {entry.code: entry.name for entry in read_tables()[name].values()}
            for name in set(TABLES) - {"region"}
        },
        "region": {region.code: region.name for region in read_regions().values()},
    }
    assert max(records(each) for each in parcels) == 1000
    assert min(records(each) for each in parcels[:-1]) == 1000
    assert [unit.number for unit in units] == [caller.account.isp_id]
    assert not Outcome.objects.exclude(left_out="").exists()
    assert sum(parcel.pieces for parcel in Parcel.objects.all()) == sum(map(records, parcels))


def test_what_a_table_alone_says(caller: Caller) -> None:
    tables, _, _ = fetched(caller)
    place = tables["server_location"][5]
    assert (place.name, place.bit, place.province, place.abbreviation) == ("广东", 16, 440000, "粤")
    abroad = tables["server_location"][13]
    assert (abroad.name, abroad.province, abroad.mark) == ("香港", None, "13")
    assert tables["certificate_type"][1].nature == 4
    assert tables["prior_approval"][5].needs_approval
    assert tables["attachment_purpose"][4].owner_kind == 2
    assert tables["service_content"][3].bit == 4
    assert [tables["region"][code].level for code in (440000, 440100, 440106)] == [1, 2, 3]
    abolished = next(region for region in read_regions().values() if not region.valid)
    assert not tables["region"][abolished.code].valid


def test_units_are_the_providers_of_the_country(caller: Caller) -> None:
    calling.account(440000000902, licence="粤B1-20260002")
    away = calling.account(330000000001, at=calling.bureau(330000), licence="浙B1-20260001")
    Node.objects.filter(pk=away.provider.pk).update(open=False)
    _, units, _ = fetched(caller)
    assert [(unit.number, unit.licence, unit.province, unit.valid) for unit in units] == [
        (330000000001, None, 330000, False),
        (440000000901, None, 440000, True),
        (440000000902, "粤B1-20260002", 440000, True),
    ]


def test_an_entry_that_the_schema_cannot_express_is_left_out_and_listed(caller: Caller) -> None:
    Code.objects.filter(table="access_method", code=2).update(name="长" * 33)
    Region.objects.filter(code=440106).update(name="长" * 33)
    tables, _, _ = fetched(caller)
    assert 2 not in tables["access_method"]
    assert 3 in tables["access_method"]
    assert 440106 not in tables["region"]
    listed = {outcome.about: outcome.left_out for outcome in Outcome.objects.exclude(left_out="")}
    assert set(listed) == {"code:access_method:2", "code:region:440106"}
    assert all("33 个字符" in reason for reason in listed.values())


def test_they_are_not_queued_twice(caller: Caller) -> None:
    assert mailbox.queue_codes(caller.account) == mailbox.queue_codes(caller.account)


def test_what_is_changed_meanwhile_arrives_changed(caller: Caller) -> None:
    mailbox.queue_codes(caller.account)
    Code.objects.filter(table="language", code=1).update(valid=False)
    entries = [entry for each in documents(caller) for entry in entries_of(each.code_tables, "language")]
    assert [entry.valid for entry in entries if entry.code == 1] == [False]


def entries_of(tables: Iterable[CodeTable], name: str) -> list[Any]:
    return [entry for table in tables if table.table == name for entry in table.entries]
