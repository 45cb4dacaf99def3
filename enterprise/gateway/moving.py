"""Cases that move together with their document: a thousand in a few statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import F
from django.utils import timezone

from beian import copying, events
from beian.models import Node
from enterprise.models import Case
from enterprise.services.guard import find_change

_ORDINALS = (
    "UPDATE enterprise_case SET ordinal = place.ordinal "
    "FROM unnest(%s::bigint[]) WITH ORDINALITY AS place (id, ordinal) WHERE enterprise_case.id = place.id"
)


def lock_cases(provider: Node, ids: Sequence[int]) -> list[Case]:
    """Lock cases of a provider, in the order of their ids; gives them in the order of `ids`."""
    rows = Case.objects.at(provider).filter(pk__in=ids).order_by("pk").select_for_update(of=("self",)).light()
    found = {case.pk: case for case in rows}
    return [found[pk] for pk in ids if pk in found]


def move_all(
    provider: Node, cases: Sequence[Case], verb: str, *, data: dict[str, Any] | None = None, **changes: Any
) -> None:
    """Take locked cases one way of the workflow, as `guard.move` takes one. Raises `MovedOn`."""
    if not cases:
        return
    ways = {case.pk: find_change(case, verb, None) for case in cases}
    (after,) = {way.after for way in ways.values()}
    Case.objects.filter(pk__in=ways).update(state=after, version=F("version") + 1, changed_at=timezone.now(), **changes)
    copying.insert(
        events.make(
            "case",
            case.pk,
            verb,
            node=provider,
            data={"before": ways[case.pk].before, "after": after, **(data or {})},
            correlation=case.correlation,
        )
        for case in cases
    )


def number_within_document(ids: Sequence[int]) -> None:
    """Note each case's place in its document, in the order of `ids`, from 1."""
    with connection.cursor() as cursor:
        cursor.execute(_ORDINALS, [list(ids)])
