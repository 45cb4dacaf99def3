"""The list of filings, the search for a part of a name, and a filing's applications come by their indexes.

With a million on file this is the difference between milliseconds and seconds.
"""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from beian.finding import named
from beian.models import Node, Sponsor
from bureau.models import Application
from bureau.queries.filings import listed
from tests.applications import application_row
from tests.bureau.matters import filed
from tests.planning import without

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]


def test_the_latest_changed_come_in_the_order_of_their_index(guangdong: Node) -> None:
    filed(guangdong)
    without("seqscan", "sort", "bitmapscan")
    found = listed(guangdong).order_by("-last_modified", "-id")[:20].explain()
    assert "sponsor_modified" in found
    assert "Sort" not in found


def test_a_part_of_a_name_comes_by_its_index(guangdong: Node) -> None:
    filed(guangdong)
    without("seqscan", "indexscan")
    assert "sponsor_search" in Sponsor._base_manager.filter(named(guangdong, "科技有限")).explain()


@pytest.mark.parametrize("text", ["粤ICP备2026000001号", "粤ICP备2026000001号-1", "440000000000002", "example101.cn"])
def test_what_is_named_exactly_is_looked_up_before_the_list_is_read(guangdong: Node, text: str) -> None:
    filed(guangdong)
    wanted = named(guangdong, text)
    with CaptureQueriesContext(connection) as queries:
        rows = list(listed(guangdong).filter(wanted))
    assert len(rows) == 1
    (query,) = queries.captured_queries
    assert query["sql"].count("SELECT") == 1


def test_the_applications_of_a_filing_come_by_their_indexes(guangdong: Node) -> None:
    application_row(guangdong)
    without("seqscan", "bitmapscan")
    at = Application.objects.at(guangdong)
    assert "application_about" in at.filter(target=5).explain()
    assert "application_made" in at.filter(sponsor_number=5).explain()
