"""The public finds filings by domain, number and name, sees nothing personal, and not too often."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest
import redis
from django.test import Client

from beian.models import Node, User
from beian.records import FilingRecord
from ministry.models import PublicFiling
from ministry.views.query import THROTTLE
from tests.ministry.filings import named, numbered, report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def unthrottled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count from nothing in every test."""
    monkeypatch.setattr("ministry.views.query.THROTTLE", replace(THROTTLE, name=f"test-{uuid.uuid4()}"))


@pytest.fixture
def on_file(guangdong: Node) -> FilingRecord:
    record = named(numbered(1, websites=2), "example1.cn", "示例.中国")
    report(guangdong, record)
    report(guangdong, numbered(2, organisation=False))
    return record


def ask(text: str, **headers: str) -> str:
    response = Client().get("/", {"q": text}, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


FOUND, NOTHING = "粤ICP备2026000001号-1", "没有查到备案信息"


@pytest.mark.parametrize(
    "text",
    [
        "example1.cn",
        "www.EXAMPLE1.cn",
        "https://shop.example1.cn/cart?item=1",
        "示例.中国",
        "xn--fsq092h.xn--fiqs8s",
        "粤ICP备2026000001号-1",
        "粤ICP备2026000001号",
        "粤 icp 备 2026000001 号",
        "示例科技有限公司1",
        "示例科技有限公司 1",
    ],
)
def test_a_filing_is_found(on_file: FilingRecord, text: str) -> None:
    page = ask(text)
    assert FOUND in page
    assert "示例科技有限公司1" in page
    assert "2026-03-02" in page
    assert "企业" in page
    assert NOTHING not in page


@pytest.mark.parametrize(
    "text", ["example9.cn", "xample1.cn", "粤ICP备2026000009号", "示例科技", "京ICP备2026000001号"]
)
def test_what_is_not_on_file_is_not_found(on_file: FilingRecord, text: str) -> None:
    page = ask(text)
    assert NOTHING in page
    assert FOUND not in page


def test_one_sponsor_s_websites_are_listed_together(on_file: FilingRecord) -> None:
    page = ask("粤ICP备2026000001号")
    assert "1 个主办单位，2 个网站" in page
    assert "粤ICP备2026000001号-2" in page
    assert page.count("<article") == 1


def test_a_website_s_number_shows_that_website_only(on_file: FilingRecord) -> None:
    page = ask("粤ICP备2026000001号-2")
    assert "示例网站102" in page
    assert "示例网站101" not in page


def test_the_nearest_domain_answers(guangdong: Node) -> None:
    """A host on file under its own name is not mixed up with the domain around it."""
    report(guangdong, named(numbered(1), "example1.cn"))
    report(guangdong, named(numbered(2), "shop.example1.cn"))
    assert "示例科技有限公司2" in ask("www.shop.example1.cn")
    assert "示例科技有限公司1" not in ask("www.shop.example1.cn")
    assert "示例科技有限公司1" in ask("www.example1.cn")


def test_brackets_of_either_width_are_the_same(guangdong: Node) -> None:
    record = numbered(1)
    report(guangdong, replace(record, sponsor=replace(record.sponsor, name="示例（深圳）科技有限公司")))
    assert "示例（深圳）科技有限公司" in ask("示例(深圳)科技有限公司")


@pytest.mark.parametrize("text", ["示例人2", "粤ICP备2026000002号"])
def test_nothing_personal_is_shown(on_file: FilingRecord, text: str) -> None:
    """Neither of the sponsor nor of a person who answers for it, though the ministry holds it all."""
    page = ask(text)
    assert "示例人2" in page
    assert "个人" in page
    record = numbered(2, organisation=False)
    secrets = [
        record.sponsor.certificate.number,
        record.sponsor.certificate.address,
        record.sponsor.address.detail,
        record.sponsor.reviewer,
        *(getattr(record.sponsor.person, name) for name in ("certificate_number", "telephone", "mobile", "email")),
        record.websites[0].person.name,
        record.websites[0].person.mobile,
    ]
    assert [secret for secret in secrets if secret and secret in page] == []


def test_a_query_reads_one_table_once(on_file: FilingRecord, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(2) as queries:
        ask("粤ICP备2026000001号")
    tables = [query["sql"] for query in queries if "ministry_publicfiling" in query["sql"]]
    assert len(tables) == 1
    assert "JOIN" not in tables[0]


def test_a_long_answer_is_capped_and_says_so(guangdong: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ministry.services.search.MOST_ROWS", 3)
    report(guangdong, numbered(1, websites=5))
    page = ask("示例科技有限公司1")
    assert "1 个主办单位，3 个网站" in page
    assert "仅显示前" in page


def test_an_incomplete_number_gets_advice_beside_the_field(ministry: Node) -> None:
    page = ask("ICP备2026000001号")
    assert "备案号不完整" in page
    assert 'aria-invalid="true"' in page
    assert 'value="ICP备2026000001号"' in page


def test_what_was_typed_is_escaped(ministry: Node) -> None:
    page = ask('"><script>alert(1)</script>')
    assert "<script>alert" not in page


def test_the_empty_page_says_how_to_ask(ministry: Node) -> None:
    response = Client().get("/")
    assert "主办单位名称" in response.content.decode()
    assert "/providers" in response.content.decode()
    assert "X-Robots-Tag" not in response


def test_caches_and_search_engines_are_told(ministry: Node) -> None:
    response = Client().get("/", {"q": "example1.cn"})
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert set(response["Cache-Control"].split(", ")) == {"private", "max-age=60"}


def test_a_page_for_somebody_signed_in_is_not_kept(ministry: Node, operator: User, signed_in: Any) -> None:
    assert "no-store" in signed_in(operator).get("/", {"q": "example1.cn"})["Cache-Control"]


def test_one_address_asks_thirty_times_a_minute(ministry: Node) -> None:
    client = Client()
    statuses = [client.get("/", {"q": f"example{n}.cn"}).status_code for n in range(31)]
    assert statuses == [200] * 30 + [429]
    refused = client.get("/", {"q": "example1.cn"})
    assert 0 < int(refused["Retry-After"]) <= 60
    assert "no-store" in refused["Cache-Control"]
    assert "请求过于频繁" in refused.content.decode()
    assert client.get("/").status_code == 200
    assert Client(REMOTE_ADDR="198.18.0.7").get("/", {"q": "example1.cn"}).status_code == 200


def test_an_ipv6_network_counts_as_one_caller(ministry: Node) -> None:
    statuses = [
        Client(REMOTE_ADDR=f"2001:db8:1:2::{n:x}").get("/", {"q": "example1.cn"}).status_code for n in range(1, 32)
    ]
    assert statuses[-1] == 429
    assert Client(REMOTE_ADDR="2001:db8:1:3::1").get("/", {"q": "example1.cn"}).status_code == 200


def test_without_redis_the_public_still_gets_its_answer(on_file: FilingRecord, monkeypatch: pytest.MonkeyPatch) -> None:
    def down() -> redis.Redis:
        raise redis.ConnectionError

    monkeypatch.setattr("beian.web.throttle.connection", down)
    assert FOUND in ask("example1.cn")


def test_only_reading_is_possible(ministry: Node) -> None:
    assert Client().post("/", {"q": "example1.cn"}).status_code == 405
    assert not PublicFiling.objects.exists()
