"""What was typed, in words, to be read over before it is handed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from beian.web.components import Term
from enterprise.forms.filing import Input, section
from enterprise.forms.filing_fields import Widget
from enterprise.forms.options import Options

EMPTY = "未填写"


def terms(draft: dict[str, Any], path: str, options: Options, errors: Mapping[str, Sequence[str]]) -> list[Term]:
    """Give the fields of a section in words; one that is wrong says so, one that may be empty and is, is left out."""
    return list(_terms(section(draft, path, options=options, errors=errors).inputs))


def _terms(inputs: tuple[Input, ...]) -> Iterator[Term]:
    for each in inputs:
        if each.field.widget == Widget.REGION:
            if each.field.level == 1:
                yield _region([other for other in inputs if other.field.level])
            continue
        text = _words(each)
        if text or each.errors:
            yield Term(each.field.label, text or EMPTY, flag=" ".join(each.errors), wide=_long(each))


def _region(inputs: list[Input]) -> Term:
    words = [word for each in inputs if (word := _words(each))]
    errors = " ".join(error for each in inputs for error in each.errors)
    return Term("所在地区", " ".join(words) or EMPTY, flag=errors)


def _words(shown: Input) -> str:
    names = {choice.value: choice.label for group in shown.groups for choice in group.choices}
    if shown.field.widget == Widget.CHOICES:
        return "、".join(name for value, name in names.items() if value in shown.values)
    if shown.groups:
        return names.get(shown.value, "")
    return shown.value


def _long(shown: Input) -> bool:
    return shown.field.widget in (Widget.LONG, Widget.CHOICES, Widget.DOMAINS, Widget.RANGES)
