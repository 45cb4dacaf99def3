"""The upload queue against our own bureau: numbers without gaps, and every answer settles something."""

from __future__ import annotations

from datetime import time

import pytest
from django.utils import timezone

from beian.calendar import deadline
from beian.models import Event, Node, User
from enterprise.gateway import calls, uploading
from enterprise.gateway.steps import Step
from enterprise.models import Call, Case, Connection, Outgoing, OutgoingState
from enterprise.services import cases
from enterprise.services.contents import request_of
from enterprise.workflow import State
from interface.client import NoConnection
from interface.documents.upload import read_upload
from interface.envelope import Envelope
from interface.models import ProviderAccount, Upload
from interface.services.uploads import open_document
from tests import builders
from tests.enterprise.gateways import at_bureau, in_process, later, numbers, queued, states
from tests.interface.calling import DOCUMENT
from tests.interface.in_process import InProcess

pytestmark = pytest.mark.django_db


class BreakingLine(InProcess):
    """A line that breaks once: before the call arrives, or after, so that the answer is lost."""

    breaks = ""

    def _exchange(self, operation: str, message: Envelope) -> str:
        before, self.breaks = self.breaks, "" if operation == "isp_upload" else self.breaks
        if before == "before" and operation == "isp_upload":
            raise NoConnection("nothing arrived")
        answer = super()._exchange(operation, message)
        if before == "after" and operation == "isp_upload":
            raise NoConnection("the answer was lost")
        return answer


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch, account: ProviderAccount) -> BreakingLine:
    return in_process(monkeypatch, account, BreakingLine(account))  # type: ignore[return-value]


def fresh(connection: Connection) -> Connection:
    connection.refresh_from_db()
    return connection


def test_what_is_queued_goes_out_in_one_document(
    line: BreakingLine, isp: Node, account: ProviderAccount, connection: Connection
) -> None:
    sent = queued(isp, 3)
    assert uploading.step(connection.pk) == Step.DONE
    assert uploading.step(connection.pk) == Step.IDLE
    assert states(sent) == [State.ACKNOWLEDGED] * 3
    assert at_bureau(account) == numbers(isp) == [1]
    with open_document(Upload.objects.get()) as document:
        arrived = read_upload(document.read(), lambda content: builders.content(content))
    assert list(arrived.new_filings) == [request_of(case) for case in sent]
    assert fresh(connection).last_sequence == 1
    case = Case.objects.get(pk=sent[1].pk)
    assert (case.document, case.ordinal) == (Outgoing.objects.get(), 2)
    assert case.acknowledged_at is not None
    assert case.decision_due == deadline(case.acknowledged_at)


def test_each_call_is_written_down_without_secrets(line: BreakingLine, isp: Node, connection: Connection) -> None:
    queued(isp, 1)
    uploading.step(connection.pk)
    call = Call.objects.get()
    assert (call.operation, call.code, call.message, call.sequence) == ("isp_upload", 0, "操作成功", 1)


def test_every_step_of_a_case_is_an_event(line: BreakingLine, isp: Node, connection: Connection) -> None:
    (case,) = queued(isp, 1)
    uploading.step(connection.pk)
    events = Event.objects.filter(subject_kind="case", subject=str(case.pk)).order_by("pk")
    assert list(events.values_list("verb", flat=True))[-3:] == ["queue", "upload", "acknowledge"]
    assert {event.correlation for event in events} == {case.correlation}


@pytest.mark.parametrize("breaks", ["before", "after"])
def test_a_lost_answer_is_settled_by_asking(
    line: BreakingLine, isp: Node, account: ProviderAccount, connection: Connection, breaks: str
) -> None:
    sent = queued(isp, 1)
    line.breaks = breaks
    assert uploading.step(connection.pk) == Step.WAITING
    assert "没有连上" in fresh(connection).uploads_wait_because
    assert states(sent) == [State.UPLOADED]
    later(connection)
    more = queued(isp, 1, first=2)
    assert uploading.step(connection.pk) == Step.DONE
    assert states(sent + more) == [State.ACKNOWLEDGED, State.QUEUED]
    assert fresh(connection).uploads_wait_because == ""
    assert uploading.drain(connection.pk) == Step.IDLE
    assert at_bureau(account) == numbers(isp) == [1, 2]
    asked = Call.objects.filter(operation="isp_querypreviousupload").count()
    assert asked == 1


def test_the_first_contact_takes_over_the_bureaus_number(
    line: BreakingLine, isp: Node, account: ProviderAccount, connection: Connection
) -> None:
    line.upload(DOCUMENT, 1)
    line.upload(DOCUMENT + b" ", 2)
    Connection.objects.update(last_sequence=None)
    queued(isp, 1)
    assert uploading.step(connection.pk) == Step.DONE
    assert at_bureau(account) == [1, 2, 3]
    assert numbers(isp) == [3]


def test_a_bureau_that_is_ahead_is_followed_and_it_shows(
    line: BreakingLine, isp: Node, account: ProviderAccount, connection: Connection
) -> None:
    line.upload(DOCUMENT, 1)
    line.upload(DOCUMENT + b" ", 2)
    sent = queued(isp, 1)
    assert uploading.drain(connection.pk) == Step.IDLE
    assert states(sent) == [State.ACKNOWLEDGED]
    assert at_bureau(account) == [1, 2, 3]
    drift = Event.objects.get(subject_kind="connection", verb="drift")
    assert drift.data == {"ours": 0, "bureau": 2}


def test_a_bureau_that_lost_its_records_is_followed_and_the_lost_are_held(
    line: BreakingLine, isp: Node, account: ProviderAccount, connection: Connection
) -> None:
    lost, kept = queued(isp, 1, first=2), queued(isp, 1)
    Case.objects.filter(pk=lost[0].pk).update(state=State.VERIFIED)
    uploading.drain(connection.pk)
    cases.queue(isp, lost[0].pk, None)
    uploading.drain(connection.pk)
    ProviderAccount.objects.update(last_sequence=1)
    Upload.objects.filter(sequence=2).delete()
    new = queued(isp, 1, first=3)
    assert uploading.drain(connection.pk) == Step.IDLE
    assert states(kept + lost + new) == [State.ACKNOWLEDGED, State.HELD, State.ACKNOWLEDGED]
    assert at_bureau(account) == numbers(isp) == [1, 2]
    assert Outgoing.objects.filter(state=OutgoingState.FORGOTTEN).count() == 1
    assert "退回到1" in Case.objects.get(pk=lost[0].pk).held_because


def test_nobody_guesses_what_became_of_a_document_in_doubt(
    line: BreakingLine, isp: Node, account: ProviderAccount, connection: Connection
) -> None:
    """Ours may have arrived as number 1, or another system's did: only a person can find out."""
    sent = queued(isp, 1)
    line.breaks = "before"
    uploading.step(connection.pk)
    line.upload(DOCUMENT, 1)
    line.upload(DOCUMENT + b" ", 2)
    later(connection)
    assert uploading.step(connection.pk) == Step.STOPPED
    assert uploading.step(connection.pk) == Step.STOPPED
    assert fresh(connection).stopped
    assert "无法判断" in connection.stopped_because
    assert states(sent) == [State.UPLOADED]


def test_a_second_case_about_the_same_object_waits_for_the_first(
    line: BreakingLine, isp: Node, connection: Connection
) -> None:
    from enterprise.gateway import choosing

    first, second = queued(isp, 2)
    Case.objects.filter(pk=second.pk).update(subject=first.subject)
    assert uploading.drain(connection.pk) == Step.IDLE
    assert states([first, second]) == [State.ACKNOWLEDGED, State.QUEUED]
    second.refresh_from_db()
    assert choosing.waits_for(second) == first
    assert list(choosing.blocked(isp)) == [second]
    Case.objects.filter(pk=first.pk).update(state=State.FILED)
    assert uploading.drain(connection.pk) == Step.IDLE
    assert states([second]) == [State.ACKNOWLEDGED]


def test_a_case_that_asks_for_it_goes_alone(line: BreakingLine, isp: Node, connection: Connection) -> None:
    sent = queued(isp, 3)
    Case.objects.filter(pk=sent[1].pk).update(alone=True)
    uploading.drain(connection.pk)
    records = list(Outgoing.objects.order_by("sequence").values_list("records", flat=True))
    assert records == [2, 1]
    assert Case.objects.get(pk=sent[1].pk).document == Outgoing.objects.get(records=1)


def test_a_case_that_cannot_be_written_is_held_and_the_others_go(
    line: BreakingLine, isp: Node, connection: Connection
) -> None:
    sent = queued(isp, 3)
    sent[1].request["websites"][0]["name"] = "长" * 600
    sent[1].save(update_fields=["request"])
    uploading.drain(connection.pk)
    assert states(sent) == [State.ACKNOWLEDGED, State.HELD, State.ACKNOWLEDGED]
    sent[1].refresh_from_db()
    assert sent[1].held_because
    assert list(Outgoing.objects.values_list("sequence", "records")) == [(1, 2)]


def test_a_case_taken_out_of_the_queue_while_its_document_is_written_stays_out(
    line: BreakingLine, isp: Node, clerk: User, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    from enterprise.gateway import composing

    sent = queued(isp, 2)
    write = composing.document_of

    def slowly(*arguments: object) -> bytes:
        if Case.objects.get(pk=sent[0].pk).state == State.QUEUED:
            cases.unqueue(isp, sent[0].pk, clerk)
        return write(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(composing, "document_of", slowly)
    uploading.drain(connection.pk)
    assert states(sent) == [State.VERIFIED, State.ACKNOWLEDGED]
    assert Outgoing.objects.get().records == 1


def test_outside_the_hours_it_waits_for_the_opening_and_says_so(
    line: BreakingLine, isp: Node, account: ProviderAccount, connection: Connection
) -> None:
    here = timezone.localtime()
    account.hours_from, account.hours_to = time((here.hour + 2) % 24), time((here.hour + 3) % 24)
    account.save(update_fields=["hours_from", "hours_to"])
    sent = queued(isp, 1)
    assert uploading.step(connection.pk) == Step.WAITING
    assert f"{account.hours_from:%H:%M}" in fresh(connection).uploads_wait_because
    assert connection.uploads_wait_until is not None
    assert timezone.localtime(connection.uploads_wait_until).hour == account.hours_from.hour
    account.hours_from = account.hours_to = None
    account.save(update_fields=["hours_from", "hours_to"])
    later(connection)
    assert uploading.step(connection.pk) == Step.DONE
    assert states(sent) == [State.ACKNOWLEDGED]
    assert at_bureau(account) == [1]


def test_a_wrong_password_stops_everything_at_once(
    line: BreakingLine, isp: Node, account: ProviderAccount, connection: Connection
) -> None:
    queued(isp, 1)
    account.password = "another"
    account.save(update_fields=["password"])
    assert uploading.step(connection.pk) == Step.STOPPED
    assert uploading.step(connection.pk) == Step.STOPPED
    assert Call.objects.count() == 1
    assert fresh(connection).password_refused
    assert "核对认证密码" in connection.stopped_because


def test_only_one_process_has_the_turn(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    import psycopg2

    from enterprise.gateway.turns import UPLOADS
    from tests.interface.serving import database_url

    other = psycopg2.connect(database_url())
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [UPLOADS, connection.pk])
            assert uploading.step(connection.pk) == Step.BUSY
    finally:
        other.close()


def test_a_connection_that_is_switched_off_does_nothing(
    connection: Connection, isp: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued(isp, 1)
    Connection.objects.update(active=False)
    monkeypatch.setattr(calls, "client_of", None)
    assert uploading.step(connection.pk) == Step.OFF
