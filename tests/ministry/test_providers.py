"""The list of providers: where a sponsor picks the one to file with."""

from __future__ import annotations

import pytest
from django.test import Client

from beian.models import Node, NodeKind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def providers(ministry: Node) -> None:
    for isp_id, name, province, url in [
        (440000000002, "示例云计算有限公司", 440000, "https://beian.example1.cn/"),
        (110000000002, "示例北京网络有限公司", 110000, ""),
        (110000000003, "示例恶意有限公司", 110000, "javascript:alert(1)"),
    ]:
        Node.objects.create(
            code=f"provider:{isp_id}", kind=NodeKind.PROVIDER, name=name, province=province, system_url=url
        )
    Node.objects.create(
        code="provider:440000000009", kind=NodeKind.PROVIDER, name="已退出有限公司", province=440000, open=False
    )


def page(**query: str) -> str:
    response = Client().get("/providers", query)
    assert response.status_code == 200
    return response.content.decode()


def test_name_identifier_province_and_system_are_shown() -> None:
    text = page()
    for expected in ("示例云计算有限公司", "440000000002", "广东省", 'href="https://beian.example1.cn/"', "未提供网址"):
        assert expected in text


def test_one_that_left_is_not_shown() -> None:
    assert "已退出有限公司" not in page()


def test_only_web_addresses_become_links() -> None:
    text = page()
    assert "示例恶意有限公司" in text
    assert "javascript:" not in text


@pytest.mark.parametrize(
    "query",
    [{"province": "440000"}, {"name": "云计算"}, {"name": "440000000002"}, {"province": "440000", "name": "示例"}],
)
def test_it_is_narrowed_by_province_and_name(query: dict[str, str]) -> None:
    text = page(**query)
    assert "示例云计算有限公司" in text
    assert "示例北京网络有限公司" not in text


def test_no_match_says_what_to_do() -> None:
    assert "没有符合条件的接入商" in page(name="无此名称")


def test_an_empty_list_says_what_to_do() -> None:
    Node.objects.filter(kind=NodeKind.PROVIDER).delete()
    assert "还没有登记接入商" in page()
