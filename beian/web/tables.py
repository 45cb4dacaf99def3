"""Lists as tables: declared columns, sorting by a white list, pages by key, counts with a cap.

Pages are found by (sort value, primary key) instead of an offset, so that the thousandth costs what
the first costs, and a row that comes or goes meanwhile neither repeats nor hides another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from beian.web.keyset import Order, read_cursor

COUNT_CAP = 10_000
SIZES = (20, 50, 100)

Kind = Literal["text", "number", "moment", "date", "badge", "code"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: `value` is an attribute path with dots, or a function of the row.

    `sort` is the field path (`"provider__name"`) to order by; without it the column does not sort.
    `nullable` where that field may be null: nulls come last both ways. `lead` marks the column that
    names the row: it is linked, and becomes the card's title on a narrow screen. `template` renders
    the cell, with `row` and `value`, where the kind is not enough.
    """

    name: str
    label: str
    value: str | Callable[[Any], Any] = ""
    kind: Kind = "text"
    sort: str = ""
    nullable: bool = False
    lead: bool = False
    template: str = ""

    def of(self, row: Any) -> Any:
        """Give this column's value of `row`."""
        if callable(self.value):
            return self.value(row)
        for part in (self.value or self.name).split("."):
            row = getattr(row, part, None)
        return row() if callable(row) else row


@dataclass(frozen=True, slots=True)
class Header:
    """A column's head: `url` sorts by it, or the other way round where it sorts already."""

    column: Column
    url: str
    aria_sort: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a row."""

    column: Column
    value: Any

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to show."""
        return self.value is None or self.value == ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the thing itself, its cells, the page it leads to."""

    row: Any
    cells: tuple[Cell, ...]
    url: str


@dataclass(frozen=True, slots=True)
class Size:
    """An offered page size."""

    size: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a table, as `components/table.html` shows it."""

    name: str
    headers: tuple[Header, ...]
    rows: tuple[Row, ...]
    count: int
    capped: bool
    sizes: tuple[Size, ...]
    first_url: str = ""
    previous_url: str = ""
    next_url: str = ""

    @property
    def count_text(self) -> str:
        """Give the count in words: exact up to the cap."""
        return f"{self.count:,}+" if self.capped else f"{self.count:,}"

    @property
    def objects(self) -> list[Any]:
        """Give the things themselves, in order."""
        return [each.row for each in self.rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A kind of list. `order` is the column it begins with, `-` in front for the other way round."""

    name: str
    columns: Sequence[Column]
    order: str
    sizes: tuple[int, ...] = SIZES
    _sortable: dict[str, Column] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._sortable.update({column.name: column for column in self.columns if column.sort})
        if self.order.removeprefix("-") not in self._sortable:
            raise ValueError(f"table {self.name}: there is no sortable column {self.order}")

    def page(
        self, queryset: QuerySet[Any], request: HttpRequest, *, row_url: Callable[[Any], str] | None = None
    ) -> Page:
        """Give the page that the query string asks for: `sort`, `size`, and `after` or `before` a row.

        What does not fit there (an unknown column, a tampered cursor) is as if it were not said.
        `row_url` gives the page that a row's lead cell links to.
        """
        query = request.GET
        sort, order, size = self._asked(query)
        cursor = read_cursor(query, sort)
        found, earlier, later = order.page(queryset, cursor, size)
        count = capped_count(queryset)
        return Page(
            name=self.name,
            headers=tuple(self._header(column, sort, query) for column in self.columns),
            rows=tuple(self._row(row, row_url) for row in found),
            count=min(count, COUNT_CAP),
            capped=count > COUNT_CAP,
            sizes=tuple(Size(each, url(query, size=each), each == size) for each in self.sizes),
            first_url=url(query) if earlier else "",
            previous_url=url(query, before=order.cursor(found[0], sort)) if earlier and found else "",
            next_url=url(query, after=order.cursor(found[-1], sort)) if later and found else "",
        )

    def _asked(self, query: QueryDict) -> tuple[str, Order, int]:
        sort = query.get("sort", "")
        if sort.removeprefix("-") not in self._sortable:
            sort = self.order
        column = self._sortable[sort.removeprefix("-")]
        size = next((each for each in self.sizes if str(each) == query.get("size")), self.sizes[0])
        return sort, Order(column.sort, descending=sort.startswith("-"), nullable=column.nullable), size

    def _header(self, column: Column, sort: str, query: QueryDict) -> Header:
        if not column.sort:
            return Header(column, "", "")
        if sort.removeprefix("-") != column.name:
            return Header(column, url(query, sort=column.name), "none")
        descending = sort.startswith("-")
        turned = column.name if descending else f"-{column.name}"
        return Header(column, url(query, sort=turned), "descending" if descending else "ascending")

    def _row(self, row: Any, row_url: Callable[[Any], str] | None) -> Row:
        cells = tuple(Cell(column, column.of(row)) for column in self.columns)
        return Row(row, cells, row_url(row) if row_url else "")


def capped_count(queryset: QuerySet[Any]) -> int:
    """Count no further than one beyond the cap."""
    return queryset.order_by()[: COUNT_CAP + 1].count()


def url(query: QueryDict, **changes: Any) -> str:
    """Give the query string with `changes`; a place in the list is kept only where it is one of them."""
    return query_url(query, changes, drop=("after", "before"))


def query_url(query: QueryDict, changes: Mapping[str, Any], drop: Iterable[str] = ()) -> str:
    """Give `?` and `query` without `drop`, then with `changes`."""
    changed = query.copy()
    for name in drop:
        changed.pop(name, None)
    for name, value in changes.items():
        changed[name] = str(value)
    return f"?{changed.urlencode()}"
