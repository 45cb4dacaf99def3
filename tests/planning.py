"""How the database would go about a query on full tables, with some ways closed."""

from __future__ import annotations

from django.db import connection


def without(*ways: str) -> None:
    """Close ways to the planner for the rest of the transaction: `seqscan`, `sort`, `bitmapscan`, `indexscan`.

    It is made to believe that a page of a table holds a million rows: of a table that it thinks empty any index is
    as good as another. What it learned while other tests filled and emptied tables is set aside. So a row has to
    be there.
    """
    with connection.cursor() as cursor:
        for way in ways:
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(
            "UPDATE pg_class SET relpages = 1, reltuples = 1000000 WHERE relkind = 'r' AND relnamespace = "
            "'public'::regnamespace"
        )
        cursor.execute(
            "DELETE FROM pg_statistic USING pg_class WHERE starelid = pg_class.oid AND relnamespace = "
            "'public'::regnamespace"
        )
