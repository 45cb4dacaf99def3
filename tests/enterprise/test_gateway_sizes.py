"""A burst in the morning: documents of at most 1,000 records and 45 MB, oldest first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from beian import store
from beian.models import Node
from beian.records import as_json
from enterprise.gateway import choosing, composing, uploading
from enterprise.gateway.steps import Step
from enterprise.models import Case, Connection, Outgoing
from enterprise.services.contents import request_of
from enterprise.services.identifiers import with_ids
from enterprise.workflow import State
from interface.models import ProviderAccount
from tests import builders
from tests.enterprise.conftest import new_filing
from tests.enterprise.gateways import at_bureau, in_process, queued, states

pytestmark = pytest.mark.django_db


def many(provider: Node, count: int) -> None:
    """So many cases in the queue, each about a sponsor of its own, made without their way there."""
    request = with_ids(provider, new_filing())
    plain = as_json(request)
    now = timezone.now()
    Case.objects.bulk_create(
        Case(
            provider=provider, reference=f"2026-1{n:05d}", kind=1, state=State.QUEUED, queued_at=now,
            request={**plain, "sponsor": {**plain["sponsor"], "provider_id": 9_000_000 + n}},
            subject=str(9_000_000 + n), answered_as=1, opinion_ids=[9_000_000 + n],
        )
        for n in range(count)
    )  # fmt: skip


def sizes() -> list[int]:
    return list(Outgoing.objects.order_by("sequence").values_list("records", flat=True))


def test_five_hundred_at_once_go_in_one_document(
    monkeypatch: pytest.MonkeyPatch, isp: Node, account: ProviderAccount, connection: Connection
) -> None:
    in_process(monkeypatch, account)
    many(isp, 500)
    with CaptureQueriesContext(
        database,
    ) as asked:
        assert uploading.step(connection.pk) == Step.DONE
    assert sizes() == [500]
    assert at_bureau(account) == [1]
    assert Case.objects.filter(state=State.ACKNOWLEDGED, decision_due__isnull=False).count() == 500
    ordinals = list(Case.objects.order_by("ordinal").values_list("ordinal", flat=True))
    assert ordinals == list(range(1, 501))
    ours = [each for each in asked.captured_queries if "enterprise_" in each["sql"]]
    assert len(ours) < 60, "a thousand cases move in a few statements"


def test_no_document_holds_more_than_a_thousand_records(
    monkeypatch: pytest.MonkeyPatch, isp: Node, account: ProviderAccount, connection: Connection
) -> None:
    in_process(monkeypatch, account)
    many(isp, 1003)
    assert uploading.drain(connection.pk) == Step.IDLE
    assert sizes() == [1000, 3]
    first, second = Outgoing.objects.order_by("sequence")
    assert max(first.cases.values_list("pk", flat=True)) < min(second.cases.values_list("pk", flat=True))


def test_what_weighs_too_much_for_one_goes_in_several(
    monkeypatch: pytest.MonkeyPatch, isp: Node, account: ProviderAccount, connection: Connection
) -> None:
    in_process(monkeypatch, account)
    many(isp, 7)
    each = choosing.weigh(Case.objects.all()[0])
    monkeypatch.setattr(choosing, "MOST_BYTES", 3 * each)
    uploading.drain(connection.pk)
    assert sizes() == [3, 3, 1]


def test_big_attachments_are_weighed_without_being_read(isp: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    (case,) = queued(isp, 1)
    request = request_of(case)
    big = builders.content(builders.jpeg_bytes(100))
    request = replace(request, attachments=(replace(request.attachments[0], content=big),) * 4)
    case.request = as_json(request)
    case.save(update_fields=["request"])
    store.put(builders.jpeg_bytes(100))
    document = composing.document_of(isp, [(case.kind, request_of(case))])
    monkeypatch.setattr(store, "get", None)
    weight = choosing.weigh(case)
    assert len(document) <= weight < len(document) * 1.2


@pytest.mark.parametrize("n", [1, 2])
def test_the_estimate_is_never_below_what_is_written(isp: Node, n: int) -> None:
    (case,) = queued(isp, 1, first=n)
    document = composing.document_of(isp, [(case.kind, request_of(case))])
    assert choosing.weigh(case) >= len(document)


def test_a_document_that_grew_over_the_limit_is_made_smaller(
    monkeypatch: pytest.MonkeyPatch, isp: Node, account: ProviderAccount, connection: Connection
) -> None:
    in_process(monkeypatch, account)
    many(isp, 6)
    one = len(composing.document_of(isp, [(1, request_of(Case.objects.all()[0]))]))
    monkeypatch.setattr(composing, "MAX_DOCUMENT", int(2.5 * one))
    uploading.drain(connection.pk)
    assert sum(sizes()) == 6
    assert max(sizes()) <= 3


def test_a_single_case_over_the_limit_is_held(
    monkeypatch: pytest.MonkeyPatch, isp: Node, account: ProviderAccount, connection: Connection
) -> None:
    in_process(monkeypatch, account)
    sent = queued(isp, 1)
    monkeypatch.setattr(composing, "MAX_DOCUMENT", 100)
    assert uploading.drain(connection.pk) == Step.IDLE
    assert states(sent) == [State.HELD]
    assert "50MB" in Case.objects.get().held_because
