"""Codes and the blacklist are kept as they were told; what of ours is on the list becomes a task."""

from __future__ import annotations

from typing import Any

import pytest

from beian.models import BlacklistKind, Node
from beian.records.notices import (
    BlacklistedSponsor,
    BlacklistedWebsite,
    CodeEntry,
    CodeTable,
    ListedDomain,
    ListedSponsor,
    Listing,
    ReportingUnit,
)
from enterprise.models import Blacklisted, ReceivedCode, Task, TaskKind
from tests import builders
from tests.enterprise.applying import arrive, filed, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]


def codes(*entries: CodeEntry, table: str = "language") -> list[CodeTable]:
    return [CodeTable(table=table, entries=entries)]


def sponsor(n: int, operation: Listing = Listing.ADD) -> BlacklistedSponsor:
    certificate = builders.filing(n).sponsor.certificate
    listed = ListedSponsor(
        name=f"示例黑名单{n}", certificate_type=certificate.type, certificate_number=certificate.number
    )
    return BlacklistedSponsor(operation=operation, sponsor=listed)


def website(domain: str, operation: Listing = Listing.ADD) -> BlacklistedWebsite:
    return BlacklistedWebsite(operation=operation, name="示例网站", domains=(ListedDomain(name=domain),))


def test_what_the_shipped_tables_lack_is_marked(isp: Node) -> None:
    arrive(isp, "D1", code_tables=codes(CodeEntry(code=1, name="汉语"), CodeEntry(code=999, name="示例语")))
    known = dict(ReceivedCode.objects.filter(provider=isp).values_list("code", "known"))
    assert known == {1: True, 999: False}


def test_a_code_that_comes_again_is_what_it_is_told_to_be(isp: Node) -> None:
    arrive(isp, "D1", code_tables=codes(CodeEntry(code=999, name="示例语")))
    arrive(isp, "D2", code_tables=codes(CodeEntry(code=999, name="示例语改", valid=False)))
    entry = ReceivedCode.objects.get()
    assert (entry.name, entry.valid) == ("示例语改", False)


def test_units_and_regions_are_kept_too(isp: Node) -> None:
    unit = ReportingUnit(number=440000000901, name="示例接入商")
    regions = codes(CodeEntry(code=440300, name="深圳市"), CodeEntry(code=440399, name="示例区"), table="region")
    arrive(isp, "D1", units=[unit], code_tables=regions)
    rows = ReceivedCode.objects.order_by("table", "code").values_list("table", "code", "known")
    assert list(rows) == [("region", 440300, True), ("region", 440399, False), ("unit", 440000000901, True)]


def test_holdings_and_open_cases_on_the_list_become_tasks(isp: Node) -> None:
    filing = filed(isp, 1)
    arrive(isp, "D0", filings=[filing])
    sent(isp, builders.filing(2))
    name = filing.websites[0].domains[0].name
    arrive(isp, "D1", blacklisted_sponsors=[sponsor(1), sponsor(2), sponsor(3)])
    arrive(isp, "D2", blacklisted_websites=[website(name.upper())])
    tasks = Task.objects.filter(provider=isp).order_by("pk")
    assert {task.kind for task in tasks} == {TaskKind.BLACKLIST}
    assert [task.sponsor_number for task in tasks] == [filing.sponsor.number, None, filing.sponsor.number]
    assert "在办申请" in tasks[1].title
    assert Blacklisted.objects.filter(provider=isp).count() == 4


def test_again_changes_nothing(isp: Node) -> None:
    arrive(isp, "D0", filings=[filed(isp, 1)])
    for name in ("D1", "D1", "D2"):
        arrive(isp, name, blacklisted_sponsors=[sponsor(1)])
    assert (Task.objects.count(), Blacklisted.objects.count()) == (1, 1)


def test_what_comes_on_file_later_is_found_on_the_list(isp: Node) -> None:
    filing = filed(isp, 1)
    domain = filing.websites[0].domains[0].name
    arrive(isp, "D1", blacklisted_websites=[website(domain)])
    assert not Task.objects.exists()
    arrive(isp, "D2", filings=[filing])
    assert Task.objects.get().sponsor_number == filing.sponsor.number


def test_what_is_taken_off_is_gone(isp: Node, beijing_account: Any) -> None:
    for node in (isp, beijing_account.provider):
        arrive(node, "D1", blacklisted_sponsors=[sponsor(1)])
    arrive(isp, "D2", blacklisted_sponsors=[sponsor(1, Listing.REMOVE)])
    assert [entry.provider for entry in Blacklisted.objects.all()] == [beijing_account.provider]
    assert Blacklisted.objects.get().kind == BlacklistKind.SPONSOR
