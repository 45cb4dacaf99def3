"""The result of what is decided automatically and is no application."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from beian.checks import Finding
from beian.records import CodeRecord, ResultRecord

LIKE_A_CHANGE = 4
"""The operation under which such results travel: the schema knows 1 to 7 only (spec, filing results)."""

REMARK_LIMIT = 4000


def returned(findings: Iterable[Finding], subject: str | None, about: str = "") -> ResultRecord:
    """Write the result with every code that applies, each once; all detail stands in the remark.

    `subject` is None where a name there could be taken for that of a pending change. `about` then says in
    words, at the head of the remark, what came back.
    """
    found = list(findings)
    first: dict[int, Finding] = {}
    for each in found:
        known = first.get(each.code)
        first[each.code] = (
            each if known is None else replace(known, detail=f"{known.detail}；{each.place}：{each.detail}")
        )
    lines = ([about] if about else []) + [f"{each.code} {each.place}：{each.detail}" for each in found]
    return ResultRecord(
        codes=tuple(CodeRecord(code=each.code, description=each.description()) for each in first.values()),
        operation=LIKE_A_CHANGE,
        subject=subject,
        remark="\n".join(lines)[:REMARK_LIMIT],
    )
