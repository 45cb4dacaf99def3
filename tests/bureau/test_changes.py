"""Old beside new: which rows a change gives, what is marked in them, and what stays hidden."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from beian.records import FilingRecord
from beian.records.differences import difference
from beian.records.merging import merged
from beian.web.diff import Piece
from beian.web.filing.changes import ChangeMaker, Changes, Row
from beian.web.filing.names import Names
from beian.web.filing.spots import spot, words
from tests.beian.filed import CALLER, OTHER, change, on_file
from tests.builders import address_range, approval, changed, domain, person, website

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]


def compared(before: FilingRecord, after: FilingRecord, *, plain: bool = False, context: Any = ...) -> Changes:
    names = Names([440000, 440100, 440300, 440305], [CALLER, OTHER])
    known = before if context is ... else context
    return ChangeMaker(names, known, plain=plain).changes(difference(before, after))


def only_row(before: FilingRecord, path: str, value: Any, **more: Any) -> Row:
    (section,) = compared(before, changed(before, path, value), **more).sections
    (row,) = section.rows
    return row


def text(pieces: tuple[Piece, ...]) -> str:
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in pieces)


def test_equal_filings_give_nothing() -> None:
    assert compared(on_file(), on_file()).sections == []


def test_what_differs_is_marked_inside_the_text() -> None:
    row = only_row(on_file(), "sponsor.name", "示例技术有限公司1")
    assert (row.label, row.kind, text(row.old), text(row.new)) == (
        "主办者名称", "changed", "示例[科]技有限公司1", "示例技[术]有限公司1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "label", "old", "new"),
    [
        ("sponsor.nature", 3, "单位性质", "[企业]", "[事业单位]"),
        ("sponsor.address.city", 440100, "所在地区", "广东省 [深圳]市 南山区", "广东省 [广州]市 南山区"),
        ("sponsor.superior", None, "主管单位", "[示例集团1]", ""),
        ("sponsor.remark", "示例备注", "备注", "", "[示例备注]"),
        ("websites.0.services", (8, 9), "服务内容", None, None),
        ("websites.0.accesses.0.methods", (2,), "接入方式", "[虚拟主机]", "[主机托管]"),
    ],
)
def test_fields_are_written_in_words(path: str, value: Any, label: str, old: str | None, new: str | None) -> None:
    row = only_row(on_file(), path, value)
    assert row.label == label
    if old is not None:
        assert (text(row.old), text(row.new)) == (old, new)


def test_personal_data_is_hidden_and_yet_told_apart() -> None:
    row = only_row(on_file(), "sponsor.person.mobile", "16000000999")
    assert "16000000001" not in text(row.old)
    assert "16000000999" not in text(row.new)
    alike = only_row(on_file(), "sponsor.person.mobile", "16011110001")
    assert text(alike.old) == text(alike.new) == "[160******01]"


def test_revealed_it_is_compared_inside() -> None:
    row = only_row(on_file(), "sponsor.person.mobile", "16000000009", plain=True)
    assert (text(row.old), text(row.new)) == ("1600000000[1]", "1600000000[9]")


def test_of_several_values_the_new_one_is_marked() -> None:
    row = only_row(on_file(), "sponsor.person.mobile", "16000000001;16000000777", plain=True)
    assert (text(row.old), text(row.new)) == ("16000000001", "16000000001; [16000000777]")


@pytest.mark.parametrize("known", [True, False])
def test_a_domain_that_comes_stands_beside_those_that_stay(known: bool) -> None:
    before = on_file()
    domains = (*before.websites[0].domains, domain(9))
    row = only_row(before, "websites.0.domains", domains, context=before if known else None)
    assert text(row.new) == ("example101.cn、[example9.cn]" if known else "[example9.cn]")
    assert row.kind == ("changed" if known else "added")


@pytest.mark.parametrize("known", [True, False])
def test_a_range_that_moves(known: bool) -> None:
    before = changed(on_file(), "websites.0.accesses.0.ranges", (address_range(0, count=4, number=7),))
    moved = (address_range(0, count=8, number=7),)
    row = only_row(before, "websites.0.accesses.0.ranges", moved, context=before if known else None)
    assert row.label == "IP 地址"
    assert text(row.new).replace("[", "").replace("]", "") == ("198.18.0.0 – 198.18.0.7" if known else "198.18.0.7")


def test_an_access_is_called_by_its_provider() -> None:
    before = on_file(shared=True)
    (section,) = compared(before, changed(before, "websites.0.accesses.1.methods", (2,))).sections
    assert section.title == f"网站 示例网站101 · 接入 接入商 {OTHER}"


def test_the_fields_that_stay_are_kept_apart() -> None:
    (section,) = compared(on_file(), changed(on_file(), "sponsor.person.name", "示例新人")).sections
    assert section.title == "主体负责人"
    assert ("电子邮件", "p****@example1.cn") in section.same
    assert "姓名" not in dict(section.same)


def test_a_website_that_comes_is_told_whole() -> None:
    before = on_file()
    new = website(77, approvals=(approval(77),), person=person(77))
    titles = [
        (each.title, each.kind_name)
        for each in compared(before, changed(before, "websites", (*before.websites, new))).sections
    ]
    assert titles == [("网站 示例网站77", "新增"), ("网站负责人", "新增"), ("接入", "新增"), ("前置审批", "新增")]


def test_what_others_changed_as_well_says_where_the_provider_began() -> None:
    base = on_file()
    now = changed(base, "sponsor.person.email", "now@example1.cn")
    wanted = change(changed(base, "sponsor.person.email", "asked@example1.cn"))
    merge = merged(base, now, wanted, CALLER)
    maker = ChangeMaker(Names([]), now, plain=True)
    made = maker.changes(difference(now, merge.as_asked), merge.both)
    (row,) = made.sections[0].rows
    assert made.both == 1
    assert (row.base, text(row.old), text(row.new)) == (
        "person1@example1.cn", "[now]@example1.cn", "[asked]@example1.cn",
    )  # fmt: skip


def test_what_others_took_away_is_told() -> None:
    base = on_file()
    now = replace(base, websites=base.websites[1:])
    merge = merged(base, now, change(changed(base, "websites.0.name", "示例新名")), CALLER)
    made = ChangeMaker(Names([]), now, plain=False).changes(difference(now, merge.as_asked), merge.both)
    assert made.lost == ["网站粤ICP备2026000001号-1"]


def test_in_one_line() -> None:
    before = on_file()
    after = changed(changed(before, "sponsor.person.mobile", "16000000009"), "sponsor.person.email", "a@example.cn")
    after = changed(after, "websites.1.domains", (*before.websites[1].domains, domain(9)))
    assert words(difference(before, after)) == "主体负责人：手机号码、电子邮件；网站粤ICP备2026000001号-2：域名"
    assert words(difference(before, replace(before, websites=before.websites[1:]))) == "网站粤ICP备2026000001号-1：移除"


FIELDS = [
    "sponsor.name", "sponsor.nature", "sponsor.superior", "sponsor.remark", "sponsor.certificate.type",
    "sponsor.certificate.number", "sponsor.certificate.address", "sponsor.address.province", "sponsor.address.city",
    "sponsor.address.county", "sponsor.address.detail", "sponsor.person.name", "sponsor.person.certificate_type",
    "sponsor.person.certificate_number", "sponsor.person.telephone", "sponsor.person.mobile", "sponsor.person.email",
    "sponsor.person.msn", "sponsor.person.qq", "websites.0.name", "websites.0.home_page", "websites.0.remark",
    "websites.0.services", "websites.0.languages", "websites.0.person.name", "websites.0.accesses.0.locations",
    "websites.0.accesses.0.methods",
]  # fmt: skip


@pytest.mark.parametrize("path", FIELDS)
def test_every_field_of_a_change_has_a_name(path: str) -> None:
    before = on_file()
    value: Any = before
    for step in path.split("."):
        value = value[int(step)] if step.isdigit() else getattr(value, step)
    other: Any = {int: 77, tuple: (77,)}.get(type(value), "示例值")
    (delta,) = difference(before, changed(before, path, other))
    place = spot(delta)
    assert place is not None
    assert place.field is not None
