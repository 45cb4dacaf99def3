"""What differs between two states of a filing, field by field and object by object."""

from __future__ import annotations

from dataclasses import replace

import pytest

from beian.records import as_json, from_json
from beian.records.differences import Difference, difference
from tests import builders
from tests.beian.filed import on_file
from tests.builders import changed


def test_equal_filings_do_not_differ() -> None:
    assert difference(on_file(), on_file()) == ()


@pytest.mark.parametrize(
    ("path", "value", "old", "steps", "about"),
    [
        ("sponsor.name", "示例新名", "示例科技有限公司1", ("sponsor", "name"), "主体"),
        ("sponsor.person.mobile", "16009999999", "16000000001", ("sponsor", "person", "mobile"), "主体·负责人"),
        ("sponsor.address.city", 440100, 440300, ("sponsor", "address", "city"), "主体·通信地址"),
        ("sponsor.certificate.type", 12, 1, ("sponsor", "certificate", "type"), "主体·证件"),
        (
            "websites.0.person.name",
            "示例新人",
            "示例人101",
            ("websites", "440000000000002", "person", "name"),
            "网站粤ICP备2026000001号-1·负责人",
        ),
        (
            "websites.0.services",
            (8, 9),
            [8],
            ("websites", "440000000000002", "services"),
            "网站粤ICP备2026000001号-1",
        ),
    ],
)  # fmt: skip
def test_a_field_that_differs(path: str, value: object, old: object, steps: tuple[str, ...], about: str) -> None:
    (delta,) = difference(on_file(), changed(on_file(), path, value))
    assert (delta.path, delta.kind, delta.about) == (steps, "changed", about)
    assert (delta.old, delta.new) == (old, as_json(value))


@pytest.mark.parametrize(("old", "new", "kind"), [(None, "12345", "added"), ("12345", None, "removed")])
def test_a_field_that_comes_or_goes(old: str | None, new: str | None, kind: str) -> None:
    before, after = (changed(on_file(), "sponsor.person.qq", value) for value in (old, new))
    assert [(delta.field, delta.kind) for delta in difference(before, after)] == [("qq", kind)]


def test_a_domain_added_and_one_removed_are_told_as_wholes() -> None:
    before = changed(on_file(), "websites.0.domains", (builders.domain(7, number=7), builders.domain(8, number=8)))
    after = changed(before, "websites.0.domains", (builders.domain(8, number=8), builders.domain(9)))
    removed, added = difference(before, after)
    assert (removed.kind, removed.field, removed.old["name"], removed.new) == ("removed", "7", "example7.cn", None)
    assert (added.kind, added.field, added.old, added.new["name"]) == ("added", "example9.cn", None, "example9.cn")
    assert added.about == "网站粤ICP备2026000001号-1·域名example9.cn"


def test_a_domain_is_known_by_its_number_and_a_new_one_by_its_key() -> None:
    before = changed(on_file(), "websites.0.domains", (builders.domain(7, number=7),))
    renamed = changed(on_file(), "websites.0.domains", (builders.domain(7, "example70.cn", number=7),))
    respelled = changed(on_file(), "websites.0.domains", (builders.domain(7, "EXAMPLE7.CN"),))
    assert [(delta.path[-2:], delta.new) for delta in difference(before, renamed)] == [(("7", "name"), "example70.cn")]
    assert [delta.kind for delta in difference(before, respelled)] == ["changed"]


def test_a_name_that_moved_to_another_number_is_not_found_twice() -> None:
    before = changed(on_file(), "websites.0.domains", (builders.domain(5, number=5), builders.domain(6, number=6)))
    after = changed(before, "websites.0.domains", (builders.domain(6, number=5),))
    assert [(delta.path[3], delta.kind) for delta in difference(before, after)] == [("5", "changed"), ("6", "removed")]


def test_a_website_filed_anew_is_not_the_one_that_was_cancelled() -> None:
    after = changed(on_file(), "websites.0.number", 999)
    assert [(delta.field, delta.kind) for delta in difference(on_file(), after)] == [
        (str(on_file().websites[0].number), "removed"),
        ("999", "added"),
    ]


def test_a_moved_range_is_one_change_of_its_ends() -> None:
    part = on_file().websites[0].accesses[0].ranges[0]
    after = changed(
        on_file(), "websites.0.accesses.0.ranges.0", replace(part, first=part.first + 4, last=part.last + 4)
    )
    assert [delta.field for delta in difference(on_file(), after)] == ["first", "last"]


def test_a_website_added_is_one_difference() -> None:
    after = changed(on_file(), "websites", (*on_file().websites, builders.website(3)))
    (delta,) = difference(on_file(), after)
    assert (delta.path, delta.kind, delta.about) == (("websites", "示例网站3"), "added", "网站示例网站3")
    assert delta.new["domains"][0]["name"] == "example3.cn"


def test_with_nothing_before_everything_is_added() -> None:
    found = difference(None, builders.filing(websites=2))
    assert [delta.path[0] for delta in found] == ["sponsor", "websites", "websites", "attachments"]
    assert {delta.kind for delta in found} == {"added"}


def test_order_of_codes_own_ids_and_notes_of_the_bureau_are_no_difference() -> None:
    before = changed(on_file(), "websites.0.services", (8, 9))
    after = changed(before, "websites.0.services", (9, 8))
    after = changed(after, "sponsor.last_modified", "2026-11-22 10:00:00")
    after = changed(after, "sponsor.provider_id", 5)
    after = changed(after, "websites.0.domains.0.provider_id", 6)
    assert difference(before, changed(after, "sponsor.remark", "")) == ()


def test_ends_of_lines_are_no_difference() -> None:
    before, after = (changed(on_file(), "sponsor.remark", text) for text in ("一\r\n二", "一\n二 "))
    assert difference(before, after) == ()


def test_attachments_are_only_ever_added() -> None:
    first, second = builders.attachment("1"), builders.attachment("1", purpose=2)
    before = changed(on_file(), "attachments", (first,))
    assert difference(before, on_file()) == ()
    (delta,) = difference(before, changed(on_file(), "attachments", (second, first)))
    assert (delta.kind, delta.new["purpose"]) == ("added", 2)


def test_a_refiled_record_without_numbers_is_compared_with_the_old_one() -> None:
    old = builders.filing(websites=2)
    new = changed(old, "websites.1.name", "示例新站名")
    new = changed(new, "websites.0.accesses.0.methods", (1,))
    assert [delta.field for delta in difference(old, new)] == ["methods", "name"]


def test_accesses_of_a_refiled_record_are_known_by_the_providers_ids_else_by_who_gives_them() -> None:
    first, second = builders.access(1), builders.access(2, methods=(1,))
    old = changed(builders.filing(), "websites.0.accesses", (first, second))
    assert difference(old, changed(old, "websites.0.accesses", (second, first))) == ()
    alone = changed(old, "websites.0.accesses", (first,))
    renewed = changed(alone, "websites.0.accesses", (replace(first, provider_id=9, methods=(1,)),))
    assert [delta.field for delta in difference(alone, renewed)] == ["methods"]


def test_differences_go_to_json_and_back() -> None:
    after = changed(on_file(), "websites.0.domains", (builders.domain(9),))
    found = difference(on_file(), changed(after, "websites.0.services", (1, 2)))
    assert len(found) == 3
    assert from_json(as_json(found), Difference) == found
