"""What became of a document: accepted; refused as a whole or in part; under another number.

Each of these is one transaction, and does nothing to a document that is settled already.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from beian.calendar import deadline
from enterprise.gateway import waiting
from enterprise.gateway.choosing import halves
from enterprise.gateway.composing import portions, tell
from enterprise.gateway.moving import lock_cases, move_all
from enterprise.models import Case, Connection, Outgoing, OutgoingState, Portion, PortionState
from enterprise.services import notices
from enterprise.workflow import State

_LONGEST = 1024
_NOWHERE = {"document": None, "ordinal": None, "uploaded_at": None}


def accepted(connection_id: int, outgoing_id: int, moment: datetime, *, code: int | None = None) -> None:
    """Take note that the bureau has a document, since `moment`: its clock of twenty working days runs."""
    with _open(connection_id, outgoing_id) as (connection, outgoing):
        if outgoing is None:
            return
        _settle(outgoing, OutgoingState.ACCEPTED, code)
        cases = _cases(outgoing)
        due = deadline(moment)
        data = {"sequence": outgoing.sequence}
        move_all(outgoing.provider, cases, "acknowledge", data=data, acknowledged_at=moment, decision_due=due)
        notices.tell_all_uploaded(outgoing.provider, [case.pk for case in cases])
        connection.last_sequence = outgoing.sequence
        connection.save(update_fields=["last_sequence"])
        waiting.uploads_go_on(connection)
        _portions(outgoing, PortionState.SUSPECT).update(state=PortionState.ACCUSED)
        tell(outgoing, "accepted", records=len(cases))


def noted(outgoing: Outgoing, code: int, message: str, **changes: Any) -> None:
    """Note a definite answer to the last send, which leaves the document as it is."""
    outgoing.code, outgoing.message = code, message[:_LONGEST]
    for name, value in changes.items():
        setattr(outgoing, name, value)
    outgoing.save(update_fields=["code", "message", *changes])


def bad(connection_id: int, outgoing_id: int, code: int, because: str) -> None:
    """Take a document back that the bureau called bad: in two halves, or its only case is held."""
    with _open(connection_id, outgoing_id) as (_, outgoing):
        if outgoing is not None:
            _divided(outgoing, code, because, PortionState.PART)


def unclear(connection_id: int, outgoing_id: int, code: int, because: str) -> bool:
    """Take a document back that failed for a reason that may be the bureau's; says whether others fail too.

    It is to blame where it failed before and another got through since. Otherwise it waits until one does.
    """
    with _open(connection_id, outgoing_id) as (_, outgoing):
        if outgoing is None:
            return False
        if outgoing.accused:
            _portions(outgoing, PortionState.ACCUSED).update(state=PortionState.SUSPECT)
            _divided(outgoing, code, because, PortionState.SUSPECT)
            return False
        others = bool(_portions(outgoing, PortionState.SUSPECT).exists())
        ids = _requeued(outgoing)
        _settle(outgoing, OutgoingState.REPLACED, code)
        portions(outgoing, [ids], PortionState.SUSPECT)
        tell(outgoing, "suspected", code=code, because=because)
        return others


def renumbered(connection_id: int, outgoing_id: int, last: int) -> None:
    """Give a document that certainly did not arrive the number after `last`, the bureau's own last one."""
    with _open(connection_id, outgoing_id) as (connection, outgoing):
        if outgoing is None:
            return
        before = outgoing.sequence
        counted(connection, last)
        outgoing.sequence = last + 1
        outgoing.tries, outgoing.faults, outgoing.in_doubt, outgoing.code = 0, 0, False, None
        outgoing.save(update_fields=["sequence", "tries", "faults", "in_doubt", "code"])
        cases = _cases(outgoing)
        tell(outgoing, "renumbered", before=before, records=len(cases))


def counted(connection: Connection, last: int) -> None:
    """Take over the bureau's own last number on a locked connection; what it no longer has it has forgotten.

    Cases that wait for an answer to a forgotten document are held: a person finds out what became of them.
    """
    connection.last_sequence = last
    connection.save(update_fields=["last_sequence"])
    lost = list(
        Outgoing.objects.select_for_update(of=("self",))
        .select_related("provider")
        .filter(provider=connection.provider, state=OutgoingState.ACCEPTED, sequence__gt=last)
        .order_by("pk")
    )
    for outgoing in lost:
        outgoing.state = OutgoingState.FORGOTTEN
        outgoing.save(update_fields=["state"])
        because = (
            f"管局最近受理的序号退回到{last}，本件所在的第{outgoing.sequence}号文件在管局可能已无记录。"
            "请与管局核实：没有收到的，重新排队上报。"
        )
        ids = outgoing.cases.filter(state=State.ACKNOWLEDGED).order_by("pk").values_list("pk", flat=True)
        cases = [case for case in lock_cases(connection.provider, list(ids)) if case.state == State.ACKNOWLEDGED]
        move_all(connection.provider, cases, "hold", data={"because": because}, held_because=because)
        tell(outgoing, "forgotten", records=len(cases))


@contextmanager
def _open(connection_id: int, outgoing_id: int) -> Iterator[tuple[Connection, Outgoing | None]]:
    """Lock a connection and its document within a transaction; None where the document is settled."""
    with transaction.atomic():
        connection = waiting.lock(connection_id)
        rows = Outgoing.objects.select_for_update(of=("self",)).select_related("provider")
        yield connection, rows.filter(pk=outgoing_id, state=OutgoingState.SENDING).first()


def _settle(outgoing: Outgoing, state: OutgoingState, code: int | None) -> None:
    outgoing.state, outgoing.settled_at = state, timezone.now()
    outgoing.code = outgoing.code if code is None else code
    outgoing.save(update_fields=["state", "settled_at", "code"])


def _divided(outgoing: Outgoing, code: int, because: str, state: PortionState) -> None:
    """Let the halves of a document go out again; a single case is held with the reason."""
    if outgoing.records == 1:
        _settle(outgoing, OutgoingState.REFUSED, code)
        move_all(outgoing.provider, _cases(outgoing), "hold", data={"because": because}, held_because=because)
        tell(outgoing, "refused", code=code, because=because)
        return
    ids = _requeued(outgoing)
    _settle(outgoing, OutgoingState.REPLACED, code)
    portions(outgoing, halves(ids), state)
    tell(outgoing, "divided", code=code, because=because)


def _requeued(outgoing: Outgoing) -> list[int]:
    """Put the cases of a document back into the queue, where they stood before; gives their ids in its order."""
    cases = sorted(_cases(outgoing), key=lambda case: case.ordinal or 0)
    move_all(outgoing.provider, cases, "requeue", data={"sequence": outgoing.sequence}, **_NOWHERE)
    return [case.pk for case in cases]


def _cases(outgoing: Outgoing) -> list[Case]:
    """Lock the cases of a document that are on their way in it."""
    ids = outgoing.cases.filter(state=State.UPLOADED).order_by("pk").values_list("pk", flat=True)
    return lock_cases(outgoing.provider, list(ids))


def _portions(outgoing: Outgoing, state: PortionState) -> Any:
    return Portion.objects.filter(provider=outgoing.provider, state=state)
