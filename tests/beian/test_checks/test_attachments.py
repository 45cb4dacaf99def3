"""Attachments and scans: their sizes to the byte, their formats, and whom they belong to."""

from __future__ import annotations

import pytest

from beian.checks import Facts
from beian.records import ContentRecord, FilingRecord
from tests import builders
from tests.beian.test_checks.conftest import codes, details
from tests.builders import changed

FILING = builders.filing(1)
WEBSITE_ID = str(FILING.websites[0].provider_id)


def image(size: int, media_type: str = "image/jpeg") -> ContentRecord:
    return ContentRecord(sha256="0" * 64, size=size, media_type=media_type)


def with_attachment(**values: object) -> FilingRecord:
    return changed(FILING, "attachments", (builders.attachment(**({"owner": WEBSITE_ID, "owner_kind": 2} | values)),))


@pytest.mark.parametrize(("purpose", "kb"), [(1, 150), (2, 100), (3, 100), (4, 100), (5, 100)])
def test_the_largest_size_of_each_purpose(purpose: int, kb: int, facts: Facts) -> None:
    assert codes(with_attachment(purpose=purpose, content=image(kb * 1024)), facts) == []
    larger = with_attachment(purpose=purpose, content=image(kb * 1024 + 1))
    assert codes(larger, facts) == [5010]
    assert f"大小为{kb * 1024 + 1}字节，最大{kb}KB" in details(larger, facts)


def test_a_png_that_says_so(facts: Facts) -> None:
    assert codes(with_attachment(format=2, content=image(9, "image/png")), facts) == []
    wrong = with_attachment(format=2, content=image(9))
    assert codes(wrong, facts) == [5010]
    assert "内容是JPEG图片，应为PNG" in details(wrong, facts)


@pytest.mark.parametrize(
    ("owner", "owner_kind", "expected"),
    [
        (WEBSITE_ID, 2, []),
        (str(FILING.sponsor.provider_id), 1, []),
        (WEBSITE_ID, 1, [5010]),
        ("粤ICP备2026000001号", 1, [5010]),
        ("1", 2, [5010]),
    ],
)
def test_the_owner_is_an_object_of_this_filing(owner: str, owner_kind: int, expected: list[int], facts: Facts) -> None:
    assert codes(with_attachment(owner=owner, owner_kind=owner_kind), facts) == expected


@pytest.mark.parametrize(
    ("scan", "expected"),
    [
        (image(100 * 1024), []),
        (image(100 * 1024 + 1), [5010]),
        (image(10, "image/png"), [5010]),
        (image(10, ""), [5010]),
        (image(0, "invalid"), [5010]),
    ],
)
def test_scans_of_approvals_are_jpeg_of_100_kb(scan: ContentRecord, expected: list[int], facts: Facts) -> None:
    filing = changed(FILING, "websites.0.approvals", (builders.approval(scans=(builders.content(), scan)),))
    assert codes(filing, facts) == expected
    if expected:
        assert "网站1·前置审批1·扫描件2" in details(filing, facts)


def test_what_the_builders_draw_is_what_they_say() -> None:
    for kb, more in ((1, 0), (64, 3), (100, 0), (150, 1)):
        assert len(builders.jpeg_bytes(kb, more=more)) == kb * 1024 + more
