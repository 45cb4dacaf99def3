"""What somebody typed into the public query, and what is made of it."""

from __future__ import annotations

import pytest

from ministry.services.search import NotUnderstood, Subject, understand


@pytest.mark.parametrize(
    "text",
    [
        "粤ICP备2026000001号",
        " 粤 ICP 备 2026000001 号 ",
        "粤icp备2026000001号",
        "粤ICP备2026000001",
        "粤ＩＣＰ备２０２６０００００１号",
        "备案号：粤ICP备2026000001号",
    ],
)
def test_a_sponsor_s_number_in_any_spelling(text: str) -> None:
    question = understand(text)
    assert (question.subject, question.keys) == (Subject.SPONSOR_NUMBER, ("粤ICP备2026000001号",))


@pytest.mark.parametrize("text", ["粤ICP备2026000001号-12", "粤ICP备2026000001号－12", "粤ICP备2026000001号—12"])
def test_a_website_s_number_in_any_spelling(text: str) -> None:
    question = understand(text)
    assert (question.subject, question.keys) == (Subject.WEBSITE_NUMBER, ("粤ICP备2026000001号-12",))


def test_other_abbreviations_and_the_commercial_form_are_read() -> None:
    assert understand("川ICP备05000001号").keys == ("蜀ICP备05000001号",)
    assert understand("京ICP证030173号").keys == ("京ICP证030173号",)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("example1.cn", ("example1.cn",)),
        ("EXAMPLE1.cn.", ("example1.cn",)),
        ("www.example1.cn", ("www.example1.cn", "example1.cn")),
        (
            "https://a.b.example1.com.cn:8443/path?x=1#y",
            ("a.b.example1.com.cn", "b.example1.com.cn", "example1.com.cn"),
        ),
        ("示例.中国", ("xn--fsq092h.xn--fiqs8s",)),
        ("xn--fsq092h.xn--fiqs8s", ("xn--fsq092h.xn--fiqs8s",)),
        ("http://示例。中国/", ("xn--fsq092h.xn--fiqs8s",)),
        ("http://198.18.0.1/", ("198.18.0.1",)),
    ],
)
def test_a_host_or_a_url_pasted_whole(text: str, keys: tuple[str, ...]) -> None:
    question = understand(text)
    assert (question.subject, question.keys) == (Subject.DOMAIN, keys)


def test_a_chinese_host_is_said_back_in_chinese() -> None:
    assert understand("www.xn--fsq092h.xn--fiqs8s").words == "www.示例.中国"


@pytest.mark.parametrize("text", ["示例科技有限公司", "示例（深圳）科技有限公司", "Example Co., Ltd.", "示例人1"])
def test_anything_else_is_a_name(text: str) -> None:
    assert understand(text).subject == Subject.NAME


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("", "请输入"),
        ("   ", "请输入"),
        ("ICP备2026000001号", "备案号不完整"),
        ("2026000001", "只有数字"),
        ("示" * 513, "过长"),
    ],
)
def test_what_is_no_question_gets_advice(text: str, advice: str) -> None:
    with pytest.raises(NotUnderstood, match=advice):
        understand(text)
