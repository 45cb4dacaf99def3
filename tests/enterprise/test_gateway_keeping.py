"""Documents stay three months; then their content goes, with a record of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from beian import store
from beian.models import Content, Event, Node
from enterprise.gateway import uploading
from enterprise.gateway.keeping import KEPT, forget_old_calls, forget_old_documents
from enterprise.models import Call, Connection, Incoming, IncomingState, Outgoing
from interface.models import ProviderAccount
from tests import builders
from tests.enterprise.gateways import in_process, queued

pytestmark = pytest.mark.django_db

OLD = KEPT + timedelta(minutes=1)


@pytest.fixture
def documents(
    monkeypatch: pytest.MonkeyPatch, account: ProviderAccount, isp: Node, connection: Connection
) -> Iterator[list[Outgoing]]:
    """Three documents that the bureau accepted."""
    in_process(monkeypatch, account)
    for n in range(1, 4):
        queued(isp, 1, first=n)
        uploading.drain(connection.pk)
    return list(Outgoing.objects.order_by("sequence"))


def is_there(content: str) -> bool:
    try:
        store.get(content)
    except store.Missing:
        return False
    return True


def settled(*documents: Outgoing, ago: timedelta = OLD) -> None:
    Outgoing.objects.filter(pk__in=[each.pk for each in documents]).update(settled_at=timezone.now() - ago)


def fetched(isp: Node, data: bytes, state: IncomingState = IncomingState.ACKNOWLEDGED) -> Incoming:
    content = store.put(data)
    return Incoming.objects.create(
        provider=isp, file_name=data.decode(), content=content.sha256, size=content.size, state=state,
        acknowledged_at=timezone.now() - OLD,
    )  # fmt: skip


def test_old_documents_lose_their_content_and_it_is_recorded(documents: list[Outgoing]) -> None:
    settled(documents[0])
    settled(documents[1], ago=KEPT - timedelta(minutes=1))
    assert forget_old_documents() == 1
    assert [is_there(each.content) for each in documents] == [False, True, True]
    documents[0].refresh_from_db()
    assert documents[0].removed_at is not None
    assert Content.objects.get(pk=documents[0].content).removed_at is not None
    assert Event.objects.get(subject_kind="outgoing", verb="content_removed").subject == str(documents[0].pk)
    assert forget_old_documents() == 0


def test_the_last_one_stays_and_pictures_do(documents: list[Outgoing]) -> None:
    settled(*documents)
    assert forget_old_documents() == 2
    assert is_there(documents[2].content)
    assert store.get(builders.content().sha256)


def test_what_could_not_be_applied_stays(isp: Node) -> None:
    done, failed = fetched(isp, b"<done/>"), fetched(isp, b"<failed/>", IncomingState.FAILED)
    assert forget_old_documents() == 1
    assert [is_there(each.content) for each in (done, failed)] == [False, True]


def test_bytes_that_another_document_has_too_stay(isp: Node) -> None:
    old = fetched(isp, b"<same/>")
    new = Incoming.objects.create(provider=isp, file_name="new", content=old.content, size=old.size)
    assert forget_old_documents() == 1
    assert is_there(new.content)
    old.refresh_from_db()
    assert old.removed_at is not None


def test_a_picture_among_the_attachments_stays(isp: Node) -> None:
    picture = store.put(builders.jpeg_bytes())
    Incoming.objects.create(
        provider=isp, file_name="odd", content=picture.sha256, size=picture.size, state=IncomingState.ACKNOWLEDGED,
        acknowledged_at=timezone.now() - OLD,
    )  # fmt: skip
    forget_old_documents()
    assert is_there(picture.sha256)


@pytest.mark.parametrize(
    ("operation", "code", "days", "stays"),
    [
        ("isp_download", 2, 6, True),
        ("isp_download", 2, 8, False),
        ("isp_download", 0, 91, True),
        ("isp_download", 0, 93, False),
        ("isp_upload", None, 91, True),
    ],
)
def test_notes_of_calls_go_in_their_time(
    connection: Connection, operation: str, code: int | None, days: int, stays: bool
) -> None:
    call = Call.objects.create(connection=connection, operation=operation, code=code)
    Call.objects.filter(pk=call.pk).update(at=timezone.now() - timedelta(days=days))
    assert forget_old_calls() == (0 if stays else 1)
    assert Call.objects.filter(pk=call.pk).exists() == stays
