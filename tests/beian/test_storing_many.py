"""Many filings written at once are the rows that each would have been alone."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from beian.models import (
    Access,
    AddressRange,
    Attachment,
    Domain,
    Node,
    NodeKind,
    PriorApproval,
    ProviderId,
    Sponsor,
    Website,
)
from beian.records import ContentRecord, FilingRecord, PriorApprovalRecord
from beian.records.rows import filings, store_filing, store_filings, with_numbers
from tests import builders

pytestmark = pytest.mark.django_db

ISP_ID = 440000000001
HELD = (Sponsor, Website, Domain, Access, AddressRange, PriorApproval)
DAY = "2026-11-22 12:00:00"
APPROVAL = PriorApprovalRecord(
    kind=5, approval_number="示例〔2026〕1号", scans=(ContentRecord(sha256="a" * 64, size=3, media_type="image/jpeg"),)
)


@pytest.fixture
def nodes() -> tuple[Node, Node]:
    """Two holders of the same."""
    return tuple(Node.objects.create(code=f"provider:{ISP_ID + n}", kind=NodeKind.PROVIDER) for n in (0, 1))  # type: ignore[return-value]


def filing(seed: int, websites: int = 2) -> FilingRecord:
    plain = with_numbers(builders.filing(seed, websites=websites), count(seed * 1000).__next__, ISP_ID)
    dated = {"first_reported": DAY, "last_modified": DAY}
    return replace(
        plain,
        sponsor=replace(plain.sponsor, filing_number=f"粤ICP备2026{seed:06d}号", **dated),
        websites=tuple(replace(website, approvals=(APPROVAL,), **dated) for website in plain.websites),
        attachments=(),
    )


def columns(holder: Node) -> dict[str, list[dict[str, Any]]]:
    """Every column of a holder's rows but keys and the holder itself."""
    found = {}
    for model in HELD:
        left_out = {field.attname for field in model._meta.concrete_fields if field.primary_key or field.is_relation}
        rows = model.objects.held_by(holder).order_by(*(["number"] if model != PriorApproval else ["id"]))  # type: ignore[attr-defined]
        names = [field.attname for field in model._meta.concrete_fields if field.attname not in left_out]
        found[model.__name__] = [{name: getattr(row, name) for name in names} for row in rows]
    return found


def ids(holder: Node) -> set[tuple[str, int, int | None]]:
    return set(ProviderId.objects.filter(holder=holder, isp_id=ISP_ID).values_list("kind", "provider_id", "number"))


def test_new_ones_are_the_rows_that_each_would_be_alone(nodes: tuple[Node, Node]) -> None:
    together, alone = nodes
    several = [filing(seed, websites=seed) for seed in (1, 2, 3)]
    with transaction.atomic():
        store_filings(together, several, isp_id=ISP_ID)
        for each in several:
            store_filing(alone, each, isp_id=ISP_ID)
    assert columns(together) == columns(alone)
    assert ids(together) == ids(alone)
    numbers = [each.sponsor.number or 0 for each in several]
    assert filings(together, numbers, isp_id=ISP_ID) == {each.sponsor.number: each for each in several}


def test_those_that_are_there_become_what_the_record_says(nodes: tuple[Node, Node]) -> None:
    together, alone = nodes
    old, new = filing(1), filing(2)
    moved = replace(
        old,
        sponsor=replace(old.sponsor, name="改过名字的示例公司", provider_id=999_999),
        websites=(replace(old.websites[0], domains=old.websites[0].domains[:1]),),
    )
    with transaction.atomic():
        for holder in nodes:
            store_filing(holder, old, isp_id=ISP_ID)
        store_filings(together, [moved, new], isp_id=ISP_ID)
        for each in (moved, new):
            store_filing(alone, each, isp_id=ISP_ID)
    left, right = columns(together), columns(alone)
    for rows in (*left["Access"], *right["Access"]):
        rows.pop("since")  # the moment of writing
    assert left == right
    assert ids(together) == ids(alone)


def test_the_same_twice_and_with_attachments(nodes: tuple[Node, Node]) -> None:
    holder, _ = nodes
    once = filing(1)
    again = replace(once, sponsor=replace(once.sponsor, name="改过名字的示例公司"))
    other = replace(filing(2), attachments=builders.filing(2).attachments)
    with transaction.atomic():
        store_filings(holder, [once, again, other])
    names = Sponsor.objects.held_by(holder).order_by("number").values_list("name", flat=True)
    assert list(names) == ["改过名字的示例公司", other.sponsor.name]
    assert Attachment.objects.held_by(holder).count() == 1
    assert not ProviderId.objects.filter(holder=holder).exists()


def test_many_take_no_more_questions_than_few(nodes: tuple[Node, Node]) -> None:
    asked = []
    for holder, seeds in zip(nodes, (range(1, 3), range(1, 21)), strict=True):
        with transaction.atomic(), CaptureQueriesContext(connection) as questions:
            store_filings(holder, [filing(seed) for seed in seeds], isp_id=ISP_ID)
        asked.append(len(questions))
    assert asked[0] == asked[1] < 20


def test_nothing_is_written_of_nothing(nodes: tuple[Node, Node]) -> None:
    store_filings(nodes[0], [], isp_id=ISP_ID)
    assert columns(nodes[0]) == {model.__name__: [] for model in HELD}
