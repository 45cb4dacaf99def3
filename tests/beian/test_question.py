"""A question gives what a queryset would: the same instances, opened and typed, in one round trip."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from beian.models import Event
from beian.question import Question
from interface.models import ProviderAccount, UploadPiece
from tests.interface import calling
from tests.interface.calling import KEY, PASSWORD

pytestmark = pytest.mark.django_db


def test_every_field_is_as_a_queryset_gives_it() -> None:
    made = calling.account()
    [found] = Question(ProviderAccount, "WHERE id = %s").ask(made.pk)
    expected = ProviderAccount.objects.get(pk=made.pk)
    for field in ProviderAccount._meta.concrete_fields:
        assert getattr(found, field.attname) == getattr(expected, field.attname)
    assert (found.password, found.aes_key) == (PASSWORD, KEY.key)
    assert found == expected


def test_what_is_not_text_is_converted_too() -> None:
    correlation = uuid.uuid4()
    Event.objects.create(subject_kind="x", subject="1", verb="v", data={"a": [1, None]}, correlation=correlation)
    [found] = Question(Event, "WHERE correlation = %s").ask(correlation)
    assert (found.data, found.correlation) == ({"a": [1, None]}, correlation)


def test_values_beside_the_row_become_attributes() -> None:
    made = calling.account()
    question = Question(ProviderAccount, "WHERE isp_id = %s", two="1 + 1", name="upper(user_name)")
    question.ask(0)  # the connection hears of it
    with CaptureQueriesContext(connection) as asked:
        [found] = question.ask(made.isp_id)
    assert len(asked) == 1
    assert (found.two, found.name) == (2, made.user_name.upper())  # type: ignore[attr-defined]


def test_what_was_found_can_be_saved() -> None:
    made = calling.account()
    [found] = Question(ProviderAccount, "WHERE id = %s").ask(made.pk)
    found.failed_tries = 3
    found.save(update_fields=["failed_tries"])
    assert ProviderAccount.objects.get(pk=made.pk).failed_tries == 3


def test_nothing_is_an_empty_list() -> None:
    assert Question(UploadPiece, "WHERE upload_id = %s").ask(0) == []
