"""A bureau judges one document at a time (docs/decisions/0005)."""

from __future__ import annotations

from django.db import connection

from beian.models import Node

JUDGING = 0x62656961  # the first of two numbers of the advisory lock; the second is the bureau


def wait_for_turn(bureau: Node) -> None:
    """Wait until no other document of `bureau` is being judged; holds until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [JUDGING, bureau.pk])
