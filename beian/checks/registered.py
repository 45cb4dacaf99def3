"""Rules of addresses that are registered to providers at their bureau.

The bureau keeps a table of the ranges registered to each provider. Who is not in it at all is not
judged by it. A range within the provider's own agrees (1062: shown to the reviewer, never answered);
one that lies outside them, but not outside the table, is 1063; one that nobody registered is 1023.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from beian.checks.base import Defect, Facts, Finding, Scope, rule
from beian.checks.names import dotted
from beian.checks.operations import WITH_ACCESSES
from beian.checks.places import Spot, accesses, websites
from beian.records import FilingRecord, RangeRecord
from beian.result_codes import message

UNKNOWN, AGREES, DIFFERS = 1023, 1062, 1063

Range = tuple[int, int]


def joined(ranges: Iterable[Range]) -> list[Range]:
    """Give the same addresses in as few ranges as possible, in order; touching ones become one."""
    result: list[Range] = []
    for first, last in sorted(ranges):
        if result and first <= result[-1][1] + 1:
            result[-1] = result[-1][0], max(result[-1][1], last)
        else:
            result.append((first, last))
    return result


class Registered:
    """The addresses registered to the provider that reports (`own`, some), and to others as far as they matter.

    `refuses`: the bureau returns a record for 1063 instead of showing the reviewer.
    """

    def __init__(self, own: Iterable[Range], *, refuses: bool = False) -> None:
        self.refuses = refuses
        self._own = joined(own)
        self._others: list[Range] = []

    def judge(self, first: int, last: int) -> int:
        """Give 1062, 1063 or 1023 for a range."""
        if _covers(self._own, first, last):
            return AGREES
        return DIFFERS if _touches(self._own, first, last) or _touches(self._others, first, last) else UNKNOWN

    def note_others(self, ranges: Iterable[Range]) -> None:
        """Take note of what is registered to anybody near what the provider uses."""
        self._others = joined(ranges)

    def outside(self, ranges: Iterable[Range]) -> list[Range]:
        """Give those ranges that do not lie within the provider's own."""
        return [each for each in ranges if not _covers(self._own, *each)]


def _covers(ranges: list[Range], first: int, last: int) -> bool:
    at = bisect_right(ranges, (first, 2**32)) - 1
    return at >= 0 and last <= ranges[at][1]


def _touches(ranges: list[Range], first: int, last: int) -> bool:
    at = bisect_right(ranges, (last, 2**32)) - 1
    return at >= 0 and ranges[at][1] >= first


@rule(
    UNKNOWN,
    "Address is registered to nobody",
    scope=Scope.PROVIDER,
    source="interface, code table; issue 4",
    operations=WITH_ACCESSES,
)
def address_unknown(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """An address range lies wholly outside what is registered to providers at their bureau.

    Only where something is registered to the reporting provider: else the table does not know it yet.
    """
    for part, verdict in _judged(filing, facts):
        if verdict == UNKNOWN:
            yield part.wrong(f"{_written(part)}不在管局掌握的IP地址备案信息中", "first")


@rule(
    DIFFERS,
    "Address is registered otherwise",
    scope=Scope.PROVIDER,
    source="interface, code table; issue 4",
    operations=WITH_ACCESSES,
)
def address_differs(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """An address range does not lie within those registered to the provider, but touches its or another's.

    A setting of the bureau decides whether that returns the record or is only shown to the reviewer
    (`add_node --refuses-unregistered`; `notes_on_addresses`).
    """
    for part, verdict in _judged(filing, facts):
        if verdict == DIFFERS and facts.registered and facts.registered.refuses:
            yield part.wrong(_differing(part), "first")


def notes_on_addresses(filing: FilingRecord, facts: Facts) -> list[Finding]:
    """Give what the reviewer is shown of the addresses: 1062 for each that agrees, 1063 where it only warns.

    `filing` is a new filing, or what is asked as a filing (`Asked.shape`). None of it may be answered
    as a result: an existing client may take any code for a failure.
    """
    notes = []
    for part, verdict in _judged(filing, facts):
        if verdict == AGREES:
            notes.append(_note(AGREES, f"{_written(part)}在本单位已备案的IP地址范围内", part))
        elif verdict == DIFFERS and facts.registered and not facts.registered.refuses:
            notes.append(_note(DIFFERS, _differing(part), part))
    return notes


def _judged(filing: FilingRecord, facts: Facts) -> Iterator[tuple[Spot[RangeRecord], int]]:
    """Walk over the ranges that are asked for, each with what the table says of it."""
    if facts.registered is None:
        return
    for website in websites(filing):
        for access in accesses(website):
            if not access.on_file:
                for part in access.each(access.value.ranges, "IP段", "ranges"):
                    yield part, facts.registered.judge(part.value.first, part.value.last)


def _differing(part: Spot[RangeRecord]) -> str:
    return f"{_written(part)}与登记在本单位名下的IP地址范围不一致"


def _written(part: Spot[RangeRecord]) -> str:
    return f"{dotted(part.value.first)}至{dotted(part.value.last)}"


def _note(code: int, detail: str, part: Spot[RangeRecord]) -> Finding:
    return Finding(code, detail, part.place, part.about, message(code))
