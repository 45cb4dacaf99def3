"""COPY writes what the fields would write, whatever the values hold."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from beian import copying
from beian.models import Event, Node, Reservation, Sponsor
from bureau.models import Application
from bureau.workflow import Kind, State
from tests.applications import application_row

pytestmark = pytest.mark.django_db

NASTY = 'tab\t line\n return\r back\\slash \\N \\. "quoted" {braces}, comma 粤𠮷'


def values(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_every_kind_of_field_comes_back_as_it_was(guangdong: Node) -> None:
    now = timezone.now()
    row = Application(
        holder=guangdong,
        received_by=guangdong,
        kind=Kind.NEW_FILING,
        state=State.PENDING,
        isp_id=2**62,
        provider_name=NASTY,
        subject=NASTY,
        record={"sponsor": {"name": NASTY}},
        sponsor_name=NASTY,
        telephones=["", "NULL", NASTY],
        domains=[NASTY, "a,b", '"', "\\"],
        findings=[{"text": NASTY, "codes": [1, None, True]}],
        recommendation=None,
        received_at=now,
        deadline=datetime.date(2026, 2, 28),
        correlation=uuid.uuid4(),
    )
    [row.pk] = copying.take_ids(Application, 1)
    copying.insert([row])
    assert values(Application.objects.get(pk=row.pk)) == values(row)


def test_it_writes_what_bulk_create_writes(guangdong: Node) -> None:
    event = {"node": guangdong, "subject_kind": "x", "subject": NASTY, "verb": "v", "data": {"a": NASTY}}
    correlation = uuid.uuid4()
    Event.objects.bulk_create([Event(**event, correlation=correlation)])
    copying.insert([Event(**event, correlation=correlation)])
    one, other = map(values, Event.objects.filter(correlation=correlation))
    assert abs(one.pop("at") - other.pop("at")) < datetime.timedelta(seconds=5)
    assert one.pop("id") < other.pop("id")
    assert one == other


def test_defaults_are_filled_in(guangdong: Node) -> None:
    rows, now = copying.Rows(Sponsor), timezone.now()
    rows.add(
        holder_id=guangdong.pk,
        number=440000000000001,
        name=NASTY,
        province=440000,
        certificate_type=1,
        certificate_number=NASTY,
        certificate_index="x",
        certificate_address="",
        first_reported=now,
        last_modified=now,
    )
    assert rows.flush() == 1
    assert rows.flush() == 0
    stored = Sponsor.objects.held_by(guangdong).get()
    assert (stored.name, stored.certificate_number, stored.person_mobiles, stored.remark) == (NASTY, NASTY, [], None)


def test_what_a_constraint_forbids_is_an_integrity_error(guangdong: Node) -> None:
    application = application_row(guangdong)
    taken = [
        Reservation(holder=guangdong, kind="domain", key="one.example", taken_by="x", application=application.pk)
        for _ in range(2)
    ]
    with pytest.raises(IntegrityError, match="reserved_once"), transaction.atomic():
        copying.insert(taken)
    assert not Reservation.objects.exists()


def test_nothing_is_nothing(db: None) -> None:
    copying.insert([])
