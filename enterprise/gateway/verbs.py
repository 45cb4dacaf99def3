"""What people do with the connection: set its parameters, try it, and settle what only a person can.

All that pages need of the gateway stands here or is named in `__all__`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from beian import store
from beian.models import Role, User
from beian.services.refusals import Invalid, MovedOn
from enterprise import advice
from enterprise.gateway import composing, settling, waiting
from enterprise.gateway.calls import Line
from enterprise.gateway.fetching import apply_again
from enterprise.gateway.parameters import set_parameters
from enterprise.gateway.waiting import require
from enterprise.models import Call, Connection, Incoming, Outgoing, OutgoingState
from enterprise.workflow import STAFF
from interface.client import CallFailed
from interface.codes import Code
from interface.documents.returns import PlainReturn, Return, UploadReturn
from interface.wsdl import OPERATIONS

__all__ = [
    "NO_SUCH_FILE",
    "Attempt",
    "SequenceState",
    "apply_again",
    "go_on",
    "resolve_arrived",
    "resolve_resend",
    "sequence_state",
    "set_parameters",
    "test_call",
]

SUPERVISORS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
TEST_SECONDS = 15.0
"""How long a person waits for a call that is tried from the page."""

NO_SUCH_FILE = "TEST"
"""What is acknowledged in a test while nothing was acknowledged before: a name that no bureau gave."""

_NO_UPLOAD_YET = "还没有管局已接收的上报，无法测试上报：测试时重发最近已接收的那一份，不占用新的序号。"
_NOT_OURS = "管局最近接收的第{last}号文件不是由本系统上报的，本机没有它的内容，无法重发来测试。"
_BEING_SENT = "有文件正在上报，请等它有结果后再测试。"
_NO_DOUBT = "现在没有需要人工核实是否到达的上报文件，没有作任何改动。"
_ANOTHER = "需要核实的已经是另一份文件（第{number}号），没有作任何改动：请按现在的页面重新核实。"


@dataclass(frozen=True, slots=True)
class SequenceState:
    """How the numbers stand: ours, the bureau's (None where it gave no answer: `problem` says why).

    `sending` is the document on its way. `agree` is None where the bureau's number is not known, or an
    answer is awaited.
    """

    ours: int | None
    bureau: int | None
    sending: Outgoing | None
    problem: str = ""

    @property
    def agree(self) -> bool | None:
        """Whether both sides count alike."""
        if self.bureau is None or self.ours is None or self.sending is not None:
            return None
        return self.ours == self.bureau


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call that was tried, as it was written down, and what was answered; None where no answer came."""

    call: Call
    answer: Return | None


def go_on(connection: Connection, actor: User) -> Connection:
    """Try again now: nothing waits or is stopped any more. What has not changed will stop again."""
    require(actor, connection.provider, STAFF)
    with transaction.atomic():
        connection = waiting.lock(connection.pk)
        waiting.free(connection)
        waiting.tell(connection, "go_on", actor)
        return connection


def resolve_arrived(connection: Connection, actor: User, document: int) -> None:
    """Say that the document in doubt did arrive: it is accepted, and the bureau's number is asked for anew.

    `document` is the id of the one that the person was shown. Raises `NotAllowed`, `MovedOn`.
    """
    require(actor, connection.provider, SUPERVISORS)
    with transaction.atomic():
        locked = waiting.lock(connection.pk)
        outgoing = _in_doubt(locked, document)
        settling.accepted(locked.pk, outgoing.pk, outgoing.sent_at or timezone.now())
        locked.refresh_from_db()
        locked.last_sequence = None
        locked.save(update_fields=["last_sequence"])
        waiting.free(locked)
        waiting.tell(locked, "resolve_arrived", actor, sequence=outgoing.sequence)


def resolve_resend(connection: Connection, actor: User, document: int) -> None:
    """Say that the document in doubt did not arrive: it goes out again under the number that is next.

    `document` is the id of the one that the person was shown. Raises `NotAllowed`, `MovedOn`.
    """
    require(actor, connection.provider, SUPERVISORS)
    with transaction.atomic():
        locked = waiting.lock(connection.pk)
        outgoing = _in_doubt(locked, document)
        Outgoing.objects.filter(pk=outgoing.pk).update(in_doubt=False, tries=0, code=None)
        locked.last_sequence = None
        locked.save(update_fields=["last_sequence"])
        waiting.free(locked)
        waiting.tell(locked, "resolve_resend", actor, sequence=outgoing.sequence)


def sequence_state(connection: Connection, actor: User | None = None) -> SequenceState:
    """Ask the bureau for its last number and put ours beside it. A call over the network."""
    require(actor, connection.provider, STAFF)
    ours, sending = connection.last_sequence, composing.sending(connection.provider)
    try:
        answer = _line(connection, actor).previous_upload()
    except CallFailed as error:
        return SequenceState(ours, None, sending, advice.no_answer(error))
    if answer.code != Code.OK or answer.file is None:
        said = advice.say(answer.code, answer.message, endpoint=connection.endpoint)
        return SequenceState(ours, None, sending, said)
    return SequenceState(ours, answer.file.sequence, sending)


def test_call(connection: Connection, operation: str, actor: User, **arguments: Any) -> Attempt:
    """Try one of the six operations and give the call with what was answered; nothing is changed by it.

    `isp_upload` sends the last accepted document again, which takes no number; `isp_download` fetches
    without acknowledging, `isp_downloadack` repeats the last acknowledgement or gives a name that does
    not exist. `isp_querybeianstatus` takes `condition_type` and `condition`, `isp_verifybamm`
    `filing_number` and `password`. Raises `Invalid`, and `MovedOn` where no test is possible now.
    """
    require(actor, connection.provider, STAFF)
    if operation not in OPERATIONS:
        raise Invalid({"operation": ["没有这个接口。"]})
    line, answer = _line(connection, actor), None
    try:
        answer = _TESTS[operation](line, connection, arguments)
    except CallFailed:
        pass  # it is written down like any other
    except KeyError as error:
        raise Invalid({str(error.args[0]): ["请填写。"]}) from error
    call = Call.objects.filter(connection=connection, operation=operation, test=True).latest("pk")
    return Attempt(call, answer)


test_call.__test__ = False  # type: ignore[attr-defined]  # pytest would take it for one of its own


def _test_upload(line: Line, connection: Connection, _: dict[str, Any]) -> UploadReturn:
    if composing.sending(connection.provider):
        raise MovedOn(_BEING_SENT)
    answer = line.previous_upload()
    last = answer.file.sequence or 0 if answer.file else 0
    if answer.code == Code.OK and not last:
        raise MovedOn(_NO_UPLOAD_YET)
    if answer.code != Code.OK:
        said = advice.say(answer.code, answer.message, endpoint=connection.endpoint)
        raise MovedOn(f"测试前先查询最近受理的上报，未成功：{said}")
    rows = Outgoing.objects.filter(provider=connection.provider, state=OutgoingState.ACCEPTED, sequence=last)
    outgoing = rows.filter(removed_at=None).first()
    if outgoing is None:
        raise MovedOn(_NOT_OURS.format(last=last))
    return line.upload(line.pack(store.get(outgoing.content), outgoing.sequence), outgoing.sequence)


def _test_acknowledge(line: Line, connection: Connection, _: dict[str, Any]) -> PlainReturn:
    done = Incoming.objects.filter(provider=connection.provider).exclude(acknowledged_at=None)
    last = done.order_by("-acknowledged_at").first()
    return line.acknowledge(last.file_name if last else NO_SUCH_FILE)


_TESTS: dict[str, Any] = {
    "isp_upload": _test_upload,
    "isp_download": lambda line, connection, arguments: line.download(),
    "isp_downloadack": _test_acknowledge,
    "isp_querypreviousupload": lambda line, connection, arguments: line.previous_upload(),
    "isp_querybeianstatus": lambda line, connection, arguments: line.status(
        int(arguments["condition_type"]), arguments["condition"]
    ),
    "isp_verifybamm": lambda line, connection, arguments: line.verify_password(
        arguments["filing_number"], arguments["password"]
    ),
}


def _line(connection: Connection, actor: User | None) -> Line:
    return Line(connection, by=str(actor) if actor else "", seconds=TEST_SECONDS)


def _in_doubt(locked: Connection, document: int) -> Outgoing:
    """Give the document in doubt that stopped a locked connection. Raises `MovedOn` where it is not `document`."""
    outgoing = composing.sending(locked.provider)
    stopped = locked.stopped and not locked.password_refused
    if outgoing is None or not outgoing.in_doubt or not stopped:
        raise MovedOn(_NO_DOUBT)
    if outgoing.pk != document:
        raise MovedOn(_ANOTHER.format(number=outgoing.sequence))
    return outgoing
