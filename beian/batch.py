"""A few rows of several tables to PostgreSQL in one round trip.

For what happens with every call. Django asks the server once for each row and writes its statement
anew each time, which takes longer than the server needs to store the row. Many rows of one table go
by `beian.copying`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.sql import InsertQuery

from beian import prepared

# Whose values the driver writes as they are. Django asks each anew how to prepare it, through five calls.
_PLAIN = (models.IntegerField, models.CharField, models.TextField, models.DateTimeField, models.ForeignKey)


class Batch:
    """Statements that are gathered and then sent together, in the caller's transaction."""

    def __init__(self) -> None:
        self._statements: list[str] = []
        self._values: list[Any] = []

    def insert(self, row: models.Model) -> None:
        """Take a new row, its values as they are now; one with a key keeps it.

        No signals are sent, and the instance is not given a key: take it with `copying.take_ids` where
        it is needed.
        """
        fields, statement = _insertion(type(row), row.pk is not None)
        self._statements.append(statement)
        for field, is_plain in fields:
            value = field.pre_save(row, add=True)
            self._values.append(value if is_plain else field.get_db_prep_save(value, connection))

    def add(self, statement: str, values: Sequence[Any]) -> None:
        """Take any other statement, without a semicolon; what it gives is not seen."""
        self._statements.append(statement)
        self._values += values

    def send(self) -> None:
        """Carry out what was taken since the last time, in order. Raises `IntegrityError` and the like."""
        if self._statements:
            with connection.cursor() as cursor:
                executions = [prepared.execution(cursor, statement) for statement in self._statements]
                cursor.execute("; ".join(executions), self._values)
        self._statements, self._values = [], []


@cache
def _insertion(model: type[models.Model], has_key: bool) -> tuple[list[tuple[Any, bool]], str]:
    """Give the fields of a new row, whether each is plain, and the statement as Django writes it for one."""
    fields = [field for field in model._meta.concrete_fields if has_key or not field.primary_key]
    query = InsertQuery(model)
    query.insert_values(fields, [model()])
    [(statement, _)] = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return [(field, isinstance(field, _PLAIN)) for field in fields], statement
