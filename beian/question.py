"""What is asked with every call, written once.

Django writes the SQL of a queryset anew each time it is evaluated, which takes it longer than
PostgreSQL needs to answer by a unique index. That is nothing beside a page, and a good part of an
upload. For questions without a choice in them only: whatever is filtered or sorted is a queryset.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models

from beian import prepared

M = TypeVar("M", bound=models.Model)


class Question(Generic[M]):
    """A fixed question for rows of `model`.

    `rest` is what stands behind the table's name, with `%s` for each value. `beside` are expressions
    whose values the instances get besides, as attributes by their names.
    """

    def __init__(self, model: type[M], rest: str, **beside: str) -> None:
        self._model, self._rest, self._beside = model, rest, beside

    def ask(self, *values: Any) -> list[M]:
        """Give the rows as Django's instances."""
        with connection.cursor() as cursor:
            cursor.execute(prepared.execution(cursor, self._statement), values)
            rows = cursor.fetchall()
        return [self._instance(row) for row in rows]

    @cached_property
    def _statement(self) -> str:
        table = self._model._meta.db_table
        columns = [f"{table}.{field.column}" for field in self._model._meta.concrete_fields]
        return f"SELECT {', '.join([*columns, *self._beside.values()])} FROM {table} {self._rest}"  # noqa: S608

    @cached_property
    def _names(self) -> list[str]:
        return [field.attname for field in self._model._meta.concrete_fields]

    @cached_property
    def _converters(self) -> list[tuple[int, Any]]:
        """Tell which columns are not yet what the field gives: those that are encrypted, say."""
        fields = enumerate(self._model._meta.concrete_fields)
        return [(place, convert) for place, field in fields for convert in field.get_db_converters(connection)]

    def _instance(self, row: tuple[Any, ...]) -> M:
        values = list(row)
        for place, convert in self._converters:
            values[place] = convert(values[place], None, connection)
        own = len(self._names)
        instance = self._model.from_db(DEFAULT_DB_ALIAS, self._names, values[:own])
        for name, value in zip(self._beside, values[own:], strict=True):
            setattr(instance, name, value)
        return instance
