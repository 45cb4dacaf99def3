"""What the pages of tasks and of the stock share: who looks, the way to a page, the history of a thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from beian.models import Event, Node, Role
from beian.services.refusals import Invalid, ServiceError
from beian.web.access import who_may
from beian.web.components import Badge, Crumb, Moment, Tab, Tone
from beian.web.forms import Form
from beian.web.requests import NodeRequest
from enterprise.models import Task, TaskState
from enterprise.workflow import CLERKS, OFFICE

EVENTS_SHOWN = 100
PAGES = (
    ("tasks", "管局任务"),
    ("shells", "空壳网站"),
    ("stock_plans", "存量核验"),
    ("rechecks", "定期复核"),
)
Verbs = Mapping[str, tuple[str, Tone]]
TONES: dict[str, Tone] = {TaskState.OPEN: "info", TaskState.REPORTING: "info", TaskState.DONE: "good"}


def url(provider: Node, name: str, **kwargs: object) -> str:
    """Give the URL of one of the provider's pages."""
    return reverse(f"enterprise:{name}", kwargs={"isp": provider.isp_id, **kwargs})


def section_tabs(request: NodeRequest, current: str) -> list[Tab]:
    """Give the pages of this area that are open to the person."""
    return [
        Tab(label, url(request.node, name), name == current)
        for name, label in PAGES
        if who_may()[f"enterprise:{name}"].admits(request.membership_roles, signed_in=True)
    ]


def way(provider: Node, name: str) -> list[Crumb]:
    """Give the way to a page below one of the lists."""
    return [Crumb(dict(PAGES)[name], url(provider, name))]


def works(request: NodeRequest) -> bool:
    """Tell whether the person handles tasks, and does not only read."""
    return bool(request.membership_roles & OFFICE)


def reports(request: NodeRequest) -> bool:
    """Tell whether the person reports to the bureau and takes tasks up again."""
    return bool(request.membership_roles & CLERKS)


def supervises(request: NodeRequest) -> bool:
    """Tell whether the person plans, and hands out work."""
    return Role.SUPERVISOR in request.membership_roles


def task_of(request: NodeRequest, pk: int) -> Task:
    """Give a task of this provider; 404 for any other, which nobody here need know of."""
    rows = Task.objects.filter(provider=request.node, pk=pk)
    task = rows.select_related("provider", "assigned_to", "done_by", "case", "incoming").first()
    if task is None:
        raise Http404(f"no task {pk} at {request.node.code}")
    return task


def badge(task: Task) -> Badge:
    """Say how a task stands; an open one whose day is over is overdue."""
    if task.state != TaskState.DONE and task.due and task.due < timezone.localdate():
        return Badge("已超期", "bad")
    return Badge(task.get_state_display(), TONES[task.state])


def moments(subject_kind: str, subject: object, verbs: Verbs, provider: Node) -> list[Moment]:
    """Give what happened to a thing at the provider, the latest first."""
    rows = Event.objects.filter(subject_kind=subject_kind, subject=str(subject), node=provider).order_by("-id")
    found = []
    for event in rows[:EVENTS_SHOWN]:
        title, tone = verbs.get(event.verb, (event.verb, "neutral"))
        found.append(Moment(event.at, title, event.actor_name, _detail(event), tone))
    return found


def _detail(event: Event) -> str:
    data: dict[str, Any] = event.data
    said = [event.reason]
    if isinstance(data.get("cut"), list):
        said.insert(0, f"{'、'.join(data['cut'])}（{data.get('by', '')}）")
    elif data.get("reference"):
        said.append(f"申请 {data['reference']}")
    return "；".join(each for each in said if each)


def add_errors(form: Form, error: ServiceError) -> None:
    """Put what a service refused beside the fields it names, the rest above the form."""
    errors = error.errors if isinstance(error, Invalid) else {"": [error.message]}
    for name, found in errors.items():
        for message in found:
            form.add_error(name if name in form.fields else None, message)


def private(response: HttpResponse) -> HttpResponse:
    """Let nobody keep a page that shows personal data."""
    patch_cache_control(response, no_store=True, private=True)
    return response
