"""Code tables and regions: complete as files, and loaded again and again without harm."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from beian.codes import read_regions, read_table, read_tables
from beian.codes.regions import CITY, COUNTY, PROVINCE
from beian.codes.titles import TITLES
from beian.models import CalendarDay, Code, Region

WITH_BIT = ("access_method", "prior_approval", "server_location", "service_content")


def load() -> str:
    out = io.StringIO()
    call_command("load_codes", stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("table", WITH_BIT)
def test_a_bit_is_two_to_the_power_of_the_code_less_one(table: str) -> None:
    assert all(entry.bit == 2 ** (entry.code - 1) for entry in read_table(table).values())


def test_every_entry_has_a_name_and_its_evidence() -> None:
    for table, entries in read_tables().items():
        for entry in entries.values():
            assert entry.name
            assert table == "province" or entry.extra["evidence"] in {"sourced", "inferred", "replaceable"}


def test_certificate_types_belong_to_natures_and_persons_papers_to_persons() -> None:
    natures = read_table("organisation_nature")
    for kind in read_table("certificate_type").values():
        assert bool(kind.extra["responsible_person"]) == bool(
            natures[kind.extra["organisation_nature"]].extra["person"]
        )


def test_four_provinces_are_read_under_two_abbreviations() -> None:
    read = {entry.extra["abbreviation"]: entry.extra.get("also_read") for entry in read_table("province").values()}
    assert len(read) == 31
    assert {written: other for written, other in read.items() if other} == {
        "蜀": "川",
        "黔": "贵",
        "滇": "云",
        "陇": "甘",
    }


def test_every_region_in_force_lies_in_one_of_the_level_above() -> None:
    regions = read_regions()
    for region in regions.values():
        if region.valid and region.level != PROVINCE:
            parent = regions[region.parent or 0]
            assert (parent.level, parent.valid) == (region.level - 1, True)


@pytest.mark.parametrize(
    ("code", "level", "parent", "name"),
    [
        (440000, PROVINCE, None, "广东省"),
        (440300, CITY, 440000, "深圳市"),
        (440305, COUNTY, 440300, "南山区"),
        (110100, CITY, 110000, "市辖区"),
        (469001, COUNTY, 469000, "五指山市"),
        (120110, COUNTY, 120100, "东丽区"),
    ],
)
def test_regions_by_their_codes(code: int, level: int, parent: int | None, name: str) -> None:
    region = read_regions()[code]
    assert (region.level, region.parent, region.name, region.valid) == (level, parent, name, True)


def test_abolished_regions_are_known_as_such() -> None:
    assert not read_regions()[110103].valid


def test_every_province_with_a_bureau_is_a_region() -> None:
    assert all(read_regions()[code].level == PROVINCE for code in read_table("province"))


@pytest.mark.django_db
def test_loading_again_changes_nothing_and_reports_the_same_counts() -> None:
    first = load()
    before = list(Code.objects.values()), list(Region.objects.values())
    assert load() == first
    assert (list(Code.objects.values()), list(Region.objects.values())) == before
    assert f"regions: {Region.objects.count()}" in first


@pytest.mark.django_db
def test_loading_puts_right_what_differs_and_keeps_what_the_files_lack() -> None:
    load()
    Code.objects.filter(table="language", code=1).update(name="错", valid=False)
    Region.objects.filter(code=440305).update(name="错", parent_id=None)
    Code.objects.create(table="language", code=60, name="旧")
    Region.objects.create(code=990000, name="旧", level=1)
    CalendarDay.objects.create(day="2031-05-06", working=False, name="本省假日")
    load()
    assert Code.objects.get(table="language", code=1).name == "中文简体"
    assert Region.objects.get(code=440305).parent_id == 440300
    assert not Code.objects.get(table="language", code=60).valid
    assert not Region.objects.get(code=990000).valid
    assert CalendarDay.objects.filter(day="2031-05-06").exists()


def test_every_table_has_a_title() -> None:
    assert set(TITLES) == set(read_tables()) | {"region", "unit"}
