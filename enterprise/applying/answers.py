"""Results and reviewers' opinions (备案结果): which case each belongs to, and what becomes of it.

A result belongs to the outstanding case of its kind with its subject. It may overtake the
acknowledgement of the upload, when that answer was lost: then the case is acknowledged first. What
belongs to no case is told the office as a task, whole; what was heard before is not heard again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import timezone

from beian.calendar import deadline
from beian.models import Node, ObjectKind
from beian.records import Cancelled, CodeRecord, OpinionRecord, ResultRecord, as_json
from beian.records.requests import CancellationRecord
from enterprise.applying.leaving import Left, Source, bury, holdings_with, leave, without
from enterprise.applying.numbers import number_case
from enterprise.applying.tasks import digest
from enterprise.applying.untold import find_reported, is_whole, return_whole, tell_opinion, tell_result
from enterprise.models import Answer, Case, Incoming, Task, TaskState
from enterprise.services import notices, tasks
from enterprise.services.contents import request_of
from enterprise.services.guard import move
from enterprise.workflow import OUTSTANDING, Kind, State

APPROVED, REFUSED = 1001, 1002
MATERIAL_JOINED = 1060
INFORMATION = frozenset({1062})
"""Codes that say something and decide nothing (1062: the addresses agree with those registered)."""

GRANTED = frozenset({APPROVED, MATERIAL_JOINED})
ONLY_OF_MATERIAL = frozenset({1055, 1058, 1059, MATERIAL_JOINED, 1061})
"""Codes that no change is answered with: its material may be answered under the same subject."""

CANCELS = {
    Kind.CANCEL_SPONSOR: ObjectKind.SPONSOR,
    Kind.CANCEL_WEBSITE: ObjectKind.WEBSITE,
}
"""What a granted cancellation takes off file for good; a website may get a new access of ours."""


class Waiting:
    """The outstanding cases that the results of a document may belong to, locked, and the opinions beside them."""

    def __init__(self, cases: Iterable[Case], opinions: Iterable[OpinionRecord]) -> None:
        self._cases: dict[tuple[int, str], Case] = {}
        self._materials: dict[str, list[Case]] = {}
        self._opinions: dict[int | None, list[OpinionRecord]] = {}
        for case in cases:
            if case.kind == Kind.MATERIAL:
                self._materials.setdefault(case.subject, []).append(case)
            elif case.answered_as is not None:
                self._cases[case.answered_as, case.subject] = case
        for opinion in opinions:
            self._opinions.setdefault(opinion.subject, []).append(opinion)

    def find(self, result: ResultRecord) -> Case | None:
        """Find the case of a result. Of several pieces of material for one object the first is answered first."""
        subject, codes = result.subject or "", {code.code for code in result.codes}
        case = self._cases.get((result.operation, subject))
        materials = self._materials.get(subject, []) if result.operation == Kind.CHANGE else []
        if materials and (case is None or codes & ONLY_OF_MATERIAL):
            return materials[0]
        return None if MATERIAL_JOINED in codes else case

    def answered(self, case: Case) -> None:
        """Take a case out that has its answer."""
        if case in (materials := self._materials.get(case.subject, [])):
            materials.remove(case)
        elif case.answered_as is not None:
            self._cases.pop((case.answered_as, case.subject), None)

    def opinions_about(self, case: Case, operation: int) -> list[OpinionRecord]:
        """Take out the opinions about a case: of its kind, and under one of its ids."""
        found: list[OpinionRecord] = []
        for own in case.opinion_ids:
            mine = [each for each in self._opinions.get(own, ()) if each.operation in (None, operation)]
            self._opinions[own] = [each for each in self._opinions.get(own, ()) if each not in mine]
            found += mine
        return found

    @property
    def opinions_left(self) -> list[OpinionRecord]:
        """The opinions that nobody took."""
        return [each for some in self._opinions.values() for each in some]


def take_answers(
    provider: Node, incoming: Incoming, results: Sequence[ResultRecord], opinions: Sequence[OpinionRecord]
) -> None:
    """Take in the results of a document with the opinions beside them. Call with the connection locked."""
    if not (results or opinions) or Answer.objects.filter(incoming=incoming).exists():
        return
    waiting = Waiting(_outstanding(provider, results), opinions)
    for place, result in enumerate(results):
        _take(provider, incoming, place, result, waiting)
    for place, opinion in enumerate(waiting.opinions_left, len(results)):
        _take_opinion(provider, incoming, place, opinion)


def _outstanding(provider: Node, results: Iterable[ResultRecord]) -> Iterable[Case]:
    subjects = {result.subject for result in results if result.subject is not None}
    rows = Case.objects.at(provider).filter(subject__in=subjects, state__in=OUTSTANDING).order_by("pk")
    return rows.select_for_update(of=("self",)).select_related("provider", "sponsor_account__user", "agent")


def _take(provider: Node, incoming: Incoming, place: int, result: ResultRecord, waiting: Waiting) -> None:
    mark = digest(as_json(result))
    if is_whole(result) and return_whole(provider, incoming, result):
        _note(provider, incoming, place, None, mark, result, [])
        return
    case = waiting.find(result) or find_reported(provider, result)
    opinions = waiting.opinions_about(case, result.operation) if case else []
    if _is_repeat(provider, case, mark, opinions):
        return
    _note(provider, incoming, place, case, mark, result, opinions)
    if case is None:
        tell_result(provider, incoming, result)
    elif _hear(case, incoming, result, opinions):
        waiting.answered(case)


def _is_repeat(provider: Node, case: Case | None, mark: str, opinions: Sequence[OpinionRecord]) -> bool:
    """Tell whether a result was heard before, in another document.

    Where a case waits, the same words may be a new answer, unless a reviewer gave them at the same moment.
    """
    before = Answer.objects.filter(provider=provider, digest=mark)
    if case is None:
        return before.exists()
    said = [as_json(each) for each in opinions]
    return bool(said) and any(answer.content["opinions"] == said for answer in before.filter(case=case))


def _note(
    provider: Node,
    incoming: Incoming,
    place: int,
    case: Case | None,
    mark: str,
    result: ResultRecord | None,
    opinions: Sequence[OpinionRecord],
) -> None:
    content = {"result": None if result is None else as_json(result), "opinions": [as_json(each) for each in opinions]}
    Answer.objects.create(provider=provider, incoming=incoming, place=place, case=case, digest=mark, content=content)


def _hear(case: Case, incoming: Incoming, result: ResultRecord, opinions: Sequence[OpinionRecord]) -> bool:
    """Do with a locked case what its result says; False where that decides nothing."""
    codes = [code for code in result.codes if code.code not in INFORMATION]
    if not codes:
        return False
    if case.state == State.UPLOADED:
        now = timezone.now()
        move(case, "acknowledge", acknowledged_at=now, decision_due=deadline(now))
    verb = _verb(codes)
    move(
        case,
        verb,
        data={"codes": [code.code for code in codes], "document": incoming.file_name},
        codes=[{"code": code.code, "description": code.description or ""} for code in codes],
        opinions=_opinions(case, opinions),
        answer_remark=result.remark or "",
        answered_at=timezone.now(),
        alone=False,
    )
    if verb == "hear_filed":
        _file(case, incoming)
    elif verb == "hear_returned":
        _take_up_again(case)
    notices.tell_result(case)
    return True


def _verb(codes: Iterable[CodeRecord]) -> str:
    said = {code.code for code in codes}
    if REFUSED in said:
        return "hear_refused"
    return "hear_filed" if said & GRANTED else "hear_returned"


def _opinions(case: Case, opinions: Sequence[OpinionRecord]) -> list[dict[str, Any]]:
    """Write the opinions on a case, with those that came before its result; each once, whatever it is about."""
    early = Answer.objects.filter(case=case, at__gte=case.uploaded_at or case.created_at)
    said = [each for answer in early for each in answer.content["opinions"] if answer.content["result"] is None]
    said += [as_json(each) for each in opinions]
    plain = [
        {name: each.get(name) for name in ("verdict", "opinion", "reviewer", "telephone", "reviewed")} for each in said
    ]
    return _each_once(plain)


def _each_once(some: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for place, each in enumerate(some) if each not in some[:place]]


def _file(case: Case, incoming: Incoming) -> None:
    """Note the numbers of what was granted; what was cancelled as asked leaves our copy: nothing else tells of it."""
    number_case(case)
    if case.kind not in (Kind.CANCEL_SPONSOR, Kind.CANCEL_WEBSITE, Kind.CANCEL_ACCESS):
        return
    request = request_of(case)
    if not isinstance(request, CancellationRecord):
        raise TypeError(f"case {case.pk} is a cancellation and holds none")
    what, provider = Cancelled(request.what), case.provider
    gone = {
        number: Left(filing, without(filing, what, request.number, provider.isp_id))
        for number, filing in holdings_with(provider, what, [request.number]).items()
    }
    leave(provider, gone, Source(incoming, case, f"{case.get_kind_display()}（{case.reference}）"))
    if kind := CANCELS.get(Kind(case.kind)):
        bury(provider, kind, {request.number: next(iter(gone), None)}, case.get_kind_display())


def _take_up_again(case: Case) -> None:
    """Open the tasks again whose results the bureau did not take."""
    for task in Task.objects.filter(case=case).exclude(state=TaskState.OPEN).order_by("pk").select_for_update():
        tasks.update(task, state=TaskState.OPEN)
        tasks.tell(task, "take_back", data={"case": case.pk, "reference": case.reference})


def _take_opinion(provider: Node, incoming: Incoming, place: int, opinion: OpinionRecord) -> None:
    """Take in an opinion without a result: it waits for it, or joins what was answered before."""
    mark = digest(as_json(opinion))
    if Answer.objects.filter(provider=provider, digest=mark).exists():
        return
    case = _case_with(provider, opinion)
    _note(provider, incoming, place, case, mark, None, [opinion])
    if case is None:
        tell_opinion(provider, incoming, opinion)
    elif case.state not in OUTSTANDING:
        case.opinions = _each_once([*case.opinions, *_opinions(case, [opinion])])
        case.save(update_fields=["opinions"])


def _case_with(provider: Node, opinion: OpinionRecord) -> Case | None:
    """Find the latest case that an opinion may be about, and lock it: one that was sent."""
    sent = Case.objects.at(provider).filter(uploaded_at__isnull=False, opinion_ids__contains=[opinion.subject])
    if opinion.operation is not None:
        sent = sent.filter(answered_as=opinion.operation)
    return sent.select_for_update(of=("self",)).select_related("provider").order_by("-uploaded_at").first()
