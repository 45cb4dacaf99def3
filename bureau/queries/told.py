"""What a bureau wrote to providers about a filing: check tasks with their results, notices, inspections."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from beian.models import Node, Website
from beian.web.components import Moment, Tone
from bureau.models import BureauNotice, CheckState, CheckTask

RESULTS: dict[str, Tone] = {CheckState.PASSED: "good", CheckState.REFUSED: "bad"}


def told(bureau: Node, number: int, limit: int = 50) -> list[Moment]:
    """Give what was written about the filing of the sponsor `number`, in no order. Two queries."""
    tasks = CheckTask.objects.at(bureau).filter(sponsor_number=number)
    sites = Website.objects.held_by(bureau).filter(sponsor__number=number).values("number")
    written = BureauNotice.objects.at(bureau)
    notices = written.filter(number=number) | written.filter(number__in=sites)
    return [*_of_tasks(_latest(tasks, limit)), *_of_notices(_latest(notices, limit))]


def _latest(rows: QuerySet[CheckTask] | QuerySet[BureauNotice], limit: int) -> QuerySet:  # type: ignore[type-arg]
    heavy = ("result", "on_file") if rows.model is CheckTask else ("record",)
    return rows.select_related("account__provider").defer(*heavy).order_by("-id")[:limit]


def _of_tasks(tasks: QuerySet[CheckTask]) -> Iterator[Moment]:
    for task in tasks:
        provider = str(task.account.provider)
        yield Moment(task.created_at, f"核实任务：下达给{provider}", "", task.instruction, "info")
        if task.closed_at and task.state in RESULTS:
            title = f"核实任务：{provider}反馈{task.get_state_display()}"
            yield Moment(task.closed_at, title, task.checker, task.faults, RESULTS[task.state])


def _of_notices(notices: QuerySet[BureauNotice]) -> Iterator[Moment]:
    for notice in notices:
        yield Moment(
            notice.sent_at, f"{notice.get_kind_display()}：下发给{notice.account.provider}", "", notice.text, "warn"
        )
