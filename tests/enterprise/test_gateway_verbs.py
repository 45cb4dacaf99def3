"""What people do with the connection."""

from __future__ import annotations

import pytest
from django.db import connection as database

from beian import store
from beian.models import Event, Node, User
from beian.services.refusals import Invalid, MovedOn, NotAllowed
from enterprise.gateway import fetching, uploading, verbs
from enterprise.gateway.steps import Step
from enterprise.models import Call, Connection, Outgoing, OutgoingState
from enterprise.views.connection.loops import loops_of
from enterprise.workflow import State
from interface.models import ProviderAccount
from interface.wsdl import OPERATIONS
from tests.conftest import INTERFACE_PASSWORD
from tests.enterprise.gateways import at_bureau, in_process, later, numbers, queued, states
from tests.enterprise.test_gateway_uploads import BreakingLine
from tests.interface.calling import DOCUMENT

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch, account: ProviderAccount) -> BreakingLine:
    return in_process(monkeypatch, account, BreakingLine(account))  # type: ignore[return-value]


@pytest.fixture
def doubtful(line: BreakingLine, isp: Node, connection: Connection) -> Connection:
    """A connection that stopped: an answer was lost, and the bureau's last upload is another's."""
    queued(isp, 1)
    line.breaks = "before"
    uploading.step(connection.pk)
    line.upload(DOCUMENT, 1)
    line.upload(DOCUMENT + b" ", 2)
    Connection.objects.update(uploads_wait_until=None)
    assert uploading.step(connection.pk) == Step.STOPPED
    connection.refresh_from_db()
    return connection


def test_a_person_says_that_it_arrived(
    doubtful: Connection, isp: Node, account: ProviderAccount, office_supervisor: User
) -> None:
    verbs.resolve_arrived(doubtful, office_supervisor, Outgoing.objects.get().pk)
    assert numbers(isp) == [1]
    more = queued(isp, 1, first=2)
    assert uploading.drain(doubtful.pk) == Step.IDLE
    assert states(more) == [State.ACKNOWLEDGED]
    assert at_bureau(account) == [1, 2, 3]
    assert numbers(isp) == [1, 3]


def test_a_person_says_that_it_did_not(
    doubtful: Connection, isp: Node, account: ProviderAccount, office_supervisor: User
) -> None:
    verbs.resolve_resend(doubtful, office_supervisor, Outgoing.objects.get().pk)
    assert uploading.drain(doubtful.pk) == Step.IDLE
    assert at_bureau(account) == [1, 2, 3]
    assert numbers(isp) == [3]
    event = Event.objects.get(subject_kind="connection", verb="resolve_resend")
    assert event.actor == office_supervisor


def test_what_is_not_in_doubt_is_not_settled_by_hand(
    line: BreakingLine, isp: Node, connection: Connection, office_supervisor: User, clerk: User
) -> None:
    for verb in (verbs.resolve_arrived, verbs.resolve_resend):
        with pytest.raises(MovedOn):
            verb(connection, office_supervisor, 0)
        with pytest.raises(NotAllowed):
            verb(connection, clerk, 0)


def test_what_certainly_never_arrived_is_not_said_to_have(
    line: BreakingLine, isp: Node, connection: Connection, office_supervisor: User
) -> None:
    """A refusal is an answer: that its file is gone since is a stop of another kind."""
    sent = queued(isp, 1)
    ProviderAccount.objects.update(user_name="another")
    assert uploading.step(connection.pk) == Step.WAITING
    outgoing = Outgoing.objects.get()
    assert (outgoing.code, outgoing.in_doubt) == (4, False)
    store.remove(outgoing.content)
    later(connection)
    assert uploading.step(connection.pk) == Step.STOPPED
    for verb in (verbs.resolve_arrived, verbs.resolve_resend):
        with pytest.raises(MovedOn, match="没有作任何改动"):
            verb(connection, office_supervisor, outgoing.pk)
    assert states(sent) == [State.UPLOADED]
    assert numbers(isp) == []


def test_the_page_asks_about_a_doubt_as_soon_as_there_is_one(doubtful: Connection) -> None:
    assert loops_of(doubtful).uploads.help == "resolve"


def test_a_word_about_another_document_settles_nothing(
    doubtful: Connection, isp: Node, office_supervisor: User
) -> None:
    for verb in (verbs.resolve_arrived, verbs.resolve_resend):
        with pytest.raises(MovedOn, match="另一份文件（第1号）"):
            verb(doubtful, office_supervisor, Outgoing.objects.get().pk + 1)
    doubtful.refresh_from_db()
    assert (doubtful.stopped, numbers(isp)) == (True, [])


def test_a_corrected_password_lets_the_waiting_document_go(
    line: BreakingLine,
    isp: Node,
    account: ProviderAccount,
    connection: Connection,
    office_administrator: User,
) -> None:
    sent = queued(isp, 1)
    ProviderAccount.objects.update(password="issued anew")
    assert uploading.step(connection.pk) == Step.STOPPED
    assert fetching.step(connection.pk) == Step.STOPPED
    assert Call.objects.count() == 1
    ProviderAccount.objects.update(password=INTERFACE_PASSWORD)
    verbs.set_parameters(isp, office_administrator, password="issued anew")
    assert uploading.step(connection.pk) == Step.DONE
    assert states(sent) == [State.ACKNOWLEDGED]
    assert at_bureau(account) == [1]


def test_going_on_tries_again_at_once(line: BreakingLine, isp: Node, connection: Connection, clerk: User) -> None:
    queued(isp, 1)
    line.breaks = "before"
    assert [uploading.step(connection.pk) for _ in range(2)] == [Step.WAITING, Step.WAITING]
    verbs.go_on(connection, clerk)
    assert uploading.step(connection.pk) == Step.DONE


def test_strangers_and_sponsors_do_nothing(
    connection: Connection, isp: Node, outsider: User, sponsor_account: object, clerk: User
) -> None:
    for user in (outsider, sponsor_account.user):  # type: ignore[attr-defined]
        with pytest.raises(NotAllowed):
            verbs.go_on(connection, user)
        with pytest.raises(NotAllowed):
            verbs.test_call(connection, "isp_download", user)
        with pytest.raises(NotAllowed):
            verbs.sequence_state(connection, user)
    with pytest.raises(NotAllowed):
        verbs.set_parameters(isp, clerk, user_name="other")


def test_parameters_that_do_not_fit_are_named_all_at_once(isp: Node, office_administrator: User) -> None:
    with pytest.raises(Invalid) as caught:
        verbs.set_parameters(
            isp, office_administrator, endpoint="ftp://x", user_name="", password="𠮷", aes_key="short", encrypt=True,
            poll_seconds=0,
        )  # fmt: skip
    assert set(caught.value.errors) == {"endpoint", "user_name", "password", "aes_key", "encrypt", "poll_seconds"}
    assert not Connection.objects.exists()


def test_parameters_begin_a_connection_and_secrets_are_not_told(
    isp: Node, account: ProviderAccount, office_administrator: User
) -> None:
    given = {"endpoint": " http://127.0.0.1:9/x ", "user_name": "u", "password": "秘密"}
    connection = verbs.set_parameters(isp, office_administrator, **given)
    assert (connection.endpoint, connection.password, connection.last_sequence) == (
        "http://127.0.0.1:9/x",
        "秘密",
        None,
    )
    again = verbs.set_parameters(isp, office_administrator, password="", user_name="v")
    assert (again.pk, again.password, again.user_name) == (connection.pk, "秘密", "v")
    told = [event.data for event in Event.objects.filter(subject_kind="connection").order_by("pk")]
    assert told == [{"changed": ["endpoint", "password", "user_name"]}, {"changed": ["user_name"]}]
    with database.cursor() as cursor:
        cursor.execute("SELECT password FROM enterprise_connection")
        assert "秘密".encode() not in bytes(cursor.fetchone()[0])


ARGUMENTS = {
    "isp_querybeianstatus": {"condition_type": 0, "condition": "example1.cn"},
    "isp_verifybamm": {"filing_number": "粤ICP备2026000001号", "password": "12345678"},
}


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_each_operation_can_be_tried_and_changes_nothing(
    line: BreakingLine, isp: Node, account: ProviderAccount, connection: Connection, clerk: User, operation: str
) -> None:
    queued(isp, 1)
    uploading.drain(connection.pk)
    call = verbs.test_call(connection, operation, clerk, **ARGUMENTS.get(operation, {})).call
    assert (call.operation, call.test, call.by) == (operation, True, str(clerk))
    assert call.code in ((0, 2, 999) if operation == "isp_downloadack" else (0, 2))
    assert at_bureau(account) == numbers(isp) == [1]
    assert "12345678" not in f"{call.message}{call.error}"


def test_no_upload_can_be_tried_before_the_first(line: BreakingLine, connection: Connection, clerk: User) -> None:
    with pytest.raises(MovedOn, match="还没有"):
        verbs.test_call(connection, "isp_upload", clerk)
    assert not Call.objects.filter(operation="isp_upload").exists()


def test_an_argument_that_is_missing_is_named(line: BreakingLine, connection: Connection, clerk: User) -> None:
    with pytest.raises(Invalid) as caught:
        verbs.test_call(connection, "isp_verifybamm", clerk, filing_number="1")
    assert list(caught.value.errors) == ["password"]


def test_the_numbers_of_both_sides(
    line: BreakingLine, isp: Node, account: ProviderAccount, connection: Connection, clerk: User
) -> None:
    assert verbs.sequence_state(connection, clerk).agree is True
    line.upload(DOCUMENT, 1)
    state = verbs.sequence_state(connection, clerk)
    assert (state.ours, state.bureau, state.agree) == (0, 1, False)
    Outgoing.objects.create(provider=isp, sequence=1, state=OutgoingState.SENDING, size=1, records=1)
    assert verbs.sequence_state(connection, clerk).agree is None


def test_numbers_that_the_bureau_does_not_tell(line: BreakingLine, connection: Connection, clerk: User) -> None:
    ProviderAccount.objects.update(password="another")
    state = verbs.sequence_state(connection, clerk)
    assert (state.bureau, state.agree) == (None, None)
    assert "密码" in state.problem


def test_another_endpoint_learns_the_numbers_anew(
    line: BreakingLine, isp: Node, connection: Connection, office_administrator: User
) -> None:
    queued(isp, 1)
    uploading.drain(connection.pk)
    changed = verbs.set_parameters(isp, office_administrator, endpoint="http://127.0.0.1:9/other")
    assert changed.last_sequence is None
    queued(isp, 1, first=2)
    uploading.drain(connection.pk)
    assert numbers(isp) == [1, 2]
