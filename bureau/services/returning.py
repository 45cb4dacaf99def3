"""What a provider is told about what came back: every code that applies, and all that was found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from beian.checks import Finding
from beian.records import CodeRecord, ResultRecord

LIKE_A_CHANGE = 4
"""The operation of results about what is no application: the schema knows 1 to 7 only (spec, filing results)."""

REMARK_LIMIT = 100_000
"""Characters of a remark: the schema sets no limit, but a result has to fit into a parcel."""


def codes_of(findings: Iterable[Finding]) -> tuple[CodeRecord, ...]:
    """Give every code that applies once, with what it conflicts with as far as a description has room."""
    found: dict[int, list[Finding]] = defaultdict(list)
    for each in findings:
        found[each.code].append(each)
    return tuple(CodeRecord(code=code, description=_description(some)) for code, some in found.items())


def _description(findings: Sequence[Finding]) -> str:
    first, *others = findings
    said = [first.detail, *(f"{each.place}：{each.detail}" for each in others)]
    return replace(first, detail="；".join(said)).description()


def remark_of(findings: Sequence[Finding], about: str = "") -> str:
    """Write all detail, a line for each finding, with `about` at the head; says how many lines had no room."""
    lines = ([about] if about else []) + [f"{each.code} {each.place}：{each.detail}" for each in findings]
    room = REMARK_LIMIT
    for place, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0 and place:
            return "\n".join([*lines[:place], f"另有{len(lines) - place}处未列出"])
    return "\n".join(lines)


def returned(findings: Iterable[Finding], subject: str | None, about: str = "") -> ResultRecord:
    """Write the result of what is decided automatically and is no application.

    `subject` is None where a name there could be taken for that of a pending change. `about` then says in
    words, at the head of the remark, what came back.
    """
    found = list(findings)
    return ResultRecord(
        codes=codes_of(found),
        operation=LIKE_A_CHANGE,
        subject=subject,
        remark=remark_of(found, about),
    )
