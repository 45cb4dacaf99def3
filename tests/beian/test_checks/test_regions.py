"""Region codes: they exist, are in force, and lie within one another."""

from __future__ import annotations

import pytest

from beian.checks import Facts
from beian.records import AddressRecord
from tests import builders
from tests.beian.test_checks.conftest import codes, details
from tests.builders import changed


@pytest.mark.parametrize(
    ("province", "city", "county"),
    [
        (440000, 440300, 440305),
        (440000, 440300, None),
        (440000, 441900, None),
        (110000, 110100, 110105),
        (500000, 500200, 500229),
        (460000, 469000, 469001),
        (460000, 469001, None),
        (460000, 469001, 469001),
        (420000, 429000, 429004),
        (650000, 659000, 659001),
        (460000, 460400, None),
    ],
)
def test_regions_that_nest(province: int, city: int, county: int | None, facts: Facts) -> None:
    assert details(_filing(province, city, county), facts) == ""


@pytest.mark.parametrize(
    ("province", "city", "county", "words"),
    [
        (440000, 440300, 440106, "县代码440106（天河区）不属于市代码440300"),
        (440000, 330100, None, "市代码330100（杭州市）不属于省代码440000"),
        (440000, 440000, None, "不是市级行政区"),
        (440000, 440305, None, "不是市级行政区"),
        (440000, 440300, 440300, "不是县级行政区"),
        (440000, 440399, None, "市代码440399不存在"),
        (110000, 110100, 110103, "县代码110103（崇文区）已停用"),
        (440300, 440300, 440305, "省代码440300"),
        (100000, 440300, None, "省代码100000"),
        (710000, 710000, None, "省代码710000"),
    ],
)
def test_regions_that_do_not(province: int, city: int, county: int | None, words: str, facts: Facts) -> None:
    filing = _filing(province, city, county)
    assert codes(filing, facts) == [1019]
    assert words in details(filing, facts)


def _filing(province: int, city: int, county: int | None) -> object:
    address = AddressRecord(province=province, city=city, county=county, detail="示例路1号")
    return changed(builders.filing(1), "sponsor.address", address)
