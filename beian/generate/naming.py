"""Made-up sponsors, people and places for numbers up to ten million in each province."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from stdnum.cn import ric, uscc

from beian.checks.certificates import organisation_check
from beian.codes import read_regions

SURNAMES = "赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕张孔曹严金魏陶姜谢邹潘葛范彭鲁韦马方任袁柳唐罗薛"
GIVEN = "安宁康乐文武思远明亮春夏秋冬清和润泽景行嘉言若水子衿知微见山青云"
WORDS = (
    "晨曦", "远航", "百川", "同辉", "立新", "广源", "恒信", "汇智", "联创", "盈科",
    "正大", "永兴", "东篱", "南浦", "西泠", "北斗", "松风", "竹影", "梅溪", "兰亭",
)  # fmt: skip
TRADES = ("科技", "信息", "贸易", "食品", "家具", "服饰", "传媒", "物流", "机电", "装饰", "旅游", "园艺")
BORN_FROM, BIRTHDAYS = date(1950, 1, 1), 19_000
NOBODYS_COUNTY = 99
_BASE31 = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True, slots=True)
class Place:
    """A county that exists, with its city, as addresses write it."""

    province: int
    city: int
    county: int
    written: str


def places(province: int) -> list[Place]:
    """Give the counties of a province that are in force, or its cities' where it has none."""
    regions = read_regions()
    counties = [region for region in regions.values() if region.valid and region.level == 3]
    found = []
    for county in counties:
        city = regions.get(county.parent or 0)
        if city is not None and city.level == 2 and city.valid and county.code // 10_000 * 10_000 == province:
            written = f"{regions[province].name}{city.name}{county.name}"
            found.append(Place(province, city.code, county.code, written))
    return found


def person_name(chance: random.Random) -> str:
    """Give a name that many may bear."""
    return chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN)


def identity_number(province: int, n: int) -> str:
    """Give a resident identity number of a county that does not exist, with the right check digit."""
    born = BORN_FROM + timedelta(days=n % BIRTHDAYS)
    first = f"{_nowhere(province)}{born:%Y%m%d}{n // BIRTHDAYS % 1000:03d}"
    return first + ric.calc_check_digit(first + "0")


def credit_code(province: int, n: int) -> str:
    """Give a company's unified social credit code (GB 32100) with both check characters."""
    body = f"E{_base31(n, 7)}"
    first = f"91{_nowhere(province)}{body}{organisation_check(body)}"
    return first + uscc.calc_check_digit(first)


def domain(province: int, n: int, k: int = 0) -> str:
    """Give the `k`-th domain of a number, which is its own in the whole country."""
    return f"example-{province // 10_000}-{n:x}{f'-{k}' if k else ''}.cn"


def mobile(n: int) -> str:
    """Give a mobile number of a series that serves tests."""
    return f"1600{n % 10_000_000:07d}"


def telephone(n: int) -> str:
    """Give an office telephone number that no exchange gives out: it begins with 0000."""
    return f"020-0000{n % 10_000:04d}"


def _nowhere(province: int) -> str:
    return f"{province // 100}{NOBODYS_COUNTY}"


def _base31(n: int, width: int) -> str:
    letters = []
    for _ in range(width):
        n, place = divmod(n, 31)
        letters.append(_BASE31[place])
    return "".join(reversed(letters))
