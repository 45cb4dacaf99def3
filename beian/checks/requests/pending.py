"""Rules of what else is under way: requests that wait for a decision exclude others."""

from __future__ import annotations

from collections.abc import Iterator

from beian.checks.base import Defect, Facts, Scope, Taken
from beian.checks.operations import CANCELLATIONS, OF_WHAT_STANDS, Operation
from beian.checks.requests import marks
from beian.checks.requests.asked import Asked, marks_of
from beian.checks.requests.naming import ACCESS, NAME_FIELD, NAMED, SPONSOR, WEBSITE, WORDS, name_of
from beian.checks.requests.registry import request_rule


def _defect(asked: Asked, detail: str) -> Defect:
    return Defect(detail, WORDS[NAMED[asked.operation]], NAME_FIELD[asked.operation])


@request_rule(
    1017,
    "A change is under way",
    scope=Scope.ARRIVAL,
    source="interface, field rules",
    operations=frozenset({Operation.CHANGE}),
)
def change_under_way(asked: Asked, facts: Facts) -> Iterator[Defect]:
    """A change that waits for a decision touches the same sponsor part or the same website.

    A change touches what it would have otherwise than it is on file; what it merely repeats it does not.
    """
    indexes = {str(website.number): index for index, website in enumerate(asked.shape.filing.websites)}
    for mark in marks_of(asked):
        taken = asked.known.marks.get(mark)
        kind, _, number = mark[1].partition(":")
        if taken and kind == SPONSOR:
            yield Defect(f"主体信息正在变更：{taken}", "主体", "sponsor.number")
        elif taken:
            index = indexes.get(number, 0)
            yield Defect(f"该网站正在变更：{taken}", f"网站{index + 1}", f"websites.{index}.number")


@request_rule(
    1051,
    "Too many changes are under way",
    scope=Scope.ARRIVAL,
    source="interface, field rules",
    operations=frozenset({Operation.CHANGE}),
)
def too_many_changes(asked: Asked, facts: Facts) -> Iterator[Defect]:
    """One provider may have only so many changes of one sponsor waiting (`BEIAN_CHANGES_WAITING`, 5)."""
    waiting = asked.known.waiting.get(asked.target or 0, 0)
    if asked.target is not None and waiting >= asked.known.most_waiting:
        yield _defect(asked, f"本接入商对该主体已有{waiting}件变更待审核，最多{asked.known.most_waiting}件")


def _being_cancelled(asked: Asked, kind: str) -> Taken | None:
    """Say who asked for cancelling the sponsor, the website or the access that a request is about."""
    numbers = {
        SPONSOR: asked.target,
        WEBSITE: asked.website.number if asked.website else None,
        ACCESS: asked.access.number if asked.access else None,
    }
    number = numbers[kind]
    return asked.known.marks.get(marks.cancelling(kind, number)) if number is not None else None


def _repeated(asked: Asked, kind: str) -> Iterator[Defect]:
    if taken := _being_cancelled(asked, kind):
        yield _defect(asked, f"已有注销申请待审核：{taken}")


@request_rule(
    1027,
    "Sponsor is being cancelled already",
    scope=Scope.ARRIVAL,
    source="interface, code table",
    operations=frozenset({Operation.CANCEL_SPONSOR}),
)
def sponsor_again(asked: Asked, facts: Facts) -> Iterator[Defect]:
    """The cancelling of this sponsor was asked for already and waits for a decision."""
    return _repeated(asked, SPONSOR)


@request_rule(
    1030,
    "Website is being cancelled already",
    scope=Scope.ARRIVAL,
    source="interface, code table",
    operations=frozenset({Operation.CANCEL_WEBSITE}),
)
def website_again(asked: Asked, facts: Facts) -> Iterator[Defect]:
    """The cancelling of this website was asked for already and waits for a decision."""
    return _repeated(asked, WEBSITE)


@request_rule(
    1032,
    "Access is being cancelled already",
    scope=Scope.ARRIVAL,
    source="interface, code table",
    operations=frozenset({Operation.CANCEL_ACCESS}),
)
def access_again(asked: Asked, facts: Facts) -> Iterator[Defect]:
    """The cancelling of this access was asked for already: it waits for a decision, or was granted."""
    yield from _repeated(asked, ACCESS)
    number = name_of(asked.request).number
    gone = asked.known.gone.get(number) if number is not None and not asked.found else None
    if gone and gone.kind == ACCESS:
        yield _defect(asked, f"接入{gone.number}已于{gone.on}取消")


@request_rule(
    1042,
    "Sponsor of the website is being cancelled",
    scope=Scope.ARRIVAL,
    source="interface, code table",
    operations=frozenset({Operation.CANCEL_WEBSITE}),
)
def sponsor_going(asked: Asked, facts: Facts) -> Iterator[Defect]:
    """A website goes with its sponsor, whose cancelling waits for a decision."""
    if taken := _being_cancelled(asked, SPONSOR):
        yield _defect(asked, f"该网站的主体正在注销：{taken}")


@request_rule(
    1043,
    "A website of the sponsor is being cancelled",
    scope=Scope.ARRIVAL,
    source="interface, code table",
    operations=frozenset({Operation.CANCEL_SPONSOR}),
)
def websites_going(asked: Asked, facts: Facts) -> Iterator[Defect]:
    """The cancelling of one of the sponsor's websites waits for a decision. Names the website."""
    for website in asked.on_file.websites if asked.on_file else ():
        taken = asked.known.marks.get(marks.cancelling(WEBSITE, website.number or 0))
        if taken:
            yield _defect(asked, f"网站{website.filing_number}正在注销：{taken}")


@request_rule(
    1052,
    "What it is about is being cancelled",
    scope=Scope.ARRIVAL,
    source="interface, code table; our reading",
    operations=(OF_WHAT_STANDS - CANCELLATIONS) | {Operation.CANCEL_ACCESS},
)
def going(asked: Asked, facts: Facts) -> Iterator[Defect]:
    """The cancelling of the sponsor or of a website that the request is about waits for a decision.

    Nothing is added to what may be gone tomorrow, nor changed in it. Between cancellations of a
    sponsor and its websites this is 1042 and 1043.
    """
    if taken := _being_cancelled(asked, SPONSOR):
        yield _defect(asked, f"该主体正在注销，注销决定后方可办理：{taken}")
    if asked.operation is Operation.CHANGE:
        for index, website in enumerate(asked.shape.filing.websites):
            if taken := asked.known.marks.get(marks.cancelling(WEBSITE, website.number or 0)):
                yield Defect(f"该网站正在注销：{taken}", f"网站{index + 1}", f"websites.{index}.number")
    elif taken := _being_cancelled(asked, WEBSITE):
        yield _defect(asked, f"该网站正在注销，注销决定后方可办理：{taken}")
