"""How the database would go about a query, with some ways closed and nothing known of how full tables are."""

from __future__ import annotations

from django.db import connection


def without(*ways: str) -> None:
    """Close ways to the planner for the rest of the transaction: `seqscan`, `sort`, `bitmapscan`, `indexscan`.

    What it learned of tables while other tests filled and emptied them is set aside as well: of a table that it
    believes empty any index is as good as another.
    """
    with connection.cursor() as cursor:
        for way in ways:
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(
            "UPDATE pg_class SET relpages = 0, reltuples = -1 WHERE relkind IN ('r', 'i') AND relnamespace = "
            "'public'::regnamespace"
        )
        cursor.execute(
            "DELETE FROM pg_statistic USING pg_class WHERE starelid = pg_class.oid AND relnamespace = "
            "'public'::regnamespace"
        )
