"""The office's own people: who may sign in, with which roles, in which teams."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from beian.models import Event, Membership, Node, User
from beian.services.refusals import Invalid, ServiceError
from beian.services.staff import SUBJECT
from beian.web.components import Badge, Crumb, Moment, Tone
from beian.web.filters import Filter, Filters, cases, choice, text
from beian.web.navigation import role_names
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from enterprise.forms.office_people import ChangedPersonForm, NewPersonForm, PersonForm, ReasonForm
from enterprise.models import TeamMember
from enterprise.services import people as services
from enterprise.views.office.desk import Desk
from enterprise.workflow import Team

EVENTS_SHOWN = 30
VERBS: dict[str, tuple[str, Tone]] = {
    "create": ("开设账号", "good"),
    "change": ("修改", "neutral"),
    "deactivate": ("停用", "bad"),
    "activate": ("启用", "good"),
    "reset_password": ("重置密码", "info"),
}
STATES = {
    "active": ("正常", lambda: Q(is_active=True)),
    "inactive": ("已停用", lambda: Q(is_active=False)),
}


def standing(user: User) -> Badge:
    """Say whether the person may sign in."""
    return Badge("正常", "good") if user.is_active else Badge("已停用")


TABLE = Table(
    name="people",
    columns=(
        Column(name="name", label="姓名", sort="name", lead=True),
        Column(name="username", label="用户名", kind="code", sort="username"),
        Column(name="roles", label="角色", value=lambda user: role_names(held.role for held in user.held)),
        Column(name="teams", label="小组", value=lambda user: team_names(each.team for each in user.in_teams)),
        Column(name="standing", label="状态", value=standing, kind="badge"),
        Column(name="last_login", label="最近登录", kind="moment", sort="last_login", nullable=True),
    ),
    order="username",
)


def team_names(teams: Any) -> str:
    """Give teams in words; in none is in both."""
    return "、".join(str(Team(each).label) for each in sorted(teams)) or "两组"


def filters_at(provider: Node) -> tuple[Filter, ...]:
    """Give what the list is narrowed by; of roles those at this office."""
    roles = [(str(role), role.label) for role in services.OFFICE_ROLES]
    return (
        text("q", "姓名或用户名", "name__contains", "username__icontains"),
        replace(
            choice("role", "角色", "role", roles),
            condition=lambda role: Q(pk__in=Membership.objects.filter(node=provider, role=role).values("user")),
        ),
        cases("state", "状态", STATES),
    )


@require_safe
def people(request: NodeRequest, isp: int) -> HttpResponse:
    """List everybody with a role at this office."""
    desk = Desk.of(request)
    filters = Filters(filters_at(desk.provider), request.GET)
    held = Prefetch("memberships", Membership.objects.filter(node=desk.provider), to_attr="held")
    teams = Prefetch("teams", TeamMember.objects.filter(provider=desk.provider), to_attr="in_teams")
    page = TABLE.page(
        filters.apply(services.STAFF.people_of(desk.provider)).prefetch_related(held, teams),
        request,
        row_url=lambda user: desk.url("office_person", user_id=user.pk),
    )
    context = {"filters": filters, "page": page, "new_url": desk.url("office_person_new")}
    return render(request, "enterprise/office/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def person_new(request: NodeRequest, isp: int) -> HttpResponse:
    """Give a person an account. The answer to the form shows its temporary password, this once."""
    desk = Desk.of(request)
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user, password = services.create(desk.provider, desk.user, form.cleaned_data["username"], form.profile())
        except ServiceError as error:
            add_errors(form, error)
        else:
            return _show(request, desk, user, _present_form(desk.provider, user), password=password)
    context = {"form": form, "crumbs": _crumbs(desk), "back": desk.url("office_people")}
    return render(request, "enterprise/office/person_new.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: NodeRequest, isp: int, user_id: int) -> HttpResponse:
    """Show one of the office's people, and change name, telephone, roles and teams."""
    desk = Desk.of(request)
    user = _person(desk, user_id)
    if request.method != "POST":
        return _show(request, desk, user, _present_form(desk.provider, user))
    form = ChangedPersonForm(request.POST)
    if form.is_valid():
        try:
            services.change(desk.provider, user_id, desk.user, form.profile(), form.cleaned_data["reason"])
        except ServiceError as error:
            add_errors(form, error)
        else:
            messages.success(request, "已保存。")
            return redirect(desk.url("office_people"))
    return _show(request, desk, user, form, status=422)


@dataclass(frozen=True, slots=True)
class PersonAct:
    """Something done to a person's account: how it is asked, how it is told, what does it."""

    title: str
    warning: str
    done: str
    service: Callable[[Node, int, User, str], User | tuple[User, str]]
    dangerous: bool = False


ACTS = {
    "deactivate": PersonAct(
        "停用账号",
        "停用后该人员不能登录，已登录的会话立即失效；经办记录保留。",
        "已停用。",
        services.STAFF.deactivate,
        dangerous=True,
    ),
    "activate": PersonAct("启用账号", "启用后该人员可以用原来的密码登录。", "已启用。", services.STAFF.activate),
    "reset-password": PersonAct(
        "重置密码",
        "原密码和已登录的会话立即失效。新的临时密码只显示一次，请当面交给本人，由本人登录后修改。",
        "密码已重置。",
        services.STAFF.reset_password,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def person_act(request: NodeRequest, isp: int, user_id: int, act: str) -> HttpResponse:
    """Bar a person from signing in, admit again, or give a new temporary password: with a reason."""
    desk = Desk.of(request)
    user, asked = _person(desk, user_id), ACTS.get(act)
    if asked is None:
        raise Http404(f"no such act: {act}")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = asked.service(desk.provider, user_id, desk.user, form.cleaned_data["reason"])
        except ServiceError as error:
            messages.error(request, error.message)
            return redirect(desk.url("office_person", user_id=user_id))
        messages.success(request, f"{user.name}：{asked.done}")
        if isinstance(done, tuple):
            return _show(request, desk, done[0], _present_form(desk.provider, done[0]), password=done[1])
        return redirect(desk.url("office_person", user_id=user_id))
    back = desk.url("office_person", user_id=user_id)
    context = {
        "act": asked,
        "person": user,
        "form": form,
        "back": back,
        "crumbs": [*_crumbs(desk), Crumb(user.name, back)],
    }
    return render(request, "enterprise/office/person_act.html", context, status=422 if form.is_bound else 200)


def add_errors(form: Any, error: ServiceError) -> None:
    """Put what a service refused beside the fields it names, the rest above the form."""
    found = error.errors if isinstance(error, Invalid) else {"": [error.message]}
    for name, texts in found.items():
        for text_ in texts:
            form.add_error(name if name in form.fields else None, text_)


def _person(desk: Desk, user_id: int) -> User:
    try:
        return services.STAFF.find(desk.provider, user_id)
    except User.DoesNotExist:
        raise Http404(f"nobody {user_id} at {desk.provider.code}") from None


def _present_form(provider: Node, user: User) -> ChangedPersonForm:
    return ChangedPersonForm(
        initial={
            "name": user.name,
            "telephone": user.telephone,
            "roles": [str(role) for role in services.STAFF.roles_of(user, provider)],
            "teams": [str(team) for team in services.teams_of(user, provider)],
        }
    )


def _show(
    request: NodeRequest, desk: Desk, user: User, form: PersonForm, *, password: str | None = None, status: int = 200
) -> HttpResponse:
    urls = {name.replace("-", "_"): desk.url("office_person_act", user_id=user.pk, act=name) for name in ACTS}
    events = Event.objects.filter(subject_kind=SUBJECT, subject=str(user.pk), node=desk.provider)
    context = {
        "person": user,
        "badge": standing(user),
        "form": form,
        "password": password,
        "crumbs": _crumbs(desk),
        "is_self": user.pk == desk.user.pk,
        "urls": urls,
        "back": desk.url("office_people"),
        "save_url": desk.url("office_person", user_id=user.pk),
        "moments": [_moment(event) for event in events.order_by("-id")[:EVENTS_SHOWN]],
    }
    response = render(request, "enterprise/office/person.html", context, status=status)
    response["Cache-Control"] = "no-store, private"
    return response


def _moment(event: Event) -> Moment:
    title, tone = VERBS.get(event.verb, (event.verb, "neutral"))
    roles, before = role_names(event.data.get("roles", ())), role_names(event.data.get("roles_before", ()))
    if before and before != roles:
        title = f"{title}：{before} → {roles}"
    elif roles:
        title = f"{title}：{roles}"
    return Moment(event.at, title, event.actor_name, event.reason, tone)


def _crumbs(desk: Desk) -> list[Crumb]:
    return [Crumb("人员", desk.url("office_people"))]
