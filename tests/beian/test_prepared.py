"""A connection hears of a statement once, and another connection anew."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from beian import prepared


def ask(statement: str, *values: object) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(prepared.execution(cursor, statement), values)
        return cursor.fetchone()


@pytest.mark.django_db
def test_it_is_prepared_once_with_its_values_in_order() -> None:
    statement = "SELECT %s::text || '-' || %s::text AS prepared_once"
    with CaptureQueriesContext(connection) as asked:
        assert ask(statement, "a", "b%s") == ("a-b%s",)
        assert ask(statement, "c", None) == (None,)
    assert [each["sql"].partition(" ")[0] for each in asked] == ["PREPARE", "EXECUTE", "EXECUTE"]


@pytest.mark.django_db
def test_it_may_have_no_values() -> None:
    assert ask("SELECT 1 AS without_values") == (1,)


@pytest.mark.django_db
def test_what_cannot_be_prepared_is_not_taken_for_known() -> None:
    for _ in range(2):
        with pytest.raises(ProgrammingError), transaction.atomic():
            ask("SELECT no_such_column")


@pytest.mark.django_db
def test_it_outlives_the_transaction_that_was_rolled_back() -> None:
    statement = "SELECT %s::int AS rolled_back"
    with transaction.atomic():
        ask(statement, 1)
        transaction.set_rollback(True)
    assert ask(statement, 2) == (2,)


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_is_told_again() -> None:
    statement = "SELECT %s::int AS told_again"
    assert ask(statement, 1) == (1,)
    connection.close()
    assert ask(statement, 2) == (2,)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_ended_is_replaced() -> None:
    """Django looks at a kept connection before its first use in a request, and opens another one."""
    statement = "SELECT %s::int AS replaced"
    assert ask(statement, 1) == (1,)
    with pytest.raises(Exception, match="terminat"):
        ask("SELECT pg_terminate_backend(pg_backend_pid())")
    connection.close_if_unusable_or_obsolete()
    assert ask(statement, 2) == (2,)
