"""The database lets a case go the ways of the workflow, and no other."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from beian.models import Node
from enterprise.models import Case
from enterprise.workflow import CHANGES, ENDED, INITIAL, State, allowed


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_every_pair(before: State, after: State, isp: Node) -> None:
    case = Case.objects.create(provider=isp, reference="2026-000001", kind=1, state=before)
    try:
        with transaction.atomic():
            Case.objects.filter(pk=case.pk).update(state=after)
        went = True
    except DatabaseError:
        went = False
    assert went == (before == after or allowed(before, after))


def test_every_state_is_reached_and_left_unless_it_is_an_end() -> None:
    reached = {change.after for change in CHANGES} | INITIAL
    left = {change.before for change in CHANGES}
    assert reached == set(State)
    assert left == set(State) - ENDED


def test_a_verb_of_a_person_names_who_may() -> None:
    system = {"hold", "upload", "acknowledge", "requeue", "hear_returned", "hear_refused", "hear_filed"}
    assert {change.verb for change in CHANGES if not change.roles} == system
