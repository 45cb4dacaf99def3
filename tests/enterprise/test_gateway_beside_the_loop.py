"""A document that a person applies while the loop works on it, and one that the machine gives way under."""

from __future__ import annotations

import errno
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from beian import store
from beian.models import Event, Node, User
from beian.records import CodeRecord, ResultRecord
from beian.services.refusals import ServiceError
from enterprise.gateway import fetching, opening, running, uploading, waiting
from enterprise.gateway.keeping import KEPT, forget_old_documents
from enterprise.gateway.steps import Step
from enterprise.models import Connection, Incoming, IncomingState
from enterprise.workflow import State
from interface.documents.returns import PlainReturn
from interface.models import Parcel, ProviderAccount
from interface.services import mailbox
from tests.enterprise.gateways import in_process, later, queued, states
from tests.interface.in_process import InProcess

pytestmark = pytest.mark.django_db

FULL = OSError(errno.ENOSPC, "No space left on device")


class Meanwhile(InProcess):
    """A line on which something happens while an acknowledgement is on its way."""

    happens: Callable[[], object] | None = None

    def acknowledge(self, file_name: str) -> PlainReturn:
        if self.happens:
            happens, self.happens = self.happens, None
            happens()
        return super().acknowledge(file_name)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch, account: ProviderAccount) -> Meanwhile:
    return in_process(monkeypatch, account, Meanwhile(account))  # type: ignore[return-value]


@pytest.fixture
def case(line: Meanwhile, isp: Node, account: ProviderAccount, connection: Connection) -> Any:
    """A case that the bureau has, and whose answer waits in the mailbox."""
    (made,) = queued(isp, 1)
    uploading.drain(connection.pk)
    result = ResultRecord(codes=(CodeRecord(code=1002, description="说明"),), operation=1, subject=made.subject)
    mailbox.queue_result(account, result, about=f"case:{made.subject}")
    return made


def failing(error: Exception) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


def failed(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Incoming:
    """Let the mailbox's document fail, and stay without its acknowledgement."""
    with monkeypatch.context() as broken:
        broken.setattr(opening.applying, "apply", failing(KeyError("x")))
        broken.setattr(fetching, "_acknowledge", lambda *_: Step.WAITING)
        fetching.step(connection.pk)
    incoming = Incoming.objects.get()
    assert (incoming.state, incoming.acknowledged_at) == (IncomingState.FAILED, None)
    return incoming


def assert_done_with() -> None:
    incoming = Incoming.objects.get()
    assert incoming.acknowledged_at is not None
    assert (incoming.state, incoming.problem) == (IncomingState.ACKNOWLEDGED, "")
    with_time = timezone.now() + KEPT + timedelta(days=1)
    assert forget_old_documents(with_time) == 1


def test_the_loop_acknowledges_while_a_person_applies(
    case: Any, connection: Connection, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    incoming = failed(connection, monkeypatch)
    read = opening.read_download

    def reading(*arguments: Any) -> Any:
        monkeypatch.setattr(opening, "read_download", read)
        assert fetching.step(connection.pk) == Step.IDLE
        return read(*arguments)

    monkeypatch.setattr(opening, "read_download", reading)
    again = fetching.apply_again(incoming.pk, clerk)
    assert again.state == IncomingState.ACKNOWLEDGED
    assert Parcel.objects.get().acknowledged_at is not None
    assert states([case]) == [State.REFUSED]
    assert_done_with()


def test_a_person_applies_while_the_acknowledgement_is_on_its_way(
    line: Meanwhile, case: Any, connection: Connection, clerk: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    incoming = failed(connection, monkeypatch)
    line.happens = lambda: fetching.apply_again(incoming.pk, clerk)
    assert fetching.step(connection.pk) == Step.IDLE
    assert_done_with()


def test_what_was_left_half_done_before_is_kept_no_longer_than_others(isp: Node) -> None:
    then = timezone.now() - KEPT - timedelta(days=1)
    Incoming.objects.create(
        provider=isp, file_name="P1", content=store.put(b"<done/>").sha256, size=7, state=IncomingState.APPLIED,
        acknowledged_at=then,
    )  # fmt: skip
    assert forget_old_documents() == 1


@pytest.mark.parametrize("error", [FULL, MemoryError(), OperationalError("could not extend file")])
@pytest.mark.parametrize("where", ["apply", "put"])
def test_a_fault_of_the_machine_is_no_documents_fault(
    case: Any, connection: Connection, monkeypatch: pytest.MonkeyPatch, error: Exception, where: str
) -> None:
    loop = running.Loop("fetches", connection.pk, fetching.step, waiting.downloads)
    with monkeypatch.context() as broken:
        broken.setattr(running, "connection", SimpleNamespace(close=lambda: None))
        broken.setattr(*((opening.applying, "apply") if where == "apply" else (store, "put")), failing(error))
        loop._once()
    assert list(Incoming.objects.values_list("state", flat=True)) == (
        [IncomingState.STORED] if where == "apply" else []
    )
    assert Parcel.objects.get().acknowledged_at is None
    connection.refresh_from_db()
    assert "本机出现故障" in connection.downloads_wait_because
    assert type(error).__name__ in connection.downloads_wait_because
    later(connection)
    assert fetching.step(connection.pk) == Step.IDLE
    connection.refresh_from_db()
    assert connection.downloads_wait_because == ""
    assert states([case]) == [State.REFUSED]


def test_a_person_is_told_that_the_machine_is_at_fault(
    case: Any, connection: Connection, isp: Node, office_administrator: User, monkeypatch: pytest.MonkeyPatch,
    signed_in: Callable[[User], Client],
) -> None:  # fmt: skip
    incoming = failed(connection, monkeypatch)
    with monkeypatch.context() as broken:
        broken.setattr(opening.applying, "apply", failing(FULL))
        with pytest.raises(ServiceError, match="本机出现故障（OSError）"):
            fetching.apply_again(incoming.pk, office_administrator)
        address = f"/isp/{isp.isp_id}/connection/incoming/{incoming.pk}/again"
        page = signed_in(office_administrator).post(address, follow=True).content.decode()
    assert "本机出现故障（OSError）" in page
    before = Incoming.objects.get()
    assert (before.state, before.problem) == (incoming.state, incoming.problem)
    assert Event.objects.filter(subject_kind="incoming", verb="failed").count() == 1
