"""Each order of the queue, and its search, has an index that it can be answered from.

With 100,000 applications waiting this is the difference between milliseconds and seconds. An index
on an expression serves only a query that spells the expression alike, which a change may undo unseen.
"""

from __future__ import annotations

import pytest
from django.http import QueryDict

from beian.models import Node, User
from bureau.models import Application
from bureau.queries.queue import SORTS, applications, holds_text, in_tab, queue_filters
from tests.applications import application_row
from tests.planning import without

pytestmark = pytest.mark.django_db

INDEXES = {
    "deadline": "application_open_deadline",
    "received": "application_open_received",
    "sponsor": "application_open_sponsor",
    "provider": "application_open_provider",
}


def plan(bureau: Node, user: User, query: str, *order: str) -> str:
    """How the database would find a page if reading or sorting everything were no choice."""
    application_row(bureau)
    wanted = queue_filters(bureau, user, QueryDict(query))
    rows = in_tab(wanted.apply(applications(bureau)), "open").order_by(*order)[:50]
    without("seqscan", "sort")
    return rows.explain()


def test_every_order_has_its_index() -> None:
    assert INDEXES.keys() == SORTS.keys()


@pytest.mark.parametrize("sort", sorted(SORTS))
def test_orders(guangdong: Node, reviewer: User, sort: str) -> None:
    found = plan(guangdong, reviewer, "", SORTS[sort], "id")
    assert INDEXES[sort] in found
    assert "Sort" not in found.replace("Sort Key", "")


def test_a_search_for_part_of_a_name(guangdong: Node) -> None:
    application_row(guangdong)
    without("seqscan", "indexscan")
    found = Application.objects.filter(holds_text("科技有限")).explain()
    assert "application_search" in found
    assert "application_domains" in found
