"""From cases in the queue to a document with a number: written down before anything is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from beian import events, store
from beian.models import Node
from enterprise.gateway import choosing, waiting
from enterprise.gateway.choosing import Batch
from enterprise.gateway.moving import lock_cases, move_all, number_within_document
from enterprise.models import Case, Connection, Outgoing, OutgoingState, Portion, PortionState
from enterprise.services.contents import request_of
from enterprise.services.writing import document_of, problems
from enterprise.workflow import State
from interface.codec import MAX_DOCUMENT
from interface.documents.writing import CannotExpress

SUBJECT = "outgoing"
"""The subject kind of events about documents for the bureau."""

_TOO_LARGE = "本件写成上报文件后超过50MB，不能上报：请压缩附件后重新提交。"
_UNWRITABLE = "本件不能写成上报文件，请核对内容后重新提交。"


def compose(connection: Connection) -> Outgoing | None:
    """Write the next document under the next number; None where nothing waits.

    A case that cannot be written is held, with the reason, and the others go on without it.
    """
    while (batch := choosing.next_batch(connection.provider)) is not None:
        if (written := _written(connection.provider, batch)) and (
            outgoing := _put_under_a_number(connection, *written)
        ):
            return outgoing
    return None


def _written(provider: Node, batch: Batch) -> tuple[Batch, bytes] | None:
    """Write a batch, or as much of it as fits; None where cases had to be held because they cannot be written."""
    try:
        document = document_of(provider, [(case.kind, request_of(case)) for case in batch.cases])
    except (CannotExpress, store.Missing):
        _hold_unwritable(provider, batch)
        return None
    if len(document) <= MAX_DOCUMENT:
        return batch, document
    if len(batch.cases) == 1:
        hold(provider, batch.ids, _TOO_LARGE, before=State.QUEUED)
        return None
    # What is left of it is queued, and in no portion once this is written.
    return _written(provider, replace(batch, cases=batch.cases[: len(batch.cases) // 2]))


def _hold_unwritable(provider: Node, batch: Batch) -> None:
    """Hold the cases of a batch that cannot be written; all of it where only the whole cannot."""
    found = {case.pk: "；".join(problems(provider, case)) for case in batch.cases}
    bad = {pk: said for pk, said in found.items() if said}
    for pk, because in (bad or dict.fromkeys(found, _UNWRITABLE)).items():
        hold(provider, [pk], because, before=State.QUEUED)


def hold(provider: Node, ids: Sequence[int], because: str, *, before: State) -> None:
    """Take cases in state `before` out of the way, with the reason. Those that moved on stay where they are."""
    with transaction.atomic():
        cases = [case for case in lock_cases(provider, ids) if case.state == before]
        move_all(provider, cases, "hold", data={"because": because}, held_because=because)


def _put_under_a_number(connection: Connection, batch: Batch, document: bytes) -> Outgoing | None:
    """Write document, number and cases in one transaction; None where a case moved on meanwhile."""
    content = store.put(document)
    with transaction.atomic():
        connection = waiting.lock(connection.pk)
        cases = lock_cases(connection.provider, batch.ids)
        if _changed(batch.cases, cases):
            return None
        outgoing = Outgoing.objects.create(
            provider=connection.provider,
            sequence=(connection.last_sequence or 0) + 1,
            content=content.sha256,
            size=content.size,
            records=len(cases),
            accused=bool(batch.portion and batch.portion.state == PortionState.ACCUSED),
        )
        move_all(
            connection.provider,
            cases,
            "upload",
            data={"sequence": outgoing.sequence, "document": outgoing.pk},
            document=outgoing,
            uploaded_at=timezone.now(),
            held_because="",
        )
        number_within_document(batch.ids)
        if batch.portion:
            batch.portion.delete()
        tell(outgoing, "written", records=len(cases), size=content.size)
    return outgoing


def _changed(before: Sequence[Case], now: Sequence[Case]) -> bool:
    return [(case.pk, case.version) for case in before] != [(case.pk, case.version) for case in now]


def tell(outgoing: Outgoing, verb: str, **data: object) -> None:
    """Append an event about a document for the bureau."""
    events.record(SUBJECT, outgoing.pk, verb, node=outgoing.provider, data={"sequence": outgoing.sequence, **data})


def portions(outgoing: Outgoing, parts: Sequence[Sequence[int]], state: PortionState) -> None:
    """Let parts of a document go out again as documents of their own."""
    Portion.objects.bulk_create(
        Portion(provider=outgoing.provider, document=outgoing, state=state, cases=list(part)) for part in parts if part
    )


def sending(provider: Node) -> Outgoing | None:
    """Give the document that is being sent, if there is one."""
    return Outgoing.objects.select_related("provider").filter(provider=provider, state=OutgoingState.SENDING).first()
