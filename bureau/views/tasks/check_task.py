"""One check task: what was asked, what came back, how that differs from what is on file."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beian import events
from beian.models import Code
from beian.records import CheckResultRecord, FilingRecord, from_json
from beian.services.refusals import ServiceError
from beian.web.components import Term
from beian.web.filing.changes import ChangeMaker
from beian.web.filing.names import Names
from beian.web.filing.sheet import providers_of, regions_of
from beian.web.requests import NodeRequest
from beian.web.revealing import RevealForm
from bureau.forms.review import REVEAL_REASONS
from bureau.models import CheckState, CheckTask
from bureau.queries.delivery import delivery, delivery_note, with_delivery
from bureau.services import check_tasks as services
from bureau.services.findings_of_checks import found
from bureau.views.interface.office import Act, ask_and_act, bureau_url
from bureau.views.tasks.check_tasks import badge
from bureau.views.tasks.desk import Verbs, moments, way

VERBS: Verbs = {
    "create": ("下达任务", "neutral"),
    "close": ("收到核实结果", "info"),
    "see": ("查看结果", "good"),
    "withdraw": ("撤销任务", "bad"),
    "reveal": ("显示个人信息", "neutral"),
}
VERDICTS = {0: "核实通过", 1: "核实不通过"}


@require_safe
def check_task(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Show a task."""
    return _show(request, _task(request, pk))


@require_POST
def check_task_reveal(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Show what was found with personal data plain, this once, to a person who says why; that is written down."""
    task, form = _task(request, pk), RevealForm(request.POST)
    if not form.is_valid():
        return _show(request, task, reveal_form=form, status=422)
    events.record(
        services.SUBJECT,
        task.pk,
        "reveal",
        node=request.node,
        actor=request.user,
        reason=form.cleaned_data["reason"],
    )
    return _show(request, task, plain=True)


@require_POST
def check_task_seen(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Note that the result was looked at."""
    _task(request, pk)
    try:
        services.note_seen(request.node, pk, request.user)
    except ServiceError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "已标记为已查看。")
    return redirect(bureau_url(request.node, "check_task", pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def check_task_withdraw(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Withdraw an open task, with a reason."""
    task = _task(request, pk)
    back = bureau_url(request.node, "check_task", pk=pk)

    def perform(reason: str) -> str:
        _, unread = services.withdraw(request.node, pk, request.user, reason)
        return "任务已撤销，接入商不会再收到它。" if unread else "任务已撤销。接入商已取走该任务，请另行告知。"

    return ask_and_act(
        request,
        Act(
            title=f"撤销核实任务：{task.sponsor_name}",
            warning="撤销后，接入商对该任务反馈的结果将被退回。接口没有撤销任务的消息：接入商若已取走，须另行告知。",
            submit="撤销任务",
            dangerous=True,
            back=back,
            crumbs=[*way(request.node, "check_tasks")],
            perform=perform,
        ),
    )


def _task(request: NodeRequest, pk: int) -> CheckTask:
    rows = CheckTask.objects.at(request.node).select_related("account__provider", "created_by", "seen_by")
    task = with_delivery(rows).filter(pk=pk).first()
    if task is None:
        raise Http404(f"no check task {pk} at {request.node.code}")
    return task


def _show(
    request: NodeRequest,
    task: CheckTask,
    *,
    plain: bool = False,
    reveal_form: RevealForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "task": task,
        "badge": badge(task),
        "crumbs": way(request.node, "check_tasks"),
        "terms": _terms(task),
        "open": task.state == CheckState.OPEN,
        "moments": moments(services.SUBJECT, task.pk, VERBS, request.node),
        "reveal_form": reveal_form or RevealForm(),
        "reveal_reasons": REVEAL_REASONS,
        "plain": plain,
        **_result(task, plain),
    }
    response = render(request, "bureau/tasks/check_task.html", context, status=status)
    patch_cache_control(response, no_store=True, private=True)
    return response


def _terms(task: CheckTask) -> list[Term]:
    sent = delivery(task.outcome)
    return [
        Term("接入商", f"{task.account.provider.name}（{task.account.isp_id}）"),
        Term("备案号", task.filing_number, code=True),
        Term("反馈期限", task.due.isoformat(), flag="已超期" if task.is_overdue else ""),
        Term("下发", sent.label if sent else "", note=delivery_note(task.outcome)),
        Term("下达人", task.created_by),
        Term("核实要求", task.instruction or "无", wide=True),
    ]


def _result(task: CheckTask, plain: bool) -> dict[str, Any]:
    """Give what came back, and the difference to what was on file at that moment."""
    if task.result is None:
        return {"result": None}
    result = from_json(task.result, CheckResultRecord)
    shown: dict[str, Any] = {"result": result, "result_terms": _result_terms(result)}
    if task.on_file is not None:
        on_file = from_json(task.on_file, FilingRecord)
        compared = found(on_file, result.filing)
        names = Names(regions_of(on_file, compared.filing), providers_of(on_file, compared.filing))
        shown["changes"] = ChangeMaker(names, on_file, plain=plain).changes(compared.differences)
        shown["unsaid"] = compared.unsaid
    return shown


def _result_terms(result: CheckResultRecord) -> list[Term]:
    return [
        Term("核实结果", VERDICTS.get(result.verdict, str(result.verdict))),
        Term("核实人", result.checker),
        Term("核实时间", result.checked),
        Term("核实意见", opinion_words(result.opinion), wide=True),
        Term("错误信息", result.faults or "无", wide=True),
    ]


def opinion_words(opinion: str) -> str:
    """Give the opinion of a check in words: some systems send the code of the table in its place."""
    if not (opinion.isascii() and opinion.isdecimal() and len(opinion) <= 4):
        return opinion
    name = Code.objects.filter(table="check_opinion", code=int(opinion)).values_list("name", flat=True).first()
    return f"{name}（{opinion}）" if name else opinion
