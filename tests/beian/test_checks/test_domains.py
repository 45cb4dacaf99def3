"""Domains and home pages: Chinese and punycode, dotted addresses, what counts as the same."""

from __future__ import annotations

import idna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beian.checks import Facts, Taken
from beian.checks.keys import domain_key, home_page_key
from beian.checks.names import a_label
from tests import builders
from tests.beian.test_checks.conftest import codes, details
from tests.builders import changed

FILING = changed(builders.filing(1), "websites.0.home_page", None)
NAME = "websites.0.domains.0.name"


@given(st.text("aZ09-.x", max_size=8) | st.from_regex(r"(a{1,64}\.){0,5}a{1,64}", fullmatch=True))
def test_a_plain_name_is_read_as_idna_reads_it(name: str) -> None:
    try:
        expected = idna.encode(name, uts46=True).decode("ascii").removesuffix(".")
    except idna.IDNAError:
        expected = None
    assert a_label(name) == (None if name.endswith(".") else expected)


@pytest.mark.parametrize(
    "name",
    [
        "example.cn",
        "EXAMPLE.COM.CN",
        "例子示例.中国",
        "例子示例。中国",
        "xn--fsqa251gh83a.xn--fiqs8s",
        "示例.公司.cn",
        "示例.公司",
        "example.gd.cn",
        "github.io",
        "示例.com",
        "198.18.0.101",
    ],
)
def test_registrable_domains_and_own_addresses(name: str, facts: Facts) -> None:
    assert details(changed(FILING, NAME, name), facts) == ""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("www.例子示例.中国", "请填写“例子示例.中国”"),
        ("a.b.example.com.cn", "请填写“example.com.cn”"),
        ("gd.cn", "只有后缀"),
        ("中国", "只有后缀"),
        ("example.invalid", "后缀"),
        ("example.cn.", "不是合法的域名"),
        ("exa mple.cn", "不是合法的域名"),
        ("-example.cn", "不是合法的域名"),
        ("http://example.cn", "不是合法的域名"),
        ("198.18.0.300", "域名"),
        ("198.18.0.102", "不在本网站的IP地址段内"),
    ],
)
def test_other_names_are_refused_with_what_to_write(name: str, words: str, facts: Facts) -> None:
    filing = changed(FILING, NAME, name)
    assert codes(filing, facts) == [1004]
    assert words in details(filing, facts)


def test_chinese_and_punycode_are_one_domain(facts: Facts) -> None:
    assert domain_key("例子示例。中国") == domain_key("XN--FSQA251GH83A.xn--fiqs8s") == domain_key("例子示例.中国")
    facts.taken["domain", domain_key("例子示例.中国")] = Taken("京ICP备2026000001号")
    assert codes(changed(FILING, NAME, "xn--fsqa251gh83a.xn--fiqs8s"), facts) == [1005]


def test_one_domain_twice_in_a_website(facts: Facts) -> None:
    twice = (builders.domain(1, "example1.cn"), builders.domain(2, "Example1.CN"))
    filing = changed(FILING, "websites.0.domains", twice)
    assert codes(filing, facts) == [1005]
    assert "网站1·域名2：域名“Example1.CN”与网站1·域名1重复" in details(filing, facts)


@pytest.mark.parametrize(
    "url",
    [
        "http://example101.cn",
        "https://www.example101.cn:8443/a/b?c=d#e",
        "HTTP://WWW.EXAMPLE101.CN/",
        "www.example101.cn",
        "http://www.example101.cn/" + "x" * 230,
        "http://www.example101.cn/中文",
    ],
)
def test_home_pages_below_the_domain(url: str, facts: Facts) -> None:
    assert details(changed(FILING, "websites.0.home_page", url), facts) == ""


def test_a_chinese_home_page_below_a_punycode_domain(facts: Facts) -> None:
    filing = changed(FILING, NAME, "xn--fsqa251gh83a.xn--fiqs8s")
    assert codes(changed(filing, "websites.0.home_page", "http://www.例子示例.中国/"), facts) == []


def test_the_home_page_of_a_website_without_domain(facts: Facts) -> None:
    filing = changed(FILING, NAME, "198.18.0.101")
    assert codes(changed(filing, "websites.0.home_page", "http://198.18.0.101:8080/"), facts) == []


@pytest.mark.parametrize(
    "url",
    ["http://user@www.example101.cn/", "http:\\\\www.example101.cn", "http：//www.example101.cn", "localhost/", "x"],
)
def test_what_is_no_home_page(url: str, facts: Facts) -> None:
    assert codes(changed(FILING, "websites.0.home_page", url), facts) == [1022]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.example1.cn", "https://WWW.example1.cn/"),
        ("http://www.example1.cn:80/a/", "www.example1.cn/a"),
        ("https://www.example1.cn:443/#top", "www.example1.cn"),
        ("http://www.例子.中国/?a=1", "http://www.xn--fsqu00a.xn--fiqs8s/?a=1"),
    ],
)
def test_spellings_of_one_home_page(one: str, other: str) -> None:
    assert home_page_key(one) == home_page_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.example1.cn/", "http://example1.cn/"),
        ("http://www.example1.cn/", "http://www.example1.cn:8080/"),
        ("http://www.example1.cn/?a", "http://www.example1.cn/?b"),
        ("http://www.example1.cn/A", "http://www.example1.cn/a"),
    ],
)
def test_different_home_pages(one: str, other: str) -> None:
    assert home_page_key(one) != home_page_key(other)
