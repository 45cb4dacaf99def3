"""Load what is registered to providers, as far as a document's addresses need it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db import connection

from beian.checks.registered import Range, Registered
from beian.models import Node, RegisteredRange
from beian.records import FilingRecord

_OVERLAPPING = """
SELECT registered.first, registered.last
  FROM unnest(%s::bigint[], %s::bigint[]) AS used (first, last)
  JOIN beian_registeredrange AS registered
    ON registered.holder_id = %s AND registered.first <= used.last AND registered.last >= used.first
"""


def load_registered(holder: Node, *, isp_id: int, filings: Iterable[FilingRecord]) -> Registered | None:
    """Load what is registered to the provider `isp_id` at its bureau `holder`; `None` where nothing is.

    A second query, for what is registered to others, only where `filings` use addresses beyond that.
    """
    own = list(RegisteredRange.objects.held_by(holder).filter(isp_id=isp_id).values_list("first", "last"))
    if not own:
        return None
    registered = Registered(own, refuses=holder.refuses_unregistered)
    if beyond := registered.outside(set(_used(filings))):
        registered.note_others(_overlapping(holder, beyond))
    return registered


def _used(filings: Iterable[FilingRecord]) -> Iterator[Range]:
    for filing in filings:
        for website in filing.websites:
            for access in website.accesses:
                if access.provider is None:
                    yield from ((part.first, part.last) for part in access.ranges)


def _overlapping(holder: Node, ranges: Sequence[Range]) -> list[Range]:
    """Find all that is registered to anybody within some ranges."""
    firsts, lasts = [first for first, _ in ranges], [last for _, last in ranges]
    with connection.cursor() as cursor:
        cursor.execute(_OVERLAPPING, [firsts, lasts, holder.pk])
        return [(first, last) for first, last in cursor.fetchall()]
