"""Rules of address ranges. Addresses are unsigned 32-bit numbers, first octet highest."""

from __future__ import annotations

from collections.abc import Iterator

from beian.checks.base import Defect, Facts, Scope, rule
from beian.checks.names import dotted
from beian.checks.operations import WITH_ACCESSES
from beian.checks.places import Spot, ranges, websites
from beian.records import FilingRecord, RangeRecord

_HIGHEST = 2**32 - 1

UNUSABLE = (
    (0, 2**24 - 1, "0.0.0.0/8"),
    (127 << 24, (128 << 24) - 1, "127.0.0.0/8"),
    (224 << 24, _HIGHEST, "224.0.0.0/3"),
)
"""Blocks in which no website can be reached: "this network", loopback, multicast and reserved."""


@rule(1006, "Address is invalid", scope=Scope.FORM, source="interface, code table; RFC 6890", operations=WITH_ACCESSES)
def address_invalid(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """A range runs upwards and touches no block in which nothing can be hosted: 0/8, 127/8, 224/3.

    Private and documentation addresses are let through: providers file addresses behind translation.
    """
    for website in websites(filing):
        for each in ranges(website):
            if fault := _range_fault(each.value):
                yield each.wrong(fault, "first")


def _range_fault(each: RangeRecord) -> str | None:
    if not (0 <= each.first <= _HIGHEST and 0 <= each.last <= _HIGHEST):
        return f"{each.first}至{each.last}不是IPv4地址"
    if each.first > each.last:
        return f"起始IP {dotted(each.first)} 大于终止IP {dotted(each.last)}"
    for first, last, block in UNUSABLE:
        if each.first <= last and each.last >= first:
            return f"{dotted(each.first)}至{dotted(each.last)}含有不能使用的地址（{block}）"
    return None


@rule(1024, "Addresses conflict", scope=Scope.FORM, source="interface, field rules", operations=WITH_ACCESSES)
def addresses_conflict(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """Ranges within one website do not overlap. Different websites may share an address: virtual hosts.

    Accesses of the website that are on file count as well, those of other providers too.
    """
    for website in websites(filing):
        widest: Spot[RangeRecord] | None = None
        for each in sorted(ranges(website), key=lambda spot: (spot.value.first, spot.value.last)):
            if _range_fault(each.value):
                continue
            if widest and each.value.first <= widest.value.last:
                asked, other = (widest, each) if each.on_file else (each, widest)
                yield asked.wrong(f"{_written(asked.value)}与{other.place}的{_written(other.value)}重叠", "first")
            if widest is None or each.value.last > widest.value.last:
                widest = each


def _written(each: RangeRecord) -> str:
    return f"{dotted(each.first)}至{dotted(each.last)}"
