"""`among` finds what `in` finds, with one parameter."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from beian.models import Content, Node, ProviderId

pytestmark = pytest.mark.django_db

NASTY = ["a'b", 'c"d', "{e,f}", "\\", "NULL", "", "粤"]


@pytest.mark.parametrize("asked", [NASTY, NASTY[:1], ["absent"], []])
def test_texts(asked: list[str]) -> None:
    Content.objects.bulk_create(Content(sha256=text, size=1, media_type="") for text in NASTY)
    rows = Content.objects.order_by("pk").values_list("pk", flat=True)
    assert list(rows.filter(sha256__among=asked)) == list(rows.filter(sha256__in=asked))


def test_numbers(guangdong: Node) -> None:
    for own in (1, 2**62, 2**63 - 1):
        ProviderId.objects.create(holder=guangdong, isp_id=1, kind="domain", provider_id=own)
    found = ProviderId.objects.filter(provider_id__among={2**62, 7}).values_list("provider_id", flat=True)
    assert list(found) == [2**62]


def test_thousands_of_values_use_the_index(guangdong: Node) -> None:
    with CaptureQueriesContext(connection) as queries:
        list(ProviderId.objects.filter(holder=guangdong, isp_id=1, kind="x", provider_id__among=range(5_000)))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {queries.captured_queries[0]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "provider_id_once" in plan
