"""A gateway that is killed at any step, over real SOAP: no number left out, nothing twice, nothing lost."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from pytest_django.live_server_helper import LiveServer

from beian.models import Event, Node
from beian.records import CodeRecord, FilingRecord, ResultRecord
from enterprise.gateway import fetching, uploading
from enterprise.gateway.steps import Step
from enterprise.models import Case, Connection, Incoming, IncomingState, Outgoing
from enterprise.services.contents import request_of
from enterprise.workflow import State
from interface.documents.upload import read_upload
from interface.models import Parcel, ProviderAccount, Upload
from interface.services import mailbox
from interface.services.uploads import open_document
from tests import builders
from tests.conftest import INTERFACE_PASSWORD
from tests.deaths.killing import kill_at
from tests.enterprise.gateways import later, numbers, queued, states
from tests.interface.calling import DOCUMENT
from tests.interface.in_process import InProcess

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.usefixtures("code_tables")]

NOTHING_WRITTEN = [
    "before enterprise.gateway.composing.document_of",
    "before enterprise.gateway.composing.move_all",
    "after enterprise.gateway.composing.number_within_document",
]
NOT_SENT = [
    "after enterprise.gateway.composing._put_under_a_number",
    "before enterprise.gateway.uploading._about_to_send",
    "after enterprise.gateway.uploading._about_to_send",
]
SENT = [
    "after http.client.HTTPConnection.request",
    "after enterprise.gateway.calls.Line.upload",
    "before enterprise.gateway.settling.accepted",
    "after enterprise.gateway.settling._settle",
]
SETTLED = ["after enterprise.gateway.settling.accepted"]
ASKING = [
    "before enterprise.gateway.calls.Line.previous_upload",
    "after enterprise.gateway.calls.Line.previous_upload",
    "after enterprise.gateway.uploading._is_ours",
]
NOT_STORED = [
    "after enterprise.gateway.calls.Line.download",
    "before enterprise.gateway.opening.tell",
]
STORED = [
    "after enterprise.gateway.opening.keep",
    "before enterprise.gateway.opening.applying.apply",
    "after enterprise.gateway.opening.applying.apply",
]
APPLIED = [
    "after enterprise.gateway.opening.apply",
    "before enterprise.gateway.calls.Line.acknowledge",
    "after enterprise.gateway.calls.Line.acknowledge",
    "after enterprise.gateway.fetching._acknowledged",
]


@pytest.fixture
def isp(account: ProviderAccount) -> Node:
    """The provider whose gateway dies."""
    return account.provider


@pytest.fixture
def connection(account: ProviderAccount, live_server: LiveServer) -> Connection:
    """Its connection to a bureau that listens."""
    return Connection.objects.create(
        provider=account.provider,
        endpoint=f"{live_server.url}/bureaus/440000",
        user_name=account.user_name,
        password=INTERFACE_PASSWORD,
        last_sequence=0,
    )


def go_on(connection: Connection) -> None:
    """What the next process does."""
    later(connection)
    end = time.monotonic() + 20
    while (came_to := uploading.drain(connection.pk)) != Step.IDLE:
        # PostgreSQL takes a moment to notice that a session is gone, and with it its turn.
        assert came_to == Step.BUSY, came_to
        assert time.monotonic() < end
        time.sleep(0.05)


def arrived() -> list[list[FilingRecord]]:
    """What the bureau has, document by document."""
    found = []
    for upload in Upload.objects.order_by("sequence"):
        with open_document(upload) as document:
            found.append(list(read_upload(document.read(), lambda data: builders.content(data)).new_filings))
    return found


def assert_each_once(isp: Node, cases: list[Case]) -> None:
    """No gap, no repeat, no loss."""
    at_bureau = list(Upload.objects.order_by("sequence").values_list("sequence", flat=True))
    assert at_bureau == numbers(isp) == list(range(1, len(at_bureau) + 1))
    subjects = Counter(filing.sponsor.provider_id for document in arrived() for filing in document)
    assert subjects == Counter(request_of(case).sponsor.provider_id for case in cases)
    assert set(states(cases)) == {State.ACKNOWLEDGED}
    verbs = Event.objects.filter(subject_kind="case", verb="acknowledge")
    assert Counter(verbs.values_list("subject", flat=True)) == Counter(str(case.pk) for case in cases)


@pytest.mark.parametrize("point", [*NOTHING_WRITTEN, *NOT_SENT, *SENT, *SETTLED])
def test_an_upload_goes_out_once(isp: Node, connection: Connection, point: str) -> None:
    cases = queued(isp, 2)
    kill_at(point, "gateway_upload", connection.pk)
    assert Outgoing.objects.count() == (point not in NOTHING_WRITTEN)
    if point in NOTHING_WRITTEN:
        assert states(cases) == [State.QUEUED] * 2
    cases += queued(isp, 1, first=3)
    go_on(connection)
    assert_each_once(isp, cases)


@pytest.mark.parametrize("point", ASKING)
def test_who_dies_while_asking_changes_nothing(isp: Node, connection: Connection, point: str) -> None:
    cases = queued(isp, 1)
    kill_at("after enterprise.gateway.calls.Line.upload", "gateway_upload", connection.pk)
    kill_at(point, "gateway_upload", connection.pk)
    assert states(cases) == [State.UPLOADED]
    go_on(connection)
    assert_each_once(isp, cases)


@pytest.mark.parametrize(
    "point",
    [
        "after enterprise.gateway.settling.noted",
        "before enterprise.gateway.settling.counted",
        "after enterprise.gateway.settling.counted",
        "after enterprise.gateway.settling.renumbered",
    ],
)
def test_drift_is_settled_once(
    isp: Node,
    account: ProviderAccount,
    connection: Connection,
    point: str,
) -> None:
    other_system = InProcess(account)
    for number in range(1, 5):
        other_system.upload(DOCUMENT + b" " * number, number)
    cases = queued(isp, 1)
    kill_at(point, "gateway_upload", connection.pk)
    go_on(connection)
    assert states(cases) == [State.ACKNOWLEDGED]
    assert numbers(isp) == [5]
    assert Event.objects.filter(subject_kind="connection", verb="drift").count() == 1


@pytest.mark.parametrize("point", [*NOT_STORED, *STORED, *APPLIED])
def test_a_result_is_heard_once(
    isp: Node,
    account: ProviderAccount,
    connection: Connection,
    point: str,
) -> None:
    (case,) = queued(isp, 1)
    go_on(connection)
    case.refresh_from_db()
    result = ResultRecord(codes=(CodeRecord(code=1002, description="说明"),), operation=1, subject=case.subject)
    mailbox.queue_result(account, result, about=f"case:{case.subject}")
    kill_at(point, "gateway_fetch", connection.pk)
    assert Incoming.objects.count() == (point not in NOT_STORED)
    assert states([case]) == [State.REFUSED if point in APPLIED else State.ACKNOWLEDGED]
    end = time.monotonic() + 20
    while fetching.step(connection.pk) == Step.BUSY:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert states([case]) == [State.REFUSED]
    assert Incoming.objects.get().state == IncomingState.ACKNOWLEDGED
    assert Parcel.objects.get().acknowledged_at is not None
    assert Event.objects.filter(subject_kind="case", verb="hear_refused").count() == 1
