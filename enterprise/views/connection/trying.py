"""Trying the six operations, one at a time: what was answered, how long it took, what it means."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from beian.services.refusals import ServiceError
from beian.web.components import Badge
from beian.web.forms import Form
from beian.web.requests import NodeRequest
from enterprise.forms.connection import NothingForm, PasswordForm, StatusForm
from enterprise.gateway import verbs
from enterprise.models import Call, Connection
from enterprise.views.connection.answered import Said, said
from enterprise.views.connection.calls import answer, explained
from enterprise.views.connection.own import OPERATIONS, crumbs, require_connection, tabs


@dataclass(frozen=True, slots=True)
class Trial:
    """An operation to be tried: what it asks, and what trying it does and does not do."""

    operation: str
    form: type[Form]
    note: str

    @property
    def title(self) -> str:
        """What the operation is called."""
        return OPERATIONS[self.operation]


TRIALS = (
    Trial("isp_querypreviousupload", NothingForm, "查询管局最近受理的序号，什么也不改变。先试这一项。"),
    Trial("isp_download", NothingForm, "看看信箱里有没有待取的文件；只看不确认，文件仍由系统照常取回。"),
    Trial(
        "isp_downloadack",
        NothingForm,
        "再次确认最近已确认过的文件，什么也不改变；还没有时用一个不存在的文件名。",
    ),
    Trial("isp_upload", NothingForm, "重发最近已接收的那一份文件：管局认得出来，不会重复受理，也不占用新的序号。"),
    Trial("isp_querybeianstatus", StatusForm, "查询域名或证件是否已有备案。"),
    Trial("isp_verifybamm", PasswordForm, "校验主体的备案密码；管局会记录错误次数。"),
)


@dataclass(frozen=True, slots=True)
class Tried:
    """A trial on the page: its form, and what came of the call if it was made now; `said` is the answer in words."""

    trial: Trial
    form: Form
    call: Call | None = None
    said: Said | None = None
    badge: Badge | None = None
    advice: str = ""
    problem: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def connection_try(request: NodeRequest, isp: int) -> HttpResponse:
    """Offer the six operations; try the one that was asked for."""
    connection = require_connection(request.node)
    operation = request.POST.get("operation", "")
    if request.method == "POST" and operation not in OPERATIONS:
        raise Http404("no such operation")
    tried = [_tried(request, connection, trial, operation) for trial in TRIALS]
    context = {"tried": tried, "tabs": tabs(request, "connection_try"), "crumbs": crumbs(request.node)}
    # Into a page that stands there only what was answered with 200 is put: errors come as the part that holds them.
    wrong = not request.htmx and any(each.form.errors for each in tried)
    return render(request, "enterprise/connection/try.html", context, status=422 if wrong else 200)


def _tried(request: NodeRequest, connection: Connection, trial: Trial, operation: str) -> Tried:
    auto_id = f"{trial.operation}_%s"
    if trial.operation != operation:
        return Tried(trial, trial.form(auto_id=auto_id))
    form = trial.form(request.POST, auto_id=auto_id)
    if not form.is_valid():
        return Tried(trial, form)
    try:
        attempt = verbs.test_call(connection, trial.operation, request.user, **form.cleaned_data)
    except ServiceError as error:
        return Tried(trial, form, problem=error.message)
    call = attempt.call
    return Tried(trial, form, call, said(attempt), answer(call), explained(call))
