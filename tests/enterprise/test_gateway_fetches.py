"""The fetch loop against our own bureau: stored before applied, applied before acknowledged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError

from beian import store
from beian.models import Event, Node, User
from beian.records import CodeRecord, ResultRecord
from enterprise.applying import document as applying
from enterprise.gateway import fetching, opening, uploading
from enterprise.gateway.steps import Step
from enterprise.models import Call, Connection, Incoming, IncomingState, Task, TaskKind, TaskState
from enterprise.workflow import State
from interface.client import NoConnection
from interface.documents.returns import FileReturn, PlainReturn
from interface.envelope import Envelope
from interface.models import Parcel, ProviderAccount
from interface.services import mailbox
from tests.enterprise.gateways import in_process, later, queued, states
from tests.interface.in_process import InProcess

pytestmark = pytest.mark.django_db


class Mailbox(InProcess):
    """A line whose acknowledgements may get lost, and whose files may be damaged."""

    loses_answer = ""
    damage: Callable[[FileReturn], FileReturn] | None = None
    refuses = ""

    def _exchange(self, operation: str, message: Envelope) -> str:
        answer = super()._exchange(operation, message)
        if operation == self.loses_answer:
            self.loses_answer = ""
            raise NoConnection("the answer was lost")
        return answer

    def download(self) -> FileReturn:
        answer = super().download()
        return self.damage(answer) if self.damage and answer.file else answer

    def acknowledge(self, file_name: str) -> PlainReturn:
        answer = super().acknowledge(file_name)
        return PlainReturn(code=999, message=self.refuses) if self.refuses else answer


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch, account: ProviderAccount) -> Mailbox:
    return in_process(monkeypatch, account, Mailbox(account))  # type: ignore[return-value]


def say(account: ProviderAccount, subject: str, code: int = 1002) -> None:
    """Let the bureau answer a case."""
    result = ResultRecord(codes=(CodeRecord(code=code, description="说明"),), operation=1, subject=subject)
    mailbox.queue_result(account, result, about=f"case:{subject}")


def fresh(connection: Connection) -> Connection:
    connection.refresh_from_db()
    return connection


@pytest.fixture
def case(line: Mailbox, isp: Node, connection: Connection) -> Any:
    """A case that the bureau has."""
    (made,) = queued(isp, 1)
    uploading.drain(connection.pk)
    return made


def test_an_empty_mailbox_was_looked_at(line: Mailbox, connection: Connection) -> None:
    assert fetching.step(connection.pk) == Step.IDLE
    assert fresh(connection).last_looked_at is not None
    assert list(Call.objects.values_list("operation", "code")) == [("isp_download", 2)]


def test_a_result_is_stored_applied_and_acknowledged(
    case: Any, account: ProviderAccount, connection: Connection
) -> None:
    say(account, case.subject)
    assert fetching.step(connection.pk) == Step.IDLE
    assert states([case]) == [State.REFUSED]
    incoming = Incoming.objects.get()
    assert incoming.state == IncomingState.ACKNOWLEDGED
    assert incoming.summary == {"results": 1}
    assert store.get(incoming.content).startswith(b"<?xml")
    assert Parcel.objects.get().acknowledged_at is not None
    verbs = Event.objects.filter(subject_kind="incoming").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["fetched", "applied", "acknowledged"]


@pytest.mark.parametrize("operation", ["isp_download", "isp_downloadack"])
def test_a_lost_answer_costs_another_try_only(
    line: Mailbox, case: Any, account: ProviderAccount, connection: Connection, operation: str
) -> None:
    say(account, case.subject)
    line.loses_answer = operation
    assert fetching.step(connection.pk) == Step.WAITING
    later(connection)
    assert fetching.step(connection.pk) == Step.IDLE
    assert states([case]) == [State.REFUSED]
    assert Incoming.objects.count() == 1
    assert fresh(connection).downloads_wait_because == ""
    verbs = Event.objects.filter(subject_kind="case", subject=str(case.pk)).values_list("verb", flat=True)
    assert list(verbs).count("hear_refused") == 1


def test_the_same_file_again_changes_nothing(case: Any, account: ProviderAccount, connection: Connection) -> None:
    say(account, case.subject)
    fetching.step(connection.pk)
    Parcel.objects.update(acknowledged_at=None)
    fetching.step(connection.pk)
    assert Incoming.objects.count() == 1
    assert Event.objects.filter(subject_kind="incoming", verb="applied").count() == 1
    assert Parcel.objects.get().acknowledged_at is not None


def test_what_cannot_be_applied_is_kept_shown_and_stops_nobody(
    case: Any, account: ProviderAccount, connection: Connection, monkeypatch: pytest.MonkeyPatch, clerk: User
) -> None:
    apply = applying.apply

    def failing(provider: Node, incoming: Incoming, document: Any) -> None:
        apply(provider, incoming, document)
        if document.results[0].subject == "77":
            raise KeyError("440099198001010011")

    with monkeypatch.context() as broken:
        broken.setattr(opening.applying, "apply", failing)
        say(account, "77")
        fetching.step(connection.pk)
        say(account, case.subject)
        fetching.step(connection.pk)
    first, second = Incoming.objects.order_by("pk")
    assert (first.state, second.state) == (IncomingState.FAILED, IncomingState.ACKNOWLEDGED)
    assert "KeyError" in first.problem
    assert "4400" not in first.problem
    assert first.acknowledged_at is not None
    assert not Task.objects.exists(), "what was half done is undone"
    assert states([case]) == [State.REFUSED]
    again = fetching.apply_again(first.pk, clerk)
    assert (again.state, again.problem) == (IncomingState.ACKNOWLEDGED, "")
    assert Task.objects.get().kind == TaskKind.UNTOLD


def test_a_database_that_goes_away_makes_no_failed_document(
    case: Any, account: ProviderAccount, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    say(account, case.subject)
    with monkeypatch.context() as broken:
        broken.setattr(opening.applying, "apply", away)
        with pytest.raises(OperationalError):
            fetching.step(connection.pk)
    assert Incoming.objects.get().state == IncomingState.STORED
    assert fetching.step(connection.pk) == Step.IDLE
    assert states([case]) == [State.REFUSED]


def damaged(**changes: Any) -> Callable[[FileReturn], FileReturn]:
    from dataclasses import replace

    def damage(answer: FileReturn) -> FileReturn:
        assert answer.file is not None
        return replace(answer, file=replace(answer.file, **changes))

    return damage


def test_a_wrong_hash_is_fetched_again_and_not_acknowledged(
    line: Mailbox, case: Any, account: ProviderAccount, connection: Connection
) -> None:
    say(account, case.subject)
    line.damage = damaged(hash="AAAAAAAAAAAAAAAAAAAAAA==")
    for _ in range(3):
        assert fetching.step(connection.pk) == Step.WAITING
        later(connection)
    assert "不能使用" in fresh(connection).downloads_wait_because
    assert not Incoming.objects.exists()
    assert Parcel.objects.get().acknowledged_at is None
    line.damage = None
    assert fetching.step(connection.pk) == Step.IDLE
    assert states([case]) == [State.REFUSED]
    assert fresh(connection).downloads_wait_because == ""


def test_what_cannot_be_unpacked_is_kept_as_it_came(
    line: Mailbox, case: Any, account: ProviderAccount, connection: Connection
) -> None:
    import base64
    import hashlib

    rubbish = b"this is no zip"
    digest = base64.b64encode(hashlib.md5(rubbish).digest()).decode()
    say(account, case.subject)
    line.damage = damaged(content=base64.b64encode(rubbish).decode(), hash=digest, encrypt_algorithm=0)
    fetching.step(connection.pk)
    incoming = Incoming.objects.get()
    assert (incoming.state, incoming.readable) == (IncomingState.FAILED, False)
    assert store.get(incoming.content) == rubbish
    assert "不能打开" in incoming.problem
    assert incoming.acknowledged_at is not None
    line.damage = None
    say(account, case.subject)
    assert fetching.step(connection.pk) == Step.IDLE
    assert states([case]) == [State.REFUSED]


def test_a_bureau_that_refuses_the_acknowledgement_is_asked_whether_it_stands(
    line: Mailbox, case: Any, account: ProviderAccount, connection: Connection
) -> None:
    say(account, case.subject)
    line.refuses = "没有这个文件"
    assert fetching.step(connection.pk) == Step.IDLE
    assert Incoming.objects.get().state == IncomingState.ACKNOWLEDGED


def test_what_is_to_be_done_first_holds_the_document(
    case: Any, isp: Node, account: ProviderAccount, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ordering(provider: Node, incoming: Incoming, document: Any) -> None:
        Task.objects.get_or_create(
            provider=provider, kind=TaskKind.CLOSURE, about="1", incoming=incoming, holds=True,
            defaults={"title": "停止接入", "content": {}},
        )  # fmt: skip

    say(account, "1")
    with monkeypatch.context() as ordered:
        ordered.setattr(opening.applying, "apply", ordering)
        assert fetching.step(connection.pk) == Step.HELD
    assert fetching.step(connection.pk) == Step.HELD
    incoming = Incoming.objects.get()
    assert incoming.state == IncomingState.HELD
    assert incoming.file_name in fresh(connection).held_because
    assert Parcel.objects.get().acknowledged_at is None
    Task.objects.update(state=TaskState.DONE)
    assert fetching.step(connection.pk) == Step.IDLE
    incoming.refresh_from_db()
    assert incoming.state == IncomingState.ACKNOWLEDGED
    assert fresh(connection).held_because == ""
    assert Parcel.objects.get().acknowledged_at is not None


def test_maintenance_of_downloads_is_waited_for(
    line: Mailbox, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = FileReturn(code=902, message="系统正在维护中，您的下载请求未被受理，请稍后重新下载")
    with monkeypatch.context() as maintained:
        maintained.setattr(InProcess, "download", lambda self: closed)
        assert fetching.step(connection.pk) == Step.WAITING
    assert fetching.step(connection.pk) == Step.WAITING
    assert "902" in fresh(connection).downloads_wait_because
    later(connection)
    assert fetching.step(connection.pk) == Step.IDLE


def test_it_looks_again_after_the_interval(line: Mailbox, connection: Connection) -> None:
    assert fetching.step_when_due(connection.pk) == Step.IDLE
    assert fetching.step_when_due(connection.pk) == Step.IDLE
    assert Call.objects.count() == 1
    Connection.objects.update(poll_seconds=0)
    fetching.step_when_due(connection.pk)
    assert Call.objects.count() == 2
