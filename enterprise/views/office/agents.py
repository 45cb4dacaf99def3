"""Agents (下属代理商): which there are, their people, the sponsors who come through them."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beian.models import Event
from beian.services.refusals import ServiceError
from beian.web.components import Badge, Crumb, Moment, Tone
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from enterprise.forms.office_people import AdoptForm, AgentForm
from enterprise.models import Agent, SponsorAccount
from enterprise.services import agents as services
from enterprise.views.office.desk import Desk
from enterprise.views.office.people import add_errors
from enterprise.workflow import ENDED

SPONSORS_SHOWN = 200
VERBS: dict[str, tuple[str, Tone]] = {
    "create": ("添加代理商", "good"),
    "change": ("修改", "neutral"),
    "adopt": ("划入主办者", "info"),
    "release": ("移出主办者", "warn"),
}


def standing(agent: Agent) -> Badge:
    """Say whether its people may work."""
    return Badge("启用", "good") if agent.open else Badge("已停用")


TABLE = Table(
    name="agents",
    columns=(
        Column(name="name", label="名称", sort="name", lead=True),
        Column(name="contact", label="联系人"),
        Column(name="workers", label="人员", value="workers", kind="number"),
        Column(name="clients", label="主办者账号", value="clients", kind="number"),
        Column(name="under_way", label="在办申请", value="under_way", kind="number"),
        Column(name="standing", label="状态", value=standing, kind="badge"),
    ),
    order="name",
)


@require_safe
def agents(request: NodeRequest, isp: int) -> HttpResponse:
    """List the agents."""
    desk = Desk.of(request)
    rows = services.agents_of(desk.provider).annotate(
        workers=Count("people", distinct=True),
        clients=Count("sponsors", distinct=True),
        under_way=Count("cases", filter=~Q(cases__state__in=sorted(ENDED)), distinct=True),
    )
    page = TABLE.page(rows, request, row_url=lambda row: desk.url("agent", agent_id=row.pk))
    return render(request, "enterprise/office/agents.html", {"page": page, "new_url": desk.url("agent_new")})


@require_http_methods(["GET", "HEAD", "POST"])
def agent_new(request: NodeRequest, isp: int) -> HttpResponse:
    """Add an agent."""
    desk = Desk.of(request)
    form = AgentForm(request.POST or None, people=services.possible_people(desk.provider))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            made = services.create(desk.provider, desk.user, values["name"], values["contact"], values["people"])
        except ServiceError as error:
            add_errors(form, error)
        else:
            messages.success(request, f"已添加代理商“{made.name}”。")
            return redirect(desk.url("agent", agent_id=made.pk))
    context = {"form": form, "crumbs": _crumbs(desk), "back": desk.url("agents")}
    return render(request, "enterprise/office/agent_new.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def agent(request: NodeRequest, isp: int, agent_id: int) -> HttpResponse:
    """Show an agent with its sponsors, and change it."""
    desk = Desk.of(request)
    found, people = _agent(desk, agent_id), services.possible_people(desk.provider)
    if request.method != "POST":
        return _show(request, desk, found)
    form = AgentForm(request.POST, people=people)
    if form.is_valid():
        values = form.cleaned_data
        try:
            services.change(
                desk.provider, agent_id, desk.user,
                name=values["name"], contact=values["contact"], people=values["people"], is_open=values["open"],
            )  # fmt: skip
        except ServiceError as error:
            add_errors(form, error)
        else:
            messages.success(request, "已保存。")
            return redirect(desk.url("agent", agent_id=agent_id))
    return _show(request, desk, found, form=form, status=422)


@require_POST
def agent_sponsors(request: NodeRequest, isp: int, agent_id: int) -> HttpResponse:
    """Let a sponsor come through the agent, or (`release`) no longer."""
    desk = Desk.of(request)
    found, form = _agent(desk, agent_id), AdoptForm(request.POST)
    try:
        if request.POST.get("release", "").isdecimal():
            services.release(desk.provider, agent_id, desk.user, int(request.POST["release"][:18]))
            messages.success(request, "已移出；此前经该代理商办理的申请仍归它。")
            return redirect(desk.url("agent", agent_id=agent_id))
        if form.is_valid():
            account = services.adopt(desk.provider, agent_id, desk.user, form.cleaned_data["email"])
            messages.success(request, f"{account.user.name}已划入，其申请现在对该代理商可见。")
            return redirect(desk.url("agent", agent_id=agent_id))
    except ServiceError as error:
        add_errors(form, error)
    return _show(request, desk, found, adopt_form=form, status=422)


def _agent(desk: Desk, agent_id: int) -> Agent:
    try:
        return services.find(desk.provider, agent_id)
    except Agent.DoesNotExist:
        raise Http404(f"no agent {agent_id} at {desk.provider.code}") from None


def _show(
    request: NodeRequest,
    desk: Desk,
    found: Agent,
    *,
    form: AgentForm | None = None,
    adopt_form: AdoptForm | None = None,
    status: int = 200,
) -> HttpResponse:
    initial = {"name": found.name, "contact": found.contact, "open": found.open, "people": found.people.all()}
    sponsors = SponsorAccount.objects.filter(agent=found).select_related("user").order_by("user__name", "pk")
    events = Event.objects.filter(subject_kind=services.SUBJECT, subject=str(found.pk), node=desk.provider)
    context = {
        "agent": found,
        "badge": standing(found),
        "form": form or AgentForm(people=services.possible_people(desk.provider), initial=initial),
        "adopt_form": adopt_form or AdoptForm(auto_id="adopt_%s"),
        "sponsors": sponsors[:SPONSORS_SHOWN],
        "under_way": found.cases.exclude(state__in=sorted(ENDED)).count(),
        "cases_url": desk.url("queue", f"agent={found.pk}"),
        "crumbs": _crumbs(desk),
        "back": desk.url("agents"),
        "save_url": desk.url("agent", agent_id=found.pk),
        "sponsors_url": desk.url("agent_sponsors", agent_id=found.pk),
        "moments": [_moment(event) for event in events.order_by("-id")[:30]],
    }
    return render(request, "enterprise/office/agent.html", context, status=status)


def _moment(event: Event) -> Moment:
    title, tone = VERBS.get(event.verb, (event.verb, "neutral"))
    return Moment(event.at, title, event.actor_name, event.reason, tone)


def _crumbs(desk: Desk) -> list[Crumb]:
    return [Crumb("代理商", desk.url("agents"))]
