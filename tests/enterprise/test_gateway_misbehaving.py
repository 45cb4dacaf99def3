"""A bureau that misbehaves: nothing is lost, nothing goes twice, no number is left out, and nothing blocks the rest."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from beian.models import Event, Node
from beian.records import CodeRecord, ResultRecord
from enterprise.gateway import calls, fetching, uploading
from enterprise.gateway.steps import Step
from enterprise.models import Call, Case, Connection, Incoming, IncomingState, Outgoing, OutgoingState
from enterprise.workflow import State
from interface.documents.download import write_results
from tests.enterprise import scripted_bureau as script
from tests.enterprise.gateways import later, numbers, queued, states
from tests.enterprise.scripted_bureau import Parcel, ScriptedBureau, code, digest, never, out_of_sequence, slow

pytestmark = pytest.mark.django_db

ARRIVED = [script.lost, script.garbage, script.empty, script.half, script.login_page, slow(1.5)]
NOT_ARRIVED = [never, script.proxy_page, script.fault]


@pytest.fixture
def bureau() -> Iterator[ScriptedBureau]:
    with script.scripted_bureau() as running:
        yield running


@pytest.fixture(autouse=True)
def _connected(bureau: ScriptedBureau, connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider's connection leads to the scripted bureau, and waits one second for an answer."""
    connection.endpoint = bureau.endpoint
    connection.save(update_fields=["endpoint"])
    client_of = calls.client_of
    monkeypatch.setattr(calls, "client_of", lambda connection, *_: client_of(connection, 1.0))


def fresh(connection: Connection) -> Connection:
    connection.refresh_from_db()
    return connection


def settle(connection: Connection, most: int = 200) -> int:
    """Go on, pause after pause, until the queue is done with; gives how many pauses that took."""
    for pauses in range(most):
        came_to = uploading.drain(connection.pk)
        if came_to in (Step.IDLE, Step.STOPPED):
            return pauses
        later(connection)
    raise AssertionError(f"never came to an end: {fresh(connection).uploads_wait_because}")


def go_on(connection: Connection, pauses: int) -> None:
    """Let so many pauses pass."""
    for _ in range(pauses):
        uploading.drain(connection.pk)
        later(connection)


def whereabouts(bureau: ScriptedBureau, cases: list[Case]) -> list[list[int]]:
    """Which cases stand in which accepted document, by their place in `cases`."""
    names = [case.request["sponsor"]["name"].encode("gbk") for case in cases]
    return [[place for place, name in enumerate(names) if name + b"<" in document] for document in bureau.documents()]


def assert_each_once(bureau: ScriptedBureau, isp: Node, cases: list[Case]) -> None:
    """No gap, no repeat, no loss."""
    assert sorted(bureau.accepted) == list(range(1, bureau.last + 1))
    assert numbers(isp) == sorted(bureau.accepted)
    assert sorted(place for document in whereabouts(bureau, cases) for place in document) == list(range(len(cases)))
    assert set(states(cases)) == {State.ACKNOWLEDGED}


@pytest.mark.parametrize("behaviour", [*ARRIVED, *NOT_ARRIVED])
def test_no_answer_leaves_the_fate_to_be_asked(
    bureau: ScriptedBureau, isp: Node, connection: Connection, behaviour: Any
) -> None:
    cases = queued(isp, 2)
    bureau.plan("isp_upload", behaviour)
    assert uploading.step(connection.pk) == Step.WAITING
    assert states(cases) == [State.UPLOADED] * 2
    assert "自动再试" in fresh(connection).uploads_wait_because
    later(connection)
    assert uploading.step(connection.pk) == Step.DONE
    assert_each_once(bureau, isp, cases)
    sent = [call for call in bureau.calls if call.operation == "isp_upload"]
    assert len(sent) == (1 if behaviour in ARRIVED else 2)
    assert Call.objects.filter(code=None).count() == 1


def test_whatever_comes_nothing_is_lost_or_doubled(bureau: ScriptedBureau, isp: Node, connection: Connection) -> None:
    chance = random.Random(20261122)
    cases: list[Case] = []
    behaviours = [*ARRIVED[:5], *NOT_ARRIVED, code(999), code(7), code(15), code(901)]
    for turn in range(12):
        cases += queued(isp, 2, first=1 + 2 * turn)
        bureau.plan("isp_upload", *chance.choices(behaviours, k=chance.randrange(3)))
        bureau.plan("isp_querypreviousupload", *chance.choices([*ARRIVED[:5], *NOT_ARRIVED], k=chance.randrange(2)))
        uploading.drain(connection.pk)
        later(connection)
    settle(connection)
    assert_each_once(bureau, isp, cases)


@pytest.mark.parametrize("number", [4, 6, 9, 10, 11, 12, 13, 15, 16, 19, 901, 777])
def test_trouble_of_the_connection_waits_with_the_same_document(
    bureau: ScriptedBureau, isp: Node, connection: Connection, number: int
) -> None:
    cases = queued(isp, 2)
    bureau.plan("isp_upload", code(number, "拒绝受理"), code(number, "拒绝受理"))
    pauses = []
    for _ in range(2):
        assert uploading.step(connection.pk) == Step.WAITING
        said = fresh(connection)
        assert str(number) in said.uploads_wait_because
        assert "拒绝受理" in said.uploads_wait_because
        assert said.uploads_wait_until is not None
        pauses.append(said.uploads_wait_until - timezone.now())
        later(connection)
    assert pauses[1] > pauses[0]
    assert uploading.step(connection.pk) == Step.DONE
    assert_each_once(bureau, isp, cases)
    assert len({call.parameters["beianInfoHash"] for call in bureau.calls}) == 1


@pytest.mark.parametrize("number", [-1, 2**31])
@pytest.mark.parametrize("operation", ["isp_upload", "isp_querypreviousupload", "isp_download"])
def test_a_code_that_is_none_is_no_answer(
    bureau: ScriptedBureau, isp: Node, connection: Connection, operation: str, number: int
) -> None:
    cases = queued(isp, 1)
    Connection.objects.update(last_sequence=None)
    bureau.plan(operation, code(number, "系统错误"))
    uploading.drain(connection.pk)
    fetching.step(connection.pk)
    noted = connection.calls.get(operation=operation, code=None)
    assert str(number) in noted.error
    assert "系统错误" in noted.error
    later(connection)
    settle(connection)
    assert_each_once(bureau, isp, cases)


def test_13_says_which_address_we_call_from(bureau: ScriptedBureau, isp: Node, connection: Connection) -> None:
    queued(isp, 1)
    bureau.plan("isp_upload", code(13, "非本省授权的报备单位"))
    uploading.step(connection.pk)
    assert "127.0.0.1" in fresh(connection).uploads_wait_because


def test_20_waits_for_the_opening_that_the_message_tells(
    bureau: ScriptedBureau, isp: Node, connection: Connection
) -> None:
    opens = timezone.localtime() + timedelta(hours=3)
    closes = opens + timedelta(hours=2)
    hours = f"报备时间为：{opens:%H:%M}-{closes:%H:%M}"
    cases = queued(isp, 1)
    bureau.plan("isp_upload", code(20, hours))
    assert uploading.step(connection.pk) == Step.WAITING
    said = fresh(connection)
    assert hours in said.uploads_wait_because
    assert said.uploads_wait_until is not None
    assert abs((said.uploads_wait_until - opens).total_seconds()) < 66
    later(connection)
    uploading.step(connection.pk)
    assert_each_once(bureau, isp, cases)


def test_5_is_never_tried_twice(bureau: ScriptedBureau, isp: Node, connection: Connection) -> None:
    queued(isp, 1)
    bureau.plan("isp_upload", code(5, "密码错误"))
    for _ in range(5):
        assert uploading.step(connection.pk) == Step.STOPPED
        assert fetching.step(connection.pk) == Step.STOPPED
        later(connection)
    assert len(bureau.calls) == 1


@pytest.mark.parametrize("number", [8, 17, 18])
def test_a_bad_document_is_divided_until_the_bad_case_is_alone(
    bureau: ScriptedBureau, isp: Node, connection: Connection, number: int
) -> None:
    cases = queued(isp, 8)
    bad = cases[5].request["sponsor"]["name"].encode("gbk")
    bureau.refuses = lambda call: number if bad + b"<" in call.document else None
    assert settle(connection) == 0, "it takes no pause"
    held = Case.objects.get(pk=cases[5].pk)
    assert held.state == State.HELD
    assert f"管局返回{number}“拒绝{number}”" in held.held_because
    assert_each_once(bureau, isp, cases[:5] + cases[6:])
    more = queued(isp, 1, first=20)
    uploading.drain(connection.pk)
    assert states(more) == [State.ACKNOWLEDGED]


@pytest.mark.parametrize("number", [7, 999])
def test_a_document_that_seems_to_be_at_fault_steps_aside_for_the_others(
    bureau: ScriptedBureau, isp: Node, connection: Connection, number: int
) -> None:
    cases = queued(isp, 6)
    bad = cases[2].request["sponsor"]["name"].encode("gbk")
    bureau.refuses = lambda call: number if bad + b"<" in call.document else None
    go_on(connection, 4)
    cases += queued(isp, 2, first=20)
    go_on(connection, 20)
    assert states(cases) == [State.ACKNOWLEDGED] * 2 + [State.HELD] + [State.ACKNOWLEDGED] * 5
    assert f"管局返回{number}" in Case.objects.get(pk=cases[2].pk).held_because
    assert_each_once(bureau, isp, cases[:2] + cases[3:])


def test_several_bad_cases_do_not_take_each_other_for_the_bureaus_trouble(
    bureau: ScriptedBureau, isp: Node, connection: Connection
) -> None:
    cases = queued(isp, 8)
    bad = [cases[place].request["sponsor"]["name"].encode("gbk") + b"<" for place in (1, 6)]
    bureau.refuses = lambda call: 999 if any(name in call.document for name in bad) else None
    go_on(connection, 40)
    # The last one under suspicion has nobody left to be compared with, until somebody new gets through.
    cases += queued(isp, 1, first=20)
    go_on(connection, 10)
    held = [place for place, state in enumerate(states(cases)) if state == State.HELD]
    assert held == [1, 6]
    assert_each_once(bureau, isp, [case for place, case in enumerate(cases) if place not in held])


def test_999_for_everything_is_the_bureaus_trouble(bureau: ScriptedBureau, isp: Node, connection: Connection) -> None:
    cases = queued(isp, 3)
    Case.objects.filter(pk=cases[2].pk).update(alone=True)
    bureau.refuses = lambda call: 999
    go_on(connection, 20)
    assert State.HELD not in states(cases)
    assert "999" in fresh(connection).uploads_wait_because
    bureau.refuses = lambda call: None
    settle(connection)
    assert_each_once(bureau, isp, cases)


def test_transit_damage_that_passes_costs_pauses_only(
    bureau: ScriptedBureau, isp: Node, connection: Connection
) -> None:
    cases = queued(isp, 2)
    bureau.plan("isp_upload", code(7), code(7))
    assert settle(connection) == 2
    assert_each_once(bureau, isp, cases)
    assert bureau.last == 1


def test_14_with_odd_numbers_is_settled_by_asking(bureau: ScriptedBureau, isp: Node, connection: Connection) -> None:
    cases = queued(isp, 1)
    bureau.plan("isp_upload", out_of_sequence(7, 9, 1_000_000))
    assert uploading.drain(connection.pk) == Step.WAITING
    assert "矛盾" in fresh(connection).uploads_wait_because
    settle(connection)
    assert_each_once(bureau, isp, cases)


def test_14_after_the_bureau_lost_its_records(bureau: ScriptedBureau, isp: Node, connection: Connection) -> None:
    lost = queued(isp, 1)
    settle(connection)
    bureau.forget_after(0)
    more = queued(isp, 1, first=2)
    settle(connection)
    assert states(lost + more) == [State.HELD, State.ACKNOWLEDGED]
    assert (sorted(bureau.accepted), numbers(isp)) == ([1], [1])
    assert Outgoing.objects.get(state=OutgoingState.FORGOTTEN).sequence == 1
    drift = Event.objects.get(subject_kind="connection", verb="drift")
    assert drift.data == {"ours": 1, "bureau": 0}


def test_an_answer_lost_by_a_bureau_that_then_lost_the_upload(
    bureau: ScriptedBureau, isp: Node, connection: Connection
) -> None:
    first = queued(isp, 1)
    settle(connection)
    cases = queued(isp, 1, first=2)
    bureau.plan("isp_upload", script.lost)
    uploading.step(connection.pk)
    bureau.forget_after(0)
    later(connection)
    settle(connection)
    assert states(first + cases) == [State.HELD, State.ACKNOWLEDGED]
    assert sorted(bureau.accepted) == [1]


def test_what_a_bureau_packs_anew_is_known_by_what_is_in_it(
    bureau: ScriptedBureau, isp: Node, connection: Connection
) -> None:
    """Another bureau's system may give back its own zip of what it accepted."""
    cases = queued(isp, 1)
    bureau.plan("isp_upload", script.lost)
    uploading.step(connection.pk)
    kept = bureau.accepted[1]
    packed = Parcel.of("other.xml", kept.document)
    kept.parameters["beianInfo"] = base64.b64encode(packed.content).decode()
    kept.parameters["beianInfoHash"] = packed.hash
    later(connection)
    assert uploading.step(connection.pk) == Step.DONE
    assert states(cases) == [State.ACKNOWLEDGED]
    assert bureau.last == 1


# The mailbox


@pytest.fixture
def at_bureau(bureau: ScriptedBureau, isp: Node, connection: Connection) -> list[Case]:
    """Three cases that the bureau has."""
    cases = queued(isp, 3)
    settle(connection)
    return cases


def answer(case: Case, number: int = 1002) -> bytes:
    result = ResultRecord(codes=(CodeRecord(code=number, description="说明"),), operation=1, subject=case.subject)
    return write_results([result])


def fetch(connection: Connection, most: int = 20) -> None:
    for _ in range(most):
        if fetching.step(connection.pk) == Step.IDLE:
            return
        later(connection)
    raise AssertionError(fresh(connection).downloads_wait_because)


@pytest.mark.parametrize("operation", ["isp_download", "isp_downloadack"])
@pytest.mark.parametrize("behaviour", [*ARRIVED, *NOT_ARRIVED])
def test_no_answer_to_a_fetch_costs_a_pause_only(
    bureau: ScriptedBureau, at_bureau: list[Case], connection: Connection, operation: str, behaviour: Any
) -> None:
    bureau.parcels.append(Parcel.of("P1", answer(at_bureau[0])))
    bureau.plan(operation, behaviour)
    assert fetching.step(connection.pk) == Step.WAITING
    later(connection)
    fetch(connection)
    assert states(at_bureau)[0] == State.REFUSED
    assert (bureau.acknowledged, bureau.parcels) == (["P1"], [])
    assert Incoming.objects.get().state == IncomingState.ACKNOWLEDGED


def wrong_hash(parcel: Parcel) -> None:
    parcel.hash = digest(b"something else")


def cut_short(parcel: Parcel) -> None:
    parcel.content = parcel.content[:-10]


@pytest.mark.parametrize("damage", [wrong_hash, cut_short])
def test_what_was_damaged_on_the_way_is_fetched_until_it_is_whole(
    bureau: ScriptedBureau, at_bureau: list[Case], connection: Connection, damage: Callable[[Parcel], None]
) -> None:
    parcel = Parcel.of("P1", answer(at_bureau[0]))
    damage(parcel)
    bureau.parcels.append(parcel)
    for _ in range(4):
        assert fetching.step(connection.pk) == Step.WAITING
        later(connection)
    assert "P1" in fresh(connection).downloads_wait_because
    assert bureau.acknowledged == []
    bureau.parcels[0] = Parcel.of("P1", answer(at_bureau[0]))
    fetch(connection)
    assert states(at_bureau)[0] == State.REFUSED


def unreadable(case: Case) -> Parcel:
    return Parcel("P1", b"no zip", digest(b"no zip"))


def no_document(case: Case) -> Parcel:
    return Parcel.of("P1", b"<html>no document</html>")


def not_of_the_schema(case: Case) -> Parcel:
    return Parcel.of("P1", answer(case).replace(b"<Czlx>1</Czlx>", b"<Czlx>99</Czlx>"))


@pytest.mark.parametrize("bad", [unreadable, no_document, not_of_the_schema])
def test_what_cannot_be_read_is_kept_and_the_next_is_read(
    bureau: ScriptedBureau, at_bureau: list[Case], connection: Connection, bad: Callable[[Case], Parcel]
) -> None:
    bureau.parcels += [bad(at_bureau[0]), Parcel.of("P2", answer(at_bureau[1]))]
    fetch(connection)
    first, second = Incoming.objects.order_by("pk")
    assert (first.state, second.state) == (IncomingState.FAILED, IncomingState.ACKNOWLEDGED)
    assert first.problem
    assert bureau.acknowledged == ["P1", "P2"]
    assert states(at_bureau)[:2] == [State.ACKNOWLEDGED, State.REFUSED]


def test_parcels_in_odd_order_and_repeated_change_what_they_say_once(
    bureau: ScriptedBureau, at_bureau: list[Case], connection: Connection
) -> None:
    documents = [answer(case) for case in at_bureau]
    bureau.parcels += [
        Parcel.of("P3", documents[2]),
        Parcel.of("P1", documents[0]),
        Parcel.of("P3", documents[2]),
        Parcel.of("P2", documents[1]),
        Parcel.of("P1", documents[0]),
        Parcel.of("P4", documents[1]),
    ]
    fetch(connection)
    assert states(at_bureau) == [State.REFUSED] * 3
    assert bureau.parcels == []
    heard = Event.objects.filter(subject_kind="case", verb="hear_refused")
    assert heard.count() == 3
    assert Incoming.objects.count() == 4


def test_a_name_used_again_for_something_else_is_another_document(
    bureau: ScriptedBureau, at_bureau: list[Case], connection: Connection
) -> None:
    bureau.parcels += [Parcel.of("P1", answer(at_bureau[0])), Parcel.of("P1", answer(at_bureau[1]))]
    fetch(connection)
    assert states(at_bureau)[:2] == [State.REFUSED] * 2
    assert Incoming.objects.count() == 2


@pytest.mark.parametrize("length", [129, 144, 255])
def test_a_long_name_is_acknowledged_as_it_is(
    bureau: ScriptedBureau, at_bureau: list[Case], connection: Connection, length: int
) -> None:
    name = "N" * (length - 4) + ".xml"
    bureau.parcels += [Parcel.of("P1", answer(at_bureau[0])), Parcel.of("P2", answer(at_bureau[1]))]
    bureau.parcels[0].name = name
    fetch(connection)
    assert bureau.acknowledged == [name, "P2"]
    kept = Incoming.objects.order_by("pk")
    assert [(each.file_name, each.problem) for each in kept] == [(name, ""), ("P2", "")]
    assert states(at_bureau)[:2] == [State.REFUSED] * 2


def test_a_name_that_is_too_long_to_keep_is_said_and_not_acknowledged(
    bureau: ScriptedBureau, at_bureau: list[Case], connection: Connection
) -> None:
    bureau.parcels.append(Parcel.of("P1", answer(at_bureau[0])))
    bureau.parcels[0].name = "N" * 256
    assert fetching.step(connection.pk) == Step.WAITING
    assert "文件名有256个字符" in fresh(connection).downloads_wait_because
    assert "没有向管局确认" in fresh(connection).downloads_wait_because
    assert (bureau.acknowledged, Incoming.objects.count()) == ([], 0)
    bureau.parcels[0].name = "P1"
    later(connection)
    fetch(connection)
    assert (bureau.acknowledged, fresh(connection).downloads_wait_because) == (["P1"], "")


def test_a_bureau_that_minds_no_acknowledgement_is_not_asked_without_a_pause(
    bureau: ScriptedBureau, at_bureau: list[Case], connection: Connection
) -> None:
    bureau.parcels.append(Parcel.of("P1", answer(at_bureau[0])))
    bureau.plan("isp_downloadack", *[code(0)] * 10)
    for _ in range(3):
        assert fetching.step(connection.pk) == Step.WAITING
        assert "P1" in fresh(connection).downloads_wait_because
        later(connection)
    assert len([call for call in bureau.calls if call.operation == "isp_download"]) == 4
    assert Event.objects.filter(subject_kind="incoming", verb="applied").count() == 1


def test_more_to_download_without_a_file_is_no_answer(bureau: ScriptedBureau, connection: Connection) -> None:
    bureau.plan("isp_download", code(3))
    assert fetching.step(connection.pk) == Step.WAITING
    assert len(bureau.calls) == 1


def test_a_bureau_that_never_takes_the_acknowledgement_is_shown(
    bureau: ScriptedBureau, at_bureau: list[Case], connection: Connection
) -> None:
    bureau.parcels.append(Parcel.of("P1", answer(at_bureau[0])))
    bureau.plan("isp_downloadack", code(999), code(999))
    assert fetching.step(connection.pk) == Step.WAITING
    assert "不认可" in fresh(connection).downloads_wait_because
    assert states(at_bureau)[0] == State.REFUSED
    later(connection)
    assert fetching.step(connection.pk) == Step.WAITING
    later(connection)
    fetch(connection)
    assert fresh(connection).downloads_wait_because == ""
    assert Event.objects.filter(subject_kind="incoming", verb="applied").count() == 1


@pytest.mark.parametrize("number", [4, 12, 13, 16, 902])
def test_trouble_of_the_mailbox_is_said_and_waited_for(
    bureau: ScriptedBureau, connection: Connection, number: int
) -> None:
    bureau.plan("isp_download", code(number, "拒绝受理"))
    assert fetching.step(connection.pk) == Step.WAITING
    assert str(number) in fresh(connection).downloads_wait_because
    later(connection)
    fetch(connection)
    assert fresh(connection).downloads_wait_because == ""
    assert fresh(connection).uploads_wait_because == ""
