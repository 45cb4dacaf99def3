"""A fetched document, from the bytes that came to what they change."""

from __future__ import annotations

import base64
from typing import Any, Literal

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from beian import events, store
from beian.models import Node, User
from enterprise.applying import document as applying
from enterprise.gateway.calls import Line
from enterprise.models import Connection, Incoming, IncomingState
from interface.codec import PayloadError
from interface.codes import Code
from interface.documents.download import read_download
from interface.documents.parsing import DocumentDefect
from interface.documents.returns import FileInfo

SUBJECT = "incoming"
"""The subject kind of events about fetched documents."""

UNUSABLE = frozenset({int(Code.CANNOT_DECRYPT), int(Code.WRONG_HASH)})
"""Nothing that can be kept: damaged on the way, or under another key. It has to come again."""

MACHINE = (OperationalError, InterfaceError, OSError, MemoryError)
"""A database that went away, a full disk, no memory left: it is the same with any document, and passes."""

LONGEST_NAME = 255
"""No file system has longer ones."""

log = structlog.get_logger(__name__)


def keep(line: Line, provider: Node, file: FileInfo) -> Incoming:
    """Store what came; the same file again is the row that is there.

    What is whole but cannot be unpacked is kept as it came, and has `failed`. Raises `PayloadError` where
    nothing usable arrived (`UNUSABLE`). Its name has at most `LONGEST_NAME` characters.
    """
    try:
        with line.open_document(file) as document:
            return _kept(provider, file, document.read())
    except PayloadError as error:
        if error.code in UNUSABLE:
            raise
        return _kept(provider, file, _raw(file), problem=f"管局下发的文件不能打开：{error.reason}。")


def _raw(file: FileInfo) -> bytes:
    try:
        return base64.b64decode(file.content)
    except ValueError:
        return file.content.encode()


def _kept(provider: Node, file: FileInfo, content: bytes, problem: str = "") -> Incoming:
    record = store.put(content)
    with transaction.atomic():
        incoming, new = Incoming.objects.select_related("provider").get_or_create(
            provider=provider,
            file_name=file.file_name,
            content=record.sha256,
            defaults={
                "size": record.size,
                "readable": not problem,
                "problem": problem,
                "state": IncomingState.FAILED if problem else IncomingState.STORED,
            },
        )
        if new:
            tell(incoming, "fetched", size=record.size)
    return incoming


def apply(incoming: Incoming, actor: User | None = None) -> bool:
    """Apply a stored document; says whether that went well. One that cannot be applied has `failed`.

    One that the bureau knows to be here is done with then, others are `applied`. Errors of the machine
    (`MACHINE`) are no document's fault: they are raised, and nothing has changed.
    """
    try:
        with store.batch() as files:
            document = read_download(store.get(incoming.content), files.put)
        with transaction.atomic():
            read_again(incoming)
            applying.apply(incoming.provider, incoming, document)
            state = IncomingState.ACKNOWLEDGED if incoming.acknowledged_at else IncomingState.APPLIED
            _set(incoming, state, applied_at=timezone.now(), problem="", summary=applying.counts(document))
            tell(incoming, "applied", actor, **incoming.summary)
    except MACHINE:
        raise
    except DocumentDefect as defect:
        return _failed(incoming, f"文件不符合接口规范：{defect.message}")
    except store.Missing:
        return _failed(incoming, "文件内容已不在本机的文件存储中：请从备份恢复。")
    except Exception as error:
        # The traceback may show what stands in the document; the log must not.
        log.error("document_not_applied", incoming=incoming.pk, error=type(error).__name__, where=_where(error))
        return _failed(incoming, f"处理时出错（{type(error).__name__}，{_where(error)}），文件已保存，可以重新处理。")
    return True


def read_again(incoming: Incoming) -> None:
    """Lock a document for the rest of the transaction, and see how it stands by now.

    The connection is locked first, by everybody: two who lock in another order would wait for each other.
    """
    Connection.objects.select_for_update(no_key=True).filter(provider=incoming.provider_id).first()
    rows = Incoming.objects.select_related("provider").select_for_update(of=("self",), no_key=True)
    incoming.refresh_from_db(from_queryset=rows)


def tell(incoming: Incoming, verb: str, actor: User | None = None, **data: Any) -> None:
    """Append an event about a fetched document."""
    data = {"file_name": incoming.file_name, **data}
    events.record(SUBJECT, incoming.pk, verb, node=incoming.provider, actor=actor, data=data)


def _failed(incoming: Incoming, problem: str) -> Literal[False]:
    with transaction.atomic():
        read_again(incoming)
        _set(incoming, IncomingState.FAILED, problem=problem)
        tell(incoming, "failed", problem=problem)
    return False


def _set(incoming: Incoming, state: IncomingState, **changes: Any) -> None:
    incoming.state = state
    for name, value in changes.items():
        setattr(incoming, name, value)
    incoming.save(update_fields=["state", *changes])


def _where(error: Exception) -> str:
    """Name the innermost place of an error."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return f"{place.tb_frame.f_globals.get('__name__', '')}:{place.tb_lineno}" if place else ""
