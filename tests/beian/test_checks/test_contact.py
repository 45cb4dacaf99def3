"""Fields that hold several values: each is judged on its own, and the message says which is wrong."""

from __future__ import annotations

import pytest

from beian.checks import Facts
from tests import builders
from tests.beian.test_checks.conftest import codes, details
from tests.builders import changed

FILING = builders.filing(1)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("telephone", "020-80000001;020-80000002-8001"),
        ("telephone", "86-20-80000001; 4000000000 ;"),
        ("mobile", "16000000001;13000000000;19999999999"),
        ("email", "a@example1.cn;b@example2.cn"),
        ("email", "示例@例子.中国"),
        ("msn", "somebody@example1.cn"),
        ("qq", "10000"),
    ],
)
def test_right_values(path: str, value: str, facts: Facts) -> None:
    for whose in ("sponsor.person", "websites.0.person"):
        assert details(changed(FILING, f"{whose}.{path}", value), facts) == ""


@pytest.mark.parametrize(
    ("path", "value", "code", "words"),
    [
        ("telephone", "020-80000001;020 80000002", 1010, "第2个办公室电话“020 80000002”"),
        ("telephone", "020-80000001;---", 1010, "第2个办公室电话“---”"),
        ("mobile", "16000000001;23000000000;16000000002", 1011, "第2个手机号码“23000000000”"),
        ("mobile", "1600000000１", 1011, "手机号码“1600000000１”"),
        ("email", "a@example1.cn;b.example2.cn", 1009, "第2个电子邮件地址“b.example2.cn”"),
        ("email", "@example1.cn", 1009, "电子邮件地址“@example1.cn”"),
    ],
)
def test_one_wrong_value_is_named(path: str, value: str, code: int, words: str, facts: Facts) -> None:
    filing = changed(FILING, f"websites.0.person.{path}", value)
    assert codes(filing, facts) == [code]
    assert words in details(filing, facts)
    assert "网站1·负责人" in details(filing, facts)


def test_each_wrong_value_is_found(facts: Facts) -> None:
    said = details(changed(FILING, "sponsor.person.mobile", "1;2;16000000001"), facts)
    assert "第1个手机号码“1”" in said
    assert "第2个手机号码“2”" in said
    assert "第3个" not in said


@pytest.mark.parametrize("detail", [None, "示例路1号", "1-2-301"])
def test_an_address_may_be_left_out_or_short(detail: str | None, facts: Facts) -> None:
    assert codes(changed(FILING, "sponsor.address.detail", detail), facts) == []
