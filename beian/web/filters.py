"""What a list is narrowed by: fields declared once, read from the query string, shown as chips.

The canonical query string (`Filters.querystring`) names only what is set, in declared order: two
people who set the same filter have the same string, which is what a saved filter keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Literal
from urllib.parse import urlencode

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from beian.web.forms import DateInput, Form
from beian.web.tables import query_url

Choices = Iterable[tuple[Any, Any]]
Width = Literal["normal", "half", "wide", "check"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """One thing to narrow by. `condition` makes of a valid, non-empty value what the rows must meet."""

    name: str
    label: str
    make_field: Callable[[], forms.Field]
    condition: Callable[[Any], Q]
    width: Width = "normal"

    @property
    def field_class(self) -> str:
        """Give the class that sets the width."""
        return "" if self.width == "normal" else f"field-{self.width}"


def text(name: str, label: str, *paths: str, placeholder: str = "", max_length: int = 100) -> Filter:
    """Narrow by words: any of the lookups `paths` (`"name__contains"`) holds what was typed."""

    def make() -> forms.Field:
        widget = forms.TextInput(attrs={"placeholder": placeholder, "type": "search"})
        return forms.CharField(label=label, required=False, max_length=max_length, widget=widget)

    return Filter(name=name, label=label, make_field=make, condition=lambda value: _any(paths, value), width="wide")


def number(name: str, label: str, path: str) -> Filter:
    """Narrow by a whole number."""
    return Filter(
        name=name,
        label=label,
        make_field=lambda: forms.IntegerField(label=label, required=False, min_value=0, max_value=2**63 - 1),
        condition=lambda value: Q(**{path: value}),
        width="half",
    )


def choice(
    name: str, label: str, path: str, choices: Choices | Callable[[], Choices], *, any_label: str = "全部"
) -> Filter:
    """Narrow by one of `choices`; a function of none gives them afresh with each request."""

    def make() -> forms.Field:
        offered = choices() if callable(choices) else choices
        return forms.ChoiceField(
            label=label, required=False, choices=[("", any_label), *((str(key), name) for key, name in offered)]
        )

    return Filter(name=name, label=label, make_field=make, condition=lambda value: Q(**{path: value}), width="half")


def cases(
    name: str, label: str, options: Mapping[str, tuple[str, Callable[[], Q]]], *, any_label: str = "全部"
) -> Filter:
    """Narrow by one of several named conditions: key → (words, condition made when it is asked for)."""
    return Filter(
        name=name,
        label=label,
        make_field=lambda: forms.ChoiceField(
            label=label,
            required=False,
            choices=[("", any_label), *((key, words) for key, (words, _) in options.items())],
        ),
        condition=lambda value: options[value][1](),
        width="half",
    )


def flag(name: str, label: str, condition: Callable[[], Q]) -> Filter:
    """Narrow by a box that is ticked or not."""
    return Filter(
        name=name,
        label=label,
        make_field=lambda: forms.BooleanField(label=label, required=False),
        condition=lambda value: condition(),
        width="check",
    )


def days(name: str, label: str, path: str) -> tuple[Filter, Filter]:
    """Narrow by a span of days, both included, of a moment: whole days in China's time."""

    def day(suffix: str, words: str, condition: Callable[[date], Q]) -> Filter:
        def make() -> forms.Field:
            return forms.DateField(label=f"{label}{words}", required=False, widget=DateInput())

        return Filter(
            name=f"{name}_{suffix}", label=f"{label}{words}", make_field=make, condition=condition, width="half"
        )

    return (
        day("from", "（自）", lambda value: Q(**{f"{path}__gte": _midnight(value)})),
        day("to", "（至）", lambda value: Q(**{f"{path}__lt": _midnight(value + timedelta(days=1))})),
    )


def _any(paths: Sequence[str], value: Any) -> Q:
    condition = Q()
    for path in paths:
        condition |= Q(**{path: value})
    return condition


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set; `remove_url` leads to the list without it."""

    label: str
    value: str
    remove_url: str


@dataclass
class Filters:
    """The declared filters with what one request says about them."""

    declared: Sequence[Filter]
    query: QueryDict
    form: Form = field(init=False)

    def __post_init__(self) -> None:
        fields = {each.name: each.make_field() for each in self.declared}
        made = type("FilterForm", (Form,), fields)
        self.form = made(data=self.query, auto_id="filter_%s")
        self.form.is_valid()

    @cached_property
    def values(self) -> dict[str, Any]:
        """Give the valid values that are set, by name, in declared order."""
        clean = self.form.cleaned_data
        return {each.name: clean[each.name] for each in self.declared if clean.get(each.name) not in (None, "", False)}

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow `queryset`. While a field does not fit nothing is shown, rather than too much."""
        if self.form.errors:
            return queryset.none()
        for each in self.declared:
            if each.name in self.values:
                queryset = queryset.filter(each.condition(self.values[each.name]))
        return queryset

    @property
    def querystring(self) -> str:
        """Give the canonical query string, without `?`; "" where nothing is set."""
        return urlencode([(name, _written(value)) for name, value in self.values.items()])

    @property
    def chips(self) -> list[Chip]:
        """Give what is set, in words."""
        drop = ("after", "before")
        return [
            Chip(each.label, self._words(each.name), query_url(self.query, {}, drop=(each.name, *drop)))
            for each in self.declared
            if each.name in self.values
        ]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Give the other parameters that the form carries along: the order, the page size."""
        own = {each.name for each in self.declared} | {"after", "before"}
        return [(name, value) for name, values in self.query.lists() if name not in own for value in values]

    @property
    def reset_url(self) -> str:
        """Give the URL with nothing set, in the same order."""
        return f"?{urlencode(self.kept)}"

    @property
    def fields(self) -> list[tuple[Filter, Any]]:
        """Give each filter with its bound form field."""
        return [(each, self.form[each.name]) for each in self.declared]

    def __bool__(self) -> bool:
        return bool(self.values)

    def _words(self, name: str) -> str:
        made, value = self.form.fields[name], self.values[name]
        if isinstance(made, forms.ChoiceField):
            return str(dict(made.choices).get(value, value))  # type: ignore[arg-type]
        return "是" if value is True else _written(value)


def _written(value: Any) -> str:
    if value is True:
        return "1"
    return value.isoformat() if isinstance(value, date) else str(value)
