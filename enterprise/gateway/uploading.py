"""The upload queue: one round of it.

What is sent stands in the database first, under its number, and only the bureau's word settles it. So a
process may die anywhere: whoever comes next finds a document that is being sent, and asks the bureau for the
last one it accepted before sending the same bytes again under the same number.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from beian import store
from enterprise import advice
from enterprise.gateway import settling, waiting
from enterprise.gateway.calls import Line
from enterprise.gateway.composing import compose, sending
from enterprise.gateway.refusals import FAULTS, Treatment, opening, treatment
from enterprise.gateway.steps import Step
from enterprise.gateway.turns import UPLOADS, turn
from enterprise.models import Connection, Outgoing
from interface.client import CallFailed, NoAnswer
from interface.codec import PayloadError, canonical_hash
from interface.codes import Code
from interface.documents.returns import FileInfo, UploadReturn

_IN_DOUBT = (
    "第{number}号文件发出后没有得到应答，而管局最近受理的是第{last}号，不是这份文件：它是否到达无法判断。"
    "请在管局的系统中（或向管局）核实后选择“已到达”或“未到达，重新上报”。"
)
_FILE_GONE = "第{number}号文件的内容已不在本机的文件存储中，无法上报：请从备份恢复文件存储，再继续。"
_CONTRADICTION = "管局对第{number}号文件返回14，却又说最近受理的是第{last}号：两者矛盾，稍后再试，多次出现时联系管局。"


def step(connection_id: int) -> Step:
    """Do one round: settle the document on its way, or send the next one."""
    with turn(UPLOADS, connection_id) as mine:
        return _round(connection_id) if mine else Step.BUSY


def drain(connection_id: int, most: int = 1000) -> Step:
    """Do rounds until nothing can go out now; gives what the last one came to."""
    for _ in range(most):
        if not (came_to := step(connection_id)).goes_on:
            break
    return came_to


def _round(connection_id: int) -> Step:
    connection = Connection.objects.select_related("provider").filter(pk=connection_id, active=True).first()
    if connection is None:
        return Step.OFF
    if connection.stopped:
        return Step.STOPPED
    if waiting.uploads_until(connection):
        return Step.WAITING
    line = Line(connection)
    try:
        return _settle_or_send(line, connection)
    except CallFailed as error:
        waiting.uploads(connection.pk, advice.no_answer(error))
        return Step.WAITING


def _settle_or_send(line: Line, connection: Connection) -> Step:
    outgoing = sending(connection.provider)
    if _must_ask(connection, outgoing) and (settled := _ask(line, connection, outgoing)):
        return settled
    outgoing = outgoing or compose(Connection.objects.select_related("provider").get(pk=connection.pk))
    if outgoing is None:
        _nothing_to_do(connection)
        return Step.IDLE
    return _send(line, connection, outgoing)


def _must_ask(connection: Connection, outgoing: Outgoing | None) -> bool:
    """Say whether only the bureau knows how the numbers stand."""
    if connection.last_sequence is None:
        return True
    return outgoing is not None and (_answer_lost(outgoing) or outgoing.code == Code.OUT_OF_SEQUENCE)


def _answer_lost(outgoing: Outgoing) -> bool:
    return outgoing.tries > 0 and outgoing.code is None


def _ask(line: Line, connection: Connection, outgoing: Outgoing | None) -> Step | None:
    """Ask for the upload last accepted and settle by it; None where sending may go on at once."""
    answer = line.previous_upload()
    if answer.code != Code.OK:
        return _refused_call(connection, answer.code, answer.message)
    if answer.file is None or answer.file.sequence is None:
        raise NoAnswer("isp_querypreviousupload answered 0 without a number")
    last = answer.file.sequence
    if outgoing is None:
        _adopt(connection, last, "first_contact")
        return None
    return _settle_by(line, connection, outgoing, answer.file, last)


def _settle_by(line: Line, connection: Connection, outgoing: Outgoing, file: FileInfo, last: int) -> Step | None:
    number, doubtful = outgoing.sequence, outgoing.in_doubt or _answer_lost(outgoing)
    if last == number and _is_ours(line, outgoing, file):
        settling.accepted(connection.pk, outgoing.pk, outgoing.sent_at or timezone.now())
        return Step.DONE
    if last == number - 1:
        if connection.last_sequence is None:
            _adopt(connection, last, "first_contact")
        if outgoing.code != Code.OUT_OF_SEQUENCE:
            return None
        settling.noted(outgoing, Code.OTHER, outgoing.message)
        waiting.uploads(connection.pk, _CONTRADICTION.format(number=number, last=last))
        return Step.WAITING
    if last >= number and doubtful:
        _stop_in_doubt(connection, outgoing, last)
        return Step.STOPPED
    with transaction.atomic():
        waiting.tell(connection, "drift", ours=number - 1, bureau=last)
        settling.renumbered(connection.pk, outgoing.pk, last)
    return Step.AGAIN


def _stop_in_doubt(connection: Connection, outgoing: Outgoing, last: int) -> None:
    """Stop until a person says what became of a document; from then on only that or the bureau's word settles it."""
    with transaction.atomic():
        outgoing.in_doubt = True
        outgoing.save(update_fields=["in_doubt"])
        waiting.stop(connection.pk, _IN_DOUBT.format(number=outgoing.sequence, last=last))


def _is_ours(line: Line, outgoing: Outgoing, file: FileInfo) -> bool:
    """Compare the bureau's last document with ours: by its hash, else by what is in it."""
    if outgoing.payload_hash and canonical_hash(file.hash) == canonical_hash(outgoing.payload_hash):
        return True
    try:
        with line.open_document(file) as document:
            return document.read() == store.get(outgoing.content)
    except (PayloadError, store.Missing):
        return False


def _adopt(connection: Connection, last: int, verb: str) -> None:
    """Take over the bureau's number where we have none."""
    with transaction.atomic():
        locked = waiting.lock(connection.pk)
        settling.counted(locked, last)
        waiting.tell(locked, verb, bureau=last)


def _send(line: Line, connection: Connection, outgoing: Outgoing) -> Step:
    try:
        payload = line.pack(store.get(outgoing.content), outgoing.sequence)
    except store.Missing:
        waiting.stop(connection.pk, _FILE_GONE.format(number=outgoing.sequence))
        return Step.STOPPED
    _about_to_send(outgoing, payload.hash)
    return _settle(connection, outgoing, line.upload(payload, outgoing.sequence))


def _about_to_send(outgoing: Outgoing, payload_hash: str) -> None:
    """Write down that it may arrive from now on. Committed before the first byte leaves."""
    outgoing.in_doubt = outgoing.in_doubt or _answer_lost(outgoing)
    outgoing.tries, outgoing.code, outgoing.sent_at = outgoing.tries + 1, None, timezone.now()
    outgoing.payload_hash = payload_hash
    outgoing.save(update_fields=["in_doubt", "tries", "code", "sent_at", "payload_hash"])


def _settle(connection: Connection, outgoing: Outgoing, answer: UploadReturn) -> Step:
    """Do what the answer to a send asks for."""
    match treatment(answer.code):
        case Treatment.ACCEPTED:
            settling.accepted(connection.pk, outgoing.pk, timezone.now(), code=answer.code)
            return Step.DONE
        case Treatment.ASK:
            settling.noted(outgoing, answer.code, answer.message)
            return Step.AGAIN
        case Treatment.BAD:
            settling.bad(connection.pk, outgoing.pk, answer.code, advice.say(answer.code, answer.message))
            return Step.AGAIN
        case Treatment.PERHAPS:
            return _perhaps(connection, outgoing, answer)
    settling.noted(outgoing, answer.code, answer.message)
    return _refused_call(connection, answer.code, answer.message)


def _perhaps(connection: Connection, outgoing: Outgoing, answer: UploadReturn) -> Step:
    """The fault may be the document's: after some tries it steps aside, and others show whose it is.

    Where those fail likewise it is the bureau's trouble, and everything waits.
    """
    because = advice.say(answer.code, answer.message)
    settling.noted(outgoing, answer.code, answer.message, faults=outgoing.faults + 1)
    if outgoing.faults >= FAULTS and not settling.unclear(connection.pk, outgoing.pk, answer.code, because):
        return Step.AGAIN
    waiting.uploads(connection.pk, because)
    return Step.WAITING


def _refused_call(connection: Connection, code: int, message: str) -> Step:
    """The connection's trouble: wait, or stop, and say why."""
    because = advice.say(code, message, endpoint=connection.endpoint)
    match treatment(code):
        case Treatment.STOP:
            waiting.stop(connection.pk, because, password=True)
            return Step.STOPPED
        case Treatment.OPENING:
            waiting.uploads(connection.pk, because, until=opening(message))
        case _:
            waiting.uploads(connection.pk, because)
    return Step.WAITING


def _nothing_to_do(connection: Connection) -> None:
    """Whatever the queue waited for, nothing waits any more."""
    if connection.uploads_wait_because:
        with transaction.atomic():
            waiting.uploads_go_on(waiting.lock(connection.pk))
