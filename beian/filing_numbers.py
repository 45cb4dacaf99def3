"""Filing numbers (备案号): their parts, and reading them in any spelling. Knows no database."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# The abbreviation written for each province, and others that are read.
ABBREVIATIONS = {
    110000: "京", 120000: "津", 130000: "冀", 140000: "晋", 150000: "蒙", 210000: "辽", 220000: "吉", 230000: "黑",
    310000: "沪", 320000: "苏", 330000: "浙", 340000: "皖", 350000: "闽", 360000: "赣", 370000: "鲁", 410000: "豫",
    420000: "鄂", 430000: "湘", 440000: "粤", 450000: "桂", 460000: "琼", 500000: "渝", 510000: "蜀", 520000: "黔",
    530000: "滇", 540000: "藏", 610000: "陕", 620000: "陇", 630000: "青", 640000: "宁", 650000: "新",
}  # fmt: skip
ALSO_READ = {"川": 510000, "贵": 520000, "云": 530000, "甘": 620000}
PROVINCES = {abbreviation: code for code, abbreviation in ABBREVIATIONS.items()} | ALSO_READ

_FILING = re.compile(r"(?P<province>.)ICP备(?P<digits>\d{8}|\d{10})号?(?:-(?P<website>[1-9]\d*))?", re.I | re.A)
_LICENCE = re.compile(r"(?P<province>.)ICP证(?P<digits>[\w-]+?)号?(?:-(?P<website>[1-9]\d*))?", re.I | re.A)
_BLANKS = re.compile(r"\s+")
_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))


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
    """Read a filing number in any spelling seen in use (blanks, full width, lower case, 川 for 蜀), else None."""
    text = _BLANKS.sub("", unicodedata.normalize("NFKC", text)).translate(_HYPHENS)
    for pattern, licence in ((_FILING, False), (_LICENCE, True)):
        match = pattern.fullmatch(text)
        if match and match["province"] in PROVINCES:
            website = match["website"]
            return FilingNumber(
                PROVINCES[match["province"]], match["digits"], int(website) if website else None, licence
            )
    return None
