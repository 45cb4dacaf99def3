"""The systems of the demo: the ministry's and those of all 31 bureaus."""

from __future__ import annotations

from beian.models import Node, NodeKind

MINISTRY = "ministry"

PROVINCES: dict[int, str] = {
    110000: "北京市", 120000: "天津市", 130000: "河北省", 140000: "山西省", 150000: "内蒙古自治区", 210000: "辽宁省",
    220000: "吉林省", 230000: "黑龙江省", 310000: "上海市", 320000: "江苏省", 330000: "浙江省", 340000: "安徽省",
    350000: "福建省", 360000: "江西省", 370000: "山东省", 410000: "河南省", 420000: "湖北省", 430000: "湖南省",
    440000: "广东省", 450000: "广西壮族自治区", 460000: "海南省", 500000: "重庆市", 510000: "四川省", 520000: "贵州省",
    530000: "云南省", 540000: "西藏自治区", 610000: "陕西省", 620000: "甘肃省", 630000: "青海省",
    640000: "宁夏回族自治区", 650000: "新疆维吾尔自治区",
}  # fmt: skip

DEMO_BUREAUS = (440000, 110000, 310000)
"""The bureaus that have people, providers and filings in the demo."""

TWO_STAGES = frozenset({110000})
"""The bureaus whose decisions need a first and a second reviewer."""


def bureau_code(province: int) -> str:
    """Give the node code of a province's bureau."""
    return f"bureau:{province}"


def load() -> dict[str, Node]:
    """Create the ministry's node and the bureaus' where they are missing; give all by code."""
    wanted = [Node(code=MINISTRY, kind=NodeKind.MINISTRY, name="工业和信息化部", telephone="010-00000000")]
    wanted += [_bureau(province, name) for province, name in PROVINCES.items()]
    Node.objects.bulk_create(wanted, ignore_conflicts=True)
    return {node.code: node for node in Node.objects.exclude(kind=NodeKind.PROVIDER)}


def _bureau(province: int, name: str) -> Node:
    return Node(
        code=bureau_code(province),
        kind=NodeKind.BUREAU,
        name=f"{name}通信管理局",
        province=province,
        two_stages=province in TWO_STAGES,
        telephone="020-00000000" if province == 440000 else "",
    )
