"""The bureau's own people: who may sign in, with which roles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from beian.models import Event, Membership, Node, User
from beian.services.refusals import ServiceError
from beian.services.staff import SUBJECT
from beian.web.components import Badge, Crumb, Moment, Tone
from beian.web.filters import Filter, Filters, cases, choice, text
from beian.web.navigation import role_names
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from bureau.forms.people import ChangedPersonForm, NewPersonForm, PersonForm
from bureau.services import people as services
from bureau.views.interface.office import Act, add_errors, ask_and_act, bureau_url

EVENTS_SHOWN = 30
VERBS: dict[str, tuple[str, Tone]] = {
    "create": ("开设账号", "good"),
    "change": ("修改", "neutral"),
    "deactivate": ("停用", "bad"),
    "activate": ("启用", "good"),
    "reset_password": ("重置密码", "info"),
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
        Column(name="standing", label="状态", value=standing, kind="badge"),
        Column(name="telephone", label="办公电话"),
        Column(name="last_login", label="最近登录", kind="moment", sort="last_login", nullable=True),
    ),
    order="username",
)
STATES = {
    "active": ("正常", lambda: Q(is_active=True)),
    "inactive": ("已停用", lambda: Q(is_active=False)),
}


def filters_at(bureau: Node) -> tuple[Filter, ...]:
    """Give what the list is narrowed by; of roles those at this bureau."""
    roles = [(str(role), role.label) for role in services.BUREAU_ROLES]
    return (
        text("q", "姓名或用户名", "name__contains", "username__icontains"),
        replace(
            choice("role", "角色", "role", roles),
            condition=lambda role: Q(pk__in=Membership.objects.filter(node=bureau, role=role).values("user")),
        ),
        cases("state", "状态", STATES),
    )


@require_safe
def people(request: NodeRequest, province: int) -> HttpResponse:
    """List everybody with a role at this bureau."""
    filters = Filters(filters_at(request.node), request.GET)
    held = Prefetch("memberships", Membership.objects.filter(node=request.node), to_attr="held")
    page = TABLE.page(
        filters.apply(services.STAFF.people_of(request.node)).prefetch_related(held),
        request,
        row_url=lambda user: bureau_url(request.node, "person", user_id=user.pk),
    )
    context = {"filters": filters, "page": page, "new_url": bureau_url(request.node, "person_new")}
    return render(request, "bureau/people/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def person_new(request: NodeRequest, province: int) -> HttpResponse:
    """Give a person an account. The answer to the form shows its temporary password, this once."""
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            user, password = services.create(
                request.node, request.user, values["username"], values["name"], values["telephone"],
                form.chosen_roles(),
            )  # fmt: skip
        except ServiceError as error:
            add_errors(form, error)
        else:
            return _show(request, user, _present_form(request.node, user), password=password)
    context = {"form": form, "crumbs": _crumbs(request.node), "back": bureau_url(request.node, "people")}
    return render(request, "bureau/people/new.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def person(request: NodeRequest, province: int, user_id: int) -> HttpResponse:
    """Show one of the bureau's people, and change name, telephone and roles."""
    user = _person(request, user_id)
    if request.method != "POST":
        return _show(request, user, _present_form(request.node, user))
    form = ChangedPersonForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        try:
            services.change(
                request.node, user_id, request.user, values["name"], values["telephone"], form.chosen_roles(),
                values["reason"],
            )  # fmt: skip
        except ServiceError as error:
            add_errors(form, error)
        else:
            messages.success(request, "已保存。")
            return redirect(bureau_url(request.node, "people"))
    return _show(request, user, form, status=422)


@dataclass(frozen=True, slots=True)
class PersonAct:
    """Something done to a person's account: how it is asked, how it is told, what does it."""

    title: str
    warning: str
    done: str
    service: Callable[[Node, int, User, str], User]
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
}


@require_http_methods(["GET", "HEAD", "POST"])
def person_standing(request: NodeRequest, province: int, user_id: int, act: str) -> HttpResponse:
    """Bar a person from signing in, or admit again, with a reason."""
    user, asked = _person(request, user_id), ACTS.get(act)
    if asked is None:
        raise Http404(f"no such act: {act}")

    def perform(reason: str) -> str:
        asked.service(request.node, user_id, request.user, reason)
        return f"{user.name}：{asked.done}"

    return ask_and_act(request, _act(request, user, asked.title, asked.warning, asked.dangerous, perform))


@require_http_methods(["GET", "HEAD", "POST"])
def person_password(request: NodeRequest, province: int, user_id: int) -> HttpResponse:
    """Give a person a new temporary password. The answer to the form shows it, this once."""
    user = _person(request, user_id)
    issued: list[str] = []

    def perform(reason: str) -> str:
        issued.append(services.STAFF.reset_password(request.node, user_id, request.user, reason)[1])
        return "密码已重置。"

    warning = "原密码和已登录的会话立即失效。新的临时密码只显示一次，请当面交给本人，由本人登录后修改。"
    response = ask_and_act(request, _act(request, user, "重置密码", warning, dangerous=False, perform=perform))
    if issued:
        return _show(request, user, _present_form(request.node, user), password=issued[0])
    return response


def _act(
    request: NodeRequest, user: User, title: str, warning: str, dangerous: bool, perform: Callable[[str], str]
) -> Act:
    back = bureau_url(request.node, "person", user_id=user.pk)
    return Act(
        title=title,
        warning=f"{user.name}（{user.username}）：{warning}",
        submit=title,
        dangerous=dangerous,
        back=back,
        crumbs=[*_crumbs(request.node), Crumb(user.name, back)],
        perform=perform,
    )


def _person(request: NodeRequest, user_id: int) -> User:
    try:
        return services.STAFF.find(request.node, user_id)
    except User.DoesNotExist:
        raise Http404(f"nobody {user_id} at {request.node.code}") from None


def _present_form(bureau: Node, user: User) -> ChangedPersonForm:
    roles = [str(role) for role in services.STAFF.roles_of(user, bureau)]
    return ChangedPersonForm(initial={"name": user.name, "telephone": user.telephone, "roles": roles})


def _show(
    request: NodeRequest, user: User, form: PersonForm, *, password: str | None = None, status: int = 200
) -> HttpResponse:
    bureau = request.node
    context = {
        "person": user,
        "badge": standing(user),
        "form": form,
        "password": password,
        "crumbs": _crumbs(bureau),
        "is_self": user.pk == request.user.pk,
        "moments": [_moment(event) for event in _events(bureau, user)],
    }
    return render(request, "bureau/people/show.html", context, status=status)


def _events(bureau: Node, user: User) -> list[Event]:
    found = Event.objects.filter(subject_kind=SUBJECT, subject=str(user.pk), node=bureau)
    return list(found.order_by("-id")[:EVENTS_SHOWN])


def _moment(event: Event) -> Moment:
    title, tone = VERBS.get(event.verb, (event.verb, "neutral"))
    roles = role_names(event.data.get("roles", ()))
    before = role_names(event.data.get("roles_before", ()))
    if before and before != roles:
        title = f"{title}：{before} → {roles}"
    elif roles:
        title = f"{title}：{roles}"
    return Moment(event.at, title, event.actor_name, event.reason, tone)


def _crumbs(bureau: Node) -> list[Crumb]:
    return [Crumb("人员", bureau_url(bureau, "people"))]
