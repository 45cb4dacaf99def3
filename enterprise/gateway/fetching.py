"""The fetch loop: download → verify → store → apply → acknowledge, in that order.

A document is kept as it came before anything is done with it, and acknowledged only when it is dealt with:
applied, or set aside as one that cannot be. Where the process died in between, the next one finds the row
and goes on from there. What the bureau orders to be done first holds its document back.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from beian.models import User
from beian.services.refusals import MovedOn, ServiceError
from enterprise import advice
from enterprise.gateway import opening, waiting
from enterprise.gateway.calls import Line
from enterprise.gateway.refusals import Treatment, treatment
from enterprise.gateway.steps import Step
from enterprise.gateway.turns import FETCHES, turn
from enterprise.gateway.waiting import require
from enterprise.models import Connection, Incoming, IncomingState
from enterprise.services import tasks
from enterprise.workflow import STAFF
from interface.client import CallFailed, NoAnswer
from interface.codec import PayloadError
from interface.codes import Code
from interface.documents.returns import FileInfo

MOST_AT_ONCE = 1000
_EMPTY = frozenset({1, int(Code.NOTHING_TO_DOWNLOAD)})
_MORE = 3
_HELD = "文件{name}要求先停止接入：有待办任务未处理完，处理完后系统向管局确认，并继续取回其后的文件。"
_HANDED_OUT_AGAIN = "管局又下发了已经确认过的文件{name}，已再次确认。"
_NAME_TOO_LONG = (
    "管局下发的文件，其文件名有{length}个字符（“{begins}…”），超过{most}个字符的不能保存："
    "没有向管局确认，请联系管局更正文件名。"
)
_MACHINE = "本机出现故障（{error}），文件没有处理，也没有任何改动：请检查磁盘空间、内存和数据库，稍后再试。"
_NOT_CONFIRMED = "管局不认可对文件{name}的确认（返回{code}“{message}”），却仍在下发它：稍后再试，多次出现时联系管局。"


def step(connection_id: int) -> Step:
    """Fetch until nothing waits, or something stands in the way."""
    with turn(FETCHES, connection_id) as mine:
        if not mine:
            return Step.BUSY
        for _ in range(MOST_AT_ONCE):
            if not (came_to := _round(connection_id)).goes_on:
                break
        return came_to


def step_when_due(connection_id: int) -> Step:
    """Do the same where it is time: after the polling interval, or while a document is not finished."""
    return step(connection_id) if _is_due(connection_id) else Step.IDLE


def apply_again(incoming_id: int, actor: User) -> Incoming:
    """Apply a document once more, by a person's hand: one that failed, say, until the program was put right.

    What was acknowledged is not acknowledged again. Raises `NotAllowed`, `MovedOn` where its content is gone,
    `ServiceError` where the machine is at fault: then nothing has changed.
    """
    incoming = Incoming.objects.select_related("provider").get(pk=incoming_id)
    require(actor, incoming.provider, STAFF)
    if incoming.removed_at is not None:
        raise MovedOn("这份文件的内容已超过保存期限，不能重新处理。")
    try:
        opening.apply(incoming, actor)
    except (OSError, MemoryError) as error:
        raise ServiceError(_MACHINE.format(error=type(error).__name__)) from error
    return incoming


def _is_due(connection_id: int) -> bool:
    connection = Connection.objects.select_related("provider").filter(pk=connection_id, active=True).first()
    if connection is None or waiting.downloads_until(connection):
        return False
    looked = waiting.last_look(connection)
    if looked is None or looked + timedelta(seconds=connection.poll_seconds) <= timezone.now():
        return True
    return _unfinished(connection) is not None


def _round(connection_id: int) -> Step:
    """Deal with one document."""
    connection = Connection.objects.select_related("provider").filter(pk=connection_id, active=True).first()
    if connection is None:
        return Step.OFF
    if connection.password_refused:
        return Step.STOPPED
    if waiting.downloads_until(connection):
        return Step.WAITING
    line = Line(connection)
    try:
        unfinished = _unfinished(connection)
        return _finish(line, connection, unfinished) if unfinished else _fetch(line, connection)
    except CallFailed as error:
        waiting.downloads(connection.pk, advice.no_answer(error))
        return Step.WAITING


def _unfinished(connection: Connection) -> Incoming | None:
    """Give the oldest document that is here and not acknowledged."""
    rows = Incoming.objects.select_related("provider").filter(provider=connection.provider)
    return rows.filter(acknowledged_at=None).order_by("pk").first()


def _fetch(line: Line, connection: Connection) -> Step:
    """Download the mailbox's oldest document and deal with it."""
    answer = line.download()
    if answer.code in _EMPTY:
        _looked(connection)
        return Step.IDLE
    if answer.code not in (Code.OK, _MORE):
        return _refused_call(connection, answer.code, answer.message)
    if answer.file is None:
        raise NoAnswer(f"isp_download answered {answer.code} without a file")
    if len(answer.file.file_name) > opening.LONGEST_NAME:
        waiting.downloads(connection.pk, _name_too_long(answer.file.file_name))
        return Step.WAITING
    try:
        incoming = opening.keep(line, connection.provider, answer.file)
    except PayloadError as error:
        waiting.downloads(connection.pk, _unusable(answer.file, error))
        return Step.WAITING
    _looked(connection)
    if incoming.acknowledged_at is None:
        return _finish(line, connection, incoming)
    return _acknowledge_again(line, connection, incoming)


def _acknowledge_again(line: Line, connection: Connection, incoming: Incoming) -> Step:
    """Acknowledge what was acknowledged before; a bureau that never minds is not asked without a pause."""
    if (came_to := _acknowledge(line, connection, incoming)) == Step.DONE:
        until = timezone.now() + timedelta(seconds=connection.poll_seconds)
        waiting.downloads(connection.pk, _HANDED_OUT_AGAIN.format(name=incoming.file_name), until=until)
        return Step.WAITING
    return came_to


def _finish(line: Line, connection: Connection, incoming: Incoming) -> Step:
    """Apply a stored document, unless that was done, and acknowledge it."""
    if incoming.state == IncomingState.STORED:
        opening.apply(incoming)
    if tasks.holding(incoming):
        _hold(connection, incoming)
        return Step.HELD
    return _acknowledge(line, connection, incoming)


def _acknowledge(line: Line, connection: Connection, incoming: Incoming) -> Step:
    answer = line.acknowledge(incoming.file_name)
    if answer.code == Code.OK:
        _acknowledged(connection, incoming)
        return Step.DONE
    if treatment(answer.code) in (Treatment.WAIT, Treatment.STOP) or answer.code == Code.DOWNLOAD_CLOSED:
        return _refused_call(connection, answer.code, answer.message)
    return _is_it_still_there(line, connection, incoming, answer.code, answer.message)


def _is_it_still_there(line: Line, connection: Connection, incoming: Incoming, code: int, message: str) -> Step:
    """See whether a bureau that refuses the acknowledgement still hands the document out; if not, it is done."""
    answer = line.download()
    known = answer.code in _EMPTY or (answer.code == Code.OK and answer.file is not None)
    if known and (answer.file is None or answer.file.file_name != incoming.file_name):
        _acknowledged(connection, incoming)
        return Step.DONE
    because = _NOT_CONFIRMED.format(name=incoming.file_name, code=code, message=message)
    waiting.downloads(connection.pk, because)
    return Step.WAITING


def _acknowledged(connection: Connection, incoming: Incoming) -> None:
    """Note that the bureau knows. What failed stays failed, so that it is seen and applied again."""
    with transaction.atomic():
        locked = waiting.lock(connection.pk)
        opening.read_again(incoming)
        incoming.acknowledged_at = timezone.now()
        if incoming.state != IncomingState.FAILED:
            incoming.state = IncomingState.ACKNOWLEDGED
        incoming.save(update_fields=["acknowledged_at", "state"])
        opening.tell(incoming, "acknowledged")
        if locked.held_because:
            locked.held_because = ""
            locked.save(update_fields=["held_because"])
        waiting.downloads_go_on(locked)


def _hold(connection: Connection, incoming: Incoming) -> None:
    """Keep a document unacknowledged until its tasks are done, and say so."""
    because = _HELD.format(name=incoming.file_name)
    with transaction.atomic():
        locked = waiting.lock(connection.pk)
        opening.read_again(incoming)
        if incoming.state == IncomingState.APPLIED:
            incoming.state = IncomingState.HELD
            incoming.save(update_fields=["state"])
            opening.tell(incoming, "held")
        if locked.held_because != because:
            locked.held_because = because
            locked.save(update_fields=["held_because"])


def _looked(connection: Connection) -> None:
    """Note that the mailbox answered now."""
    with transaction.atomic():
        locked = waiting.lock(connection.pk)
        waiting.downloads_go_on(locked)
        locked.last_looked_at = timezone.now()
        locked.save(update_fields=["last_looked_at"])


def _refused_call(connection: Connection, code: int, message: str) -> Step:
    because = advice.say(code, message, endpoint=connection.endpoint)
    if treatment(code) == Treatment.STOP:
        waiting.stop(connection.pk, because, password=True)
        return Step.STOPPED
    waiting.downloads(connection.pk, because)
    return Step.WAITING


def _name_too_long(name: str) -> str:
    return _NAME_TOO_LONG.format(length=len(name), begins=name[:40], most=opening.LONGEST_NAME)


def _unusable(file: FileInfo, error: PayloadError) -> str:
    """Say why nothing readable arrived: the same document is fetched again."""
    return (
        f"取回的文件{file.file_name}不能使用：{error.reason}。{advice.advise(error.code)}没有向管局确认，将再次取回。"
    )
