"""Made-up sponsors, people and places. A number always gives the same ones, and two numbers never the same.

Every organisation says that it is none (示例, 样板, 范例 …); identity numbers and credit codes have right
check characters and a county code that was never given out; mobile numbers begin with 19900 or the
like, domains with `example`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from stdnum.cn import ric, uscc

from beian.checks.certificates import organisation_check

SURNAMES = "陈林黄张李王吴刘蔡杨许郑谢郭洪曾邱周赖徐苏叶吕江何罗高萧潘简朱钟彭游詹胡施沈余赵卢梁颜柯孙魏翁"
_GIVEN = (
    "家豪志强淑芬俊杰雅婷建宏美玲文彬佳颖国栋晓彤宇航思琪伟东静怡浩然丽娟"
    "明辉嘉欣振华若兰子轩海燕永康慧敏少峰春梅婉仪启明秋霞博文诗涵德胜巧云"
)
GIVEN = tuple(_GIVEN[place : place + 2] for place in range(0, len(_GIVEN), 2))
MARKS = ("示例", "样板", "范例", "试用", "演示")
WORDS = (
    ("云帆", "yunfan"), ("启航", "qihang"), ("星河", "xinghe"), ("明远", "mingyuan"), ("嘉禾", "jiahe"),
    ("博瑞", "borui"), ("德润", "derun"), ("海棠", "haitang"), ("金穗", "jinsui"), ("蓝图", "lantu"),
    ("南风", "nanfeng"), ("鹏程", "pengcheng"), ("青松", "qingsong"), ("瑞丰", "ruifeng"), ("盛和", "shenghe"),
    ("天成", "tiancheng"), ("万象", "wanxiang"), ("新域", "xinyu"), ("雅集", "yaji"), ("卓立", "zhuoli"),
)  # fmt: skip
TRADES = (
    ("科技", "科技有限公司"), ("信息技术", "信息技术有限公司"), ("贸易", "贸易有限公司"), ("食品", "食品有限公司"),
    ("家具", "家具制造有限公司"), ("服饰", "服饰有限公司"), ("文化传播", "文化传播有限公司"), ("物流", "物流有限公司"),
    ("机电设备", "机电设备有限公司"), ("装饰", "装饰工程有限公司"), ("旅行社", "旅行社有限公司"),
    ("园艺", "园艺有限公司"),
)  # fmt: skip
INSTITUTIONS = ("第三实验小学", "社区卫生服务中心", "少年宫", "职业技术学校", "图书馆", "农业技术推广站")
SOCIETIES = ("摄影家协会", "太极拳协会", "餐饮行业协会", "志愿者联合会", "羽毛球协会")
STREETS = ("示范大道", "样本路", "演示街", "范例中路", "试验北路", "样板东街")


@dataclass(frozen=True, slots=True)
class Place:
    """A county as addresses name it, with the codes of GB/T 2260."""

    province: int
    city: int
    county: int
    written: str
    short: str


PLACES: dict[int, tuple[Place, ...]] = {
    440000: (
        Place(440000, 440100, 440106, "广东省广州市天河区", "广州市"),
        Place(440000, 440300, 440305, "广东省深圳市南山区", "深圳市"),
        Place(440000, 440600, 440604, "广东省佛山市禅城区", "佛山市"),
        Place(440000, 440400, 440402, "广东省珠海市香洲区", "珠海市"),
        Place(440000, 440500, 440511, "广东省汕头市金平区", "汕头市"),
        Place(440000, 441300, 441302, "广东省惠州市惠城区", "惠州市"),
    ),
    110000: (
        Place(110000, 110100, 110108, "北京市海淀区", "北京"),
        Place(110000, 110100, 110105, "北京市朝阳区", "北京"),
        Place(110000, 110100, 110106, "北京市丰台区", "北京"),
    ),
    310000: (
        Place(310000, 310100, 310115, "上海市浦东新区", "上海"),
        Place(310000, 310100, 310104, "上海市徐汇区", "上海"),
        Place(310000, 310100, 310110, "上海市杨浦区", "上海"),
    ),
}
AREA_CODES = {440000: "020", 110000: "010", 310000: "021"}


def nowhere(province: int) -> str:
    """Give a county code of the province that was never given out."""
    return f"{province // 10_000}0097"


def person_name(n: int) -> str:
    """Give a person's name; many bear it, so it is nobody's."""
    chance = random.Random(f"person {n}")  # noqa: S311
    return chance.choice(SURNAMES) + chance.choice(GIVEN)


def identity_number(province: int, n: int) -> str:
    """Give a resident identity number with the right check digit."""
    born = date(1965, 1, 1) + timedelta(days=n * 37 % 14_000)
    first = f"{nowhere(province)}{born:%Y%m%d}{n // 14_000 % 1000 + 1:03d}"
    return first + ric.calc_check_digit(first + "0")


def credit_code(province: int, n: int, kind: str) -> str:
    """Give a unified social credit code; `kind` is 91 for companies, 12 for institutions, 51 for societies."""
    body = f"D{province // 10_000:02d}{n:05d}"
    first = f"{kind}{nowhere(province)}{body}{organisation_check(body)}"
    return first + uscc.calc_check_digit(first)


def mobile(province: int, n: int) -> str:
    """Give a mobile number of a series in which a demo's numbers are recognised."""
    return f"1990{province // 10_000:02d}{n:05d}"


def telephone(province: int, n: int) -> str:
    """Give an office telephone number that no exchange gives out: it begins with 0000."""
    return f"{AREA_CODES[province]}-0000{n:04d}"


def domain(n: int) -> str:
    """Give a domain below `.cn`, `.com.cn` or `.com`."""
    ending = ("cn", "com.cn", "com", "cn")[n % 4]
    return f"example-{WORDS[n % len(WORDS)][1]}-{n}.{ending}"
