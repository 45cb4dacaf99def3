"""What an application's page looks for beside it comes by an index: earlier tries, whose telephone it is."""

from __future__ import annotations

import pytest

from beian.models import Node, Sponsor
from bureau.models import Application
from tests.planning import without

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _indexes_alone(db: None) -> None:
    """Leave the database no choice but an index."""
    without("seqscan")


def test_earlier_tries_in_the_same_case(guangdong: Node) -> None:
    wanted = Application.objects.at(guangdong).filter(isp_id=1, subject="7")
    without("sort")
    assert "application_case" in wanted.explain()


@pytest.mark.parametrize("kind", ["mobiles", "telephones"])
def test_sponsors_with_a_telephone(guangdong: Node, kind: str) -> None:
    wanted = Sponsor._base_manager.filter(**{f"person_{kind}__overlap": ["a" * 64]})
    assert f"sponsor_{kind}" in wanted.explain()
