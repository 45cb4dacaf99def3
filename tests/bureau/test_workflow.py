"""The table of states holds throughout: it is complete, and the database keeps to it."""

from __future__ import annotations

import itertools

import pytest
from django.db import InternalError, connection, transaction

from beian.models import Node
from bureau.models import Application
from bureau.workflow import CHANGES, ENDED, INITIAL, OPEN, State, allowed
from tests.applications import application_row

PAIRS = [(before, after) for before, after in itertools.product(State, State) if before != after]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_the_database_allows_what_the_table_allows(guangdong: Node, before: State, after: State) -> None:
    application = application_row(guangdong, state=before)
    if allowed(before, after):
        assert Application.objects.filter(pk=application.pk).update(state=after) == 1
    else:
        with pytest.raises(InternalError, match="Invalid transition"), transaction.atomic():
            Application.objects.filter(pk=application.pk).update(state=after)


def test_raw_sql_is_held_to_the_table_too(guangdong: Node) -> None:
    application = application_row(guangdong, state=State.REFUSED)
    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE bureau_application SET state = 'approved' WHERE id = %s", [application.pk])


def test_an_application_is_never_deleted(guangdong: Node) -> None:
    application = application_row(guangdong)
    with pytest.raises(InternalError), transaction.atomic():
        application.delete()


def test_every_state_is_reached_and_every_open_one_left() -> None:
    reached = INITIAL | {change.after for change in CHANGES}
    left = {change.before for change in CHANGES}
    assert reached == set(State)
    assert left == set(State) - ENDED
    assert OPEN | ENDED | {State.FORWARDED} == set(State)


def test_a_verb_leads_to_one_place_from_each_state() -> None:
    steps = [(change.before, change.verb) for change in CHANGES]
    assert len(steps) == len(set(steps))
