"""Results that name no case: about a whole document, about the result of a task, or about nothing that we know."""

from __future__ import annotations

import re
from collections.abc import Mapping

from beian.models import Node
from beian.records import OpinionRecord, ResultRecord, as_json
from beian.result_codes import messages
from enterprise.applying.deadlines import due
from enterprise.applying.tasks import Entry, open_tasks
from enterprise.models import Case, Incoming, Outgoing, OutgoingState, TaskKind
from enterprise.services.contents import SILENT
from enterprise.services.guard import move
from enterprise.workflow import OUTSTANDING, Kind, State

NEW_FILING, CHANGE = Kind.NEW_FILING, Kind.CHANGE
OF_DOCUMENTS = range(5001, 5012)
"""Codes about a document as a whole (spec, filing results)."""

_SEQUENCE = re.compile(r"(?:上报|数据)?序号\D{0,4}(\d+)|dataSequence\D{0,4}(\d+)")
_SPONSOR = re.compile(r"主体标识\D{0,2}(\d+)")
_HANDLED = re.compile(r"未备案处理结果（([^，）]+)，")
_WORDS = 1_000


def is_whole(result: ResultRecord) -> bool:
    """Tell whether a result is about a document as a whole: new filing, no subject, and a code of such."""
    codes = {code.code for code in result.codes}
    return result.operation == NEW_FILING and result.subject is None and any(code in OF_DOCUMENTS for code in codes)


def return_whole(provider: Node, incoming: Incoming, result: ResultRecord) -> bool:
    """Hold the cases of a document that came back as a whole; each goes in a document of its own next time.

    False where nobody can tell which document that was, or nothing of it waits any more.
    """
    document = _document_of(provider, result.remark or "")
    if document is None:
        return False
    why = f"上报序号{document.sequence}的文件被管局整体退回：{_codes(result)}\n{result.remark or ''}".strip()
    rows = Case.objects.at(provider).filter(document=document, state__in=OUTSTANDING).order_by("pk")
    cases = list(rows.select_for_update(of=("self",)).select_related("provider"))
    data = {
        "sequence": document.sequence,
        "codes": [code.code for code in result.codes],
        "document": incoming.file_name,
    }
    for case in cases:
        move(case, "hold", data=data, held_because=why[:_WORDS], alone=True, answer_remark=result.remark or "")
    return bool(cases)


def find_reported(provider: Node, result: ResultRecord) -> Case | None:
    """Find the reported result of a task that came back, and lock it: its subject stands in the remark.

    The bureau answers without a subject there, for with one it would be taken for a change.
    """
    remark = result.remark or ""
    if result.operation != CHANGE or result.subject is not None:
        return None
    named = (
        (Kind.CHECK_RESULT, _SPONSOR.search(remark) if "核实结果" in remark else None),
        (Kind.UNFILED_HANDLING, _HANDLED.search(remark)),
    )
    for kind, found in named:
        if found is not None:
            rows = Case.objects.at(provider).filter(kind=kind, subject=found[1].strip(), state__in=OUTSTANDING)
            return rows.select_for_update(of=("self",)).select_related("provider").order_by("-pk").first()
    return None


def tell_result(provider: Node, incoming: Incoming, result: ResultRecord) -> None:
    """Open a task for a result that belongs to no case, with all that it says."""
    kind = Kind(result.operation).label if result.operation in Kind.values else f"操作类型{result.operation}"
    about = f"，标识{result.subject}" if result.subject else ""
    content = {"result": as_json(result), "opinions": []}
    _open(provider, incoming, f"{kind}结果{about}：{_codes(result)}", f"result:{result.subject or ''}", content)


def tell_opinion(provider: Node, incoming: Incoming, opinion: OpinionRecord) -> None:
    """Open a task for a reviewer's opinion that belongs to no case."""
    content = {"result": None, "opinions": [as_json(opinion)]}
    _open(provider, incoming, f"审核意见，标识{opinion.subject}", f"opinion:{opinion.subject}", content)


def _open(provider: Node, incoming: Incoming, title: str, about: str, content: Mapping[str, object]) -> None:
    entry = Entry(kind=TaskKind.UNTOLD, about=about, title=title, content=content, due=due(TaskKind.UNTOLD))
    open_tasks(provider, incoming, [entry])


def _document_of(provider: Node, remark: str) -> Outgoing | None:
    """Find the upload that a remark means: by its number, else the only one of which something is outstanding."""
    documents = Outgoing.objects.filter(provider=provider, state__in=[OutgoingState.SENDING, OutgoingState.ACCEPTED])
    if found := _SEQUENCE.search(remark):
        return documents.filter(sequence=int(found[1] or found[2])).first()
    waiting = Case.objects.at(provider).filter(state__in=[State.UPLOADED, State.ACKNOWLEDGED], document__isnull=False)
    for cases in (waiting.exclude(kind__in=SILENT), waiting):
        keys = list(cases.values_list("document_id", flat=True).distinct()[:2])
        if keys:
            return documents.filter(pk=keys[0]).first() if len(keys) == 1 else None
    return None


def _codes(result: ResultRecord) -> str:
    texts = messages()
    return "；".join(f"{each.code} {each.description or texts.get(each.code, '')}".strip() for each in result.codes)
