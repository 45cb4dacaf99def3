"""The number on an original, typed or from a card reader, against the one that was filled in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from django.utils import timezone
from stdnum.cn import ric

from beian.checks import shipped_facts
from beian.checks.certificates import IDENTITY_FORMATS, fault_of
from beian.checks.keys import compact
from beian.web.filing import masks
from enterprise.services.verification_sheet import Subject
from enterprise.verification_form import Of

LONGEST_LINE = 1_000
"""Characters of a reader's line that are looked at."""

_IDENTITY = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9])")
_BETWEEN = re.compile(r"[\s,;|^，；]+")
_WRITTEN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of reading a number; `shown` is it masked, `check` its check digit, "" where it has none.

    `problem` says why it does not agree, or is no right number at all, in words without personal data.
    """

    agrees: bool
    shown: str
    check: str
    problem: str


def compare(line: str, subject: Subject) -> Reading:
    """Find the number in one line of text, and compare it with the record's.

    Card readers that act as a keyboard type the number alone, or all fields of the card with blanks,
    tabs or commas between: then the name has to be there as well.
    """
    line = unicodedata.normalize("NFKC", line)[:LONGEST_LINE].strip()
    written = compact(subject.number)
    is_identity = subject.number_format in IDENTITY_FORMATS
    found = _number_in(line, written, is_identity=is_identity)
    check = found[-1] if is_identity and len(found) == 18 else ""
    problem = _fault(found, subject, is_identity=is_identity) or _difference(found, written) or _name(line, subject)
    return Reading(agrees=not problem, shown=masks.certificate_number(found), check=check, problem=problem)


def _number_in(line: str, written: str, *, is_identity: bool) -> str:
    """Give what is most likely the number: the one on record, an identity number, the whole line."""
    words = [compact(word) for word in _BETWEEN.split(line) if word]
    if written and written in words:
        return written
    if is_identity and (found := _IDENTITY.search(line)):
        return found.group().upper()
    return compact(line)


def _fault(found: str, subject: Subject, *, is_identity: bool) -> str:
    if not found:
        return "没有读到号码"
    if is_identity and _IDENTITY.fullmatch(found) and ric.calc_check_digit(found) != found[-1]:
        return f"末位校验码应为{ric.calc_check_digit(found)}，读到{found[-1]}，请重新读取"
    return fault_of(found, subject.number_format, shipped_facts(timezone.localdate())) or ""


def _difference(found: str, written: str) -> str:
    if found == written:
        return ""
    if len(found) != len(written):
        return f"与填写的号码不一致：原件{len(found)}位，填写{len(written)}位"
    places = [str(place) for place, pair in enumerate(zip(found, written, strict=True), start=1) if pair[0] != pair[1]]
    return f"与填写的号码不一致：第{'、'.join(places)}位不同"


def _name(line: str, subject: Subject) -> str:
    """Say that a line with a name bears another's."""
    if subject.kind != Of.PERSON or not _WRITTEN.search(line):
        return ""
    name = "".join(unicodedata.normalize("NFKC", subject.fact("name")).split())
    return "" if name in "".join(line.split()) else "读到的姓名与填写的不一致"
