"""Numbers: filing numbers (备案号) and object numbers, issued here and nowhere else.

A counter row per node and series is locked for the rest of the transaction, so two approvals wait
for each other instead of taking the same number. A transaction that fails leaves no gap; one that
is refused later does. Gaps are allowed, repeats are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import connection

from beian.models import Counter, Node

OBJECTS_PER_PROVINCE = 10**9
LAST_SERIAL = 999_999

# The abbreviation written for each province, and others that are read.
ABBREVIATIONS = {
    110000: "京", 120000: "津", 130000: "冀", 140000: "晋", 150000: "蒙", 210000: "辽", 220000: "吉", 230000: "黑",
    310000: "沪", 320000: "苏", 330000: "浙", 340000: "皖", 350000: "闽", 360000: "赣", 370000: "鲁", 410000: "豫",
    420000: "鄂", 430000: "湘", 440000: "粤", 450000: "桂", 460000: "琼", 500000: "渝", 510000: "蜀", 520000: "黔",
    530000: "滇", 540000: "藏", 610000: "陕", 620000: "陇", 630000: "青", 640000: "宁", 650000: "新",
}  # fmt: skip
ALSO_READ = {"川": 510000, "贵": 520000, "云": 530000, "甘": 620000}
PROVINCES = {abbreviation: code for code, abbreviation in ABBREVIATIONS.items()} | ALSO_READ

_FILING = re.compile(r"^(?P<province>\S)\s*ICP\s*备\s*(?P<digits>\d{8}|\d{10})\s*号?(?:-(?P<website>[1-9]\d*))?$", re.I)
_LICENCE = re.compile(r"^(?P<province>\S)\s*ICP\s*证\s*(?P<digits>[\w-]+?)\s*号?(?:-(?P<website>[1-9]\d*))?$", re.I)


@dataclass(frozen=True, slots=True)
class FilingNumber:
    """A filing number in its parts: 粤ICP备2026000001号-1.

    `digits` are year and serial as written (two-digit years before 2020). `licence` marks the
    commercial form 京ICP证030173号, which is read and searched but never issued.
    """

    province: int
    digits: str
    website: int | None = None
    licence: bool = False

    def __str__(self) -> str:
        mark = "证" if self.licence else "备"
        suffix = "" if self.website is None else f"-{self.website}"
        return f"{ABBREVIATIONS[self.province]}ICP{mark}{self.digits}号{suffix}"

    @property
    def of_sponsor(self) -> FilingNumber:
        """The sponsor's number that this one belongs to."""
        return FilingNumber(self.province, self.digits, None, self.licence)


def parse(text: str) -> FilingNumber | None:
    """Read a filing number in any spelling seen in use (spaces, lower case, 川 for 蜀), else None."""
    text = text.strip().replace("－", "-").replace("—", "-")
    for pattern, licence in ((_FILING, False), (_LICENCE, True)):
        match = pattern.match(text)
        if match and match["province"] in PROVINCES:
            website = match["website"]
            return FilingNumber(
                PROVINCES[match["province"]], match["digits"], int(website) if website else None, licence
            )
    return None


def province_of(number: int) -> int:
    """Give the province code that an object number (sponsor, website ...) begins with."""
    return number // OBJECTS_PER_PROVINCE


def issue_filing_number(bureau: Node, year: int) -> FilingNumber:
    """Issue the next sponsor's number of `bureau` in `year`. Call inside a transaction."""
    serial = issue_filing_serials(bureau, year, 1)
    return FilingNumber(bureau.province, f"{year}{serial:06d}")


def issue_filing_serials(bureau: Node, year: int, count: int) -> int:
    """Issue `count` sponsors' numbers in a row; gives the serial of the first. Call inside a transaction."""
    first = _take(bureau, f"filing:{year}", count)
    if first + count - 1 > LAST_SERIAL:
        raise OverflowError(f"{bureau} has issued all numbers of {year}")
    return first


def issue_website_suffix(bureau: Node, sponsor_number: int, count: int = 1) -> int:
    """Issue `count` suffixes for websites of a sponsor; gives the first. Never given out again."""
    return _take(bureau, f"website:{sponsor_number}", count)


def issue_objects(bureau: Node, count: int) -> int:
    """Issue `count` object numbers in a row, unique in the country; gives the first."""
    return bureau.province * OBJECTS_PER_PROVINCE + _take(bureau, "object", count)


def issue_generated(bureau: Node, count: int) -> int:
    """Issue `count` numbers of synthetic filings (`generate_data`); gives the first."""
    return _take(bureau, "generated", count)


def _take(node: Node, series: str, count: int) -> int:
    """Advance a counter by `count` and give the first of the numbers taken."""
    if not connection.in_atomic_block:
        raise RuntimeError("numbers are issued inside a transaction")
    Counter.objects.get_or_create(node=node, series=series)
    counter = Counter.objects.select_for_update().get(node=node, series=series)
    counter.value += count
    counter.save(update_fields=["value"])
    return counter.value - count + 1
