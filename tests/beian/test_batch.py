"""A batch stores what Django would have stored, in order, in one round trip."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext

from beian import copying
from beian.batch import Batch
from beian.models import Event, Node
from interface.models import CallLog, Upload, UploadPiece
from tests.interface import calling

pytestmark = pytest.mark.django_db

NASTY = "a \"b\" 'c' %s %% {d} \\ ; DROP TABLE beian_event; -- 粤𠮷"


def values(row: models.Model) -> dict[str, Any]:
    found = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: value for name, value in found.items() if not isinstance(value, datetime.datetime)}


def test_every_kind_of_field_comes_back_as_it_was() -> None:
    account = calling.account()
    correlation = uuid.uuid4()
    [key] = copying.take_ids(Upload, 1)
    rows: list[models.Model] = [
        Upload(pk=key, account=account, sequence=2**62, hash=NASTY, file_name=NASTY, size=1, encrypt_algorithm=0,
               hash_algorithm=0, compression_format=0),
        UploadPiece(pk=key, upload_id=key, ordinal=0, content=b"\0\xff%s;"),
        CallLog(pk=key, bureau=account.bureau, account=account, reason=NASTY, address="2001:db8::7", code=None),
        Event(pk=key, node=account.bureau, subject_kind="x", subject=NASTY[:64], verb="v", data={"a": [NASTY, None]},
              correlation=correlation),
    ]  # fmt: skip
    batch = Batch()
    for row in rows:
        batch.insert(row)
    with CaptureQueriesContext(connection) as asked:
        batch.send()
    # A connection hears of each statement once; `test_prepared` has more of that.
    assert len([each for each in asked if not each["sql"].startswith("PREPARE")]) == 1
    for row in rows:
        assert values(type(row)._default_manager.get(pk=key)) == values(row)  # type: ignore[attr-defined]


def event(**other: Any) -> Event:
    return Event(subject_kind="x", subject="1", verb="v", correlation=uuid.uuid4(), **other)


def test_a_row_without_a_key_is_given_one() -> None:
    batch = Batch()
    batch.insert(event())
    batch.insert(event())
    batch.send()
    assert len(set(Event.objects.filter(subject_kind="x").values_list("pk", flat=True))) == 2


def test_what_was_sent_is_not_sent_again() -> None:
    batch = Batch()
    batch.insert(event())
    batch.send()
    batch.send()
    assert Event.objects.filter(subject_kind="x").count() == 1


def test_statements_follow_each_other_in_their_order(guangdong: Node) -> None:
    batch = Batch()
    batch.add("UPDATE beian_node SET name = %s WHERE id = %s", ["first", guangdong.pk])
    batch.add("UPDATE beian_node SET name = name || %s WHERE id = %s", [" %s second", guangdong.pk])
    batch.send()
    guangdong.refresh_from_db()
    assert guangdong.name == "first %s second"


def test_a_row_that_is_refused_takes_the_others_with_it(guangdong: Node) -> None:
    batch = Batch()
    batch.insert(event())
    batch.insert(Node(code=guangdong.code, kind="bureau", name="again"))
    with pytest.raises(IntegrityError), transaction.atomic():
        batch.send()
    assert not Event.objects.filter(subject_kind="x").exists()
