"""What an application's page looks for beside it comes by an index: earlier tries, whose telephone it is."""

from __future__ import annotations

import pytest
from django.db import connection

from beian.models import Node, Sponsor
from bureau.models import Application

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _indexes_alone(db: None) -> None:
    """Leave the database no choice but an index."""
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")


def test_earlier_tries_in_the_same_case(guangdong: Node) -> None:
    wanted = Application.objects.at(guangdong).filter(isp_id=1, subject="7")
    with connection.cursor() as cursor:
        cursor.execute("set local enable_sort = off")
    assert "application_case" in wanted.explain()


@pytest.mark.parametrize("kind", ["mobiles", "telephones"])
def test_sponsors_with_a_telephone(guangdong: Node, kind: str) -> None:
    wanted = Sponsor._base_manager.filter(**{f"person_{kind}__overlap": ["a" * 64]})
    assert f"sponsor_{kind}" in wanted.explain()
