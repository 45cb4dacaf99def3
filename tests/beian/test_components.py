"""The components: readable colours, nothing above the browser floor, names and relations for screen readers."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import Client
from lxml import html

from beian.web.components import Badge, Gauge
from beian.web.diff import compare, diff
from beian.web.forms import Form, Paragraph
from beian.web.icons import SHAPES

STATIC = Path(__file__).resolve().parents[2] / "static"
TOKENS = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", (STATIC / "css" / "tokens.css").read_text()))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT_ON = [
    *((ink, ground) for ink in ("ink", "ink-soft", "ink-faint") for ground in ("surface", "ground", "sunken", "hover")),
    *((ink, ground) for ink in ("accent", "accent-deep") for ground in ("surface", "ground", "accent-wash", "hover")),
    *((tone, f"{tone}-wash") for tone in ("good", "warn", "bad")),
    ("bad", "surface"),
    ("warn", "surface"),
    ("ink", "good-wash"),
    ("ink", "bad-wash"),
    ("ink-faint", "bad-wash"),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
    ("on-bad", "bad"),
]


@pytest.mark.parametrize(("text", "ground"), TEXT_ON)
def test_text_can_be_read(text: str, ground: str) -> None:
    assert contrast(TOKENS[text], TOKENS[ground]) >= 4.5


@pytest.mark.parametrize(
    ("edge", "ground"), [("control", "surface"), ("control", "hover"), ("focus", "ground"), ("focus", "surface")]
)
def test_controls_and_focus_stand_out(edge: str, ground: str) -> None:
    assert contrast(TOKENS[edge], TOKENS[ground]) >= 3


def test_text_that_is_marked_in_a_diff_can_be_read() -> None:
    sheet = (STATIC / "css" / "review.css").read_text()
    for part in ("del", "ins"):
        ground, text = re.search(rf"\.diff {part} {{\s+background: (\S+);\s+color: (\S+);", sheet).groups()  # type: ignore[union-attr]
        assert contrast(text, ground) >= 4.5


ABOVE_FLOOR = {
    ".css": [
        ":has(",
        "@container",
        "color-mix(",
        "subgrid",
        "dvh",
        "text-wrap",
        "@scope",
        "\n  &",
        ":user-invalid",
        "inset-area",
    ],
    ".js": [
        ".toSorted(",
        ".toReversed(",
        ".groupBy(",
        "withResolvers",
        ".isWellFormed(",
        "popover",
        "eval(",
        "innerHTML",
    ],
}


@pytest.mark.parametrize(
    "path", sorted([*STATIC.glob("css/*.css"), *STATIC.glob("js/*.js")]), ids=lambda path: path.name
)
def test_nothing_needs_more_than_chromium_100(path: Path) -> None:
    text = path.read_text()
    assert [word for word in ABOVE_FLOOR[path.suffix] if word in text] == []
    assert "http://" not in text
    assert "https://" not in text


def test_every_colour_comes_from_the_tokens() -> None:
    """A few shades have one use only and stand where they are used."""
    own = {"#e3e7ec", "#f6cdc9", "#7a1a14", "#c2e4cd", "#114626", "#7f1b15"}
    for path in STATIC.glob("css/*.css"):
        if path.name not in ("tokens.css", "print.css"):
            assert set(re.findall(r"#[0-9a-f]{6}\b", path.read_text())) <= own, path.name


@pytest.fixture
def page(db: None) -> Any:
    return html.fromstring(Client().get("/styleguide").content.decode())


def test_ids_are_unique_and_references_lead_somewhere(page: Any) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for attribute in ("aria-labelledby", "aria-describedby", "for", "data-dialog-open", "data-counter-output"):
        for value in page.xpath(f"//@{attribute}"):
            assert set(value.split()) <= set(ids), (attribute, value)


def test_everything_that_can_be_used_has_a_name(page: Any) -> None:
    for control in page.xpath("//button | //a[@href]"):
        assert control.text_content().strip() or control.get("aria-label"), html.tostring(control)
    labelled = set(page.xpath("//label/@for"))
    for control in page.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        named = control.get("aria-label") or control.get("id") in labelled or control.xpath("ancestor::label")
        assert named, html.tostring(control)


def test_headings_skip_no_level_and_there_is_one_title(page: Any) -> None:
    levels = [int(each.tag[1]) for each in page.xpath("//h1|//h2|//h3|//h4")]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_first_stop_of_the_keyboard_is_the_way_to_the_content(page: Any) -> None:
    first = page.xpath("//body//*[self::a or self::button or self::input]")[0]
    assert (first.get("class"), first.get("href")) == ("skip-link", "#main")
    assert page.get("lang") == "zh-Hans"


class Sample(Form):
    name = forms.CharField(label="名称", help_text="与证件一致。", max_length=5)
    kind = forms.ChoiceField(label="性质", choices=[("1", "企业")])
    said = Paragraph(label="意见", max_length=4, required=False)
    own = forms.CharField(label="自定", error_messages={"required": "必须自定"})


def render(text: str, **values: Any) -> Any:
    return html.fromstring(f"<div>{Template('{% load ui %}' + text).render(Context(values))}</div>")


def test_errors_stand_beside_the_field_and_on_top_as_links() -> None:
    form = Sample({"name": "太长的名称了吧", "said": "一二三四五"})
    tree = render("{% form form %}", form=form)
    entries = {link.get("href"): link.text_content() for link in tree.xpath("//*[@class='error-summary']//a")}
    assert entries == {
        "#id_name": "名称：最多 5 字，现为 7 字。",
        "#id_kind": "请选择性质。",
        "#id_said": "意见：最多 4 字，现为 5 字。",
        "#id_own": "自定:必须自定".replace("自定:", ""),
    }
    name = tree.xpath("//input[@name='name']")[0]
    assert name.get("aria-invalid") == "true"
    assert name.get("aria-describedby") == "id_name_helptext id_name_error"
    assert tree.xpath("//*[@id='id_name_error']")[0].text_content().strip() == "最多 5 字，现为 7 字。"


def test_text_is_counted_as_the_page_counts_it() -> None:
    assert Sample({"name": "a", "kind": "1", "own": "x", "said": "𠮷\r\n好\r"}).is_valid()
    tree = render("{% field form.said %}", form=Sample())
    area = tree.xpath("//textarea")[0]
    assert (area.get("data-counter"), area.get("maxlength")) == ("4", None)
    assert tree.xpath(f"//output[@id='{area.get('data-counter-output')}']")


@pytest.mark.parametrize("tone", ["neutral", "info", "good", "warn", "bad"])
def test_a_state_is_told_by_word_and_shape(tone: Any) -> None:
    tree = render("{% badge badge %}", badge=Badge("状态", tone))
    assert tree.text_content().strip() == "状态"
    assert len({SHAPES[each] for each in ("neutral", "info", "good", "warn", "bad")}) == 5
    assert tree.xpath("//svg[@aria-hidden='true']")


def test_what_is_typed_is_shown_and_not_run() -> None:
    evil = "<script>alert(1)</script>"
    compared = diff([(evil, evil, evil + "x"), ("b", "", evil)])
    text = (
        '{% diff d %}{% badge e %}{% empty title=e %}{{ e }}{% endempty %}{% notice tone="bad" %}{{ e }}{% endnotice %}'
    )
    tree = render(text, d=compared, e=evil)
    assert not tree.xpath("//script")
    assert tree.text_content().count(evil) >= 5


def test_a_comparison_marks_what_differs() -> None:
    row = compare("地址", "示例路 100 号", "示例路 128 号")
    assert [(piece.text, piece.marked) for piece in row.new] == [("示例路 1", False), ("28", True), (" 号", False)]
    assert [row.kind for row in diff([("a", "", "x"), ("b", "x", None), ("c", "x", "y")]).changes] == [
        "added",
        "removed",
        "changed",
    ]
    assert [row.label for row in diff([("a", "x", "x"), ("b", None, "")]).same] == ["a"]
    assert compare("x", "甲乙丙丁", "子丑寅卯").new[0].text == "子丑寅卯"


@pytest.mark.parametrize(("done", "percent"), [(0, 0), (999, 99), (1000, 100), (2000, 100), (None, None)])
def test_progress_is_full_at_the_end_only(done: int | None, percent: int | None) -> None:
    assert Gauge("x", done, 1000).percent == percent


def test_moments_are_shown_in_china() -> None:
    assert render("{{ m|moment }}", m=datetime(2026, 11, 20, 16, 5, tzinfo=UTC)).text_content() == "2026-11-21 00:05"
