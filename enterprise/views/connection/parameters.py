"""Entering and changing what the bureau issued."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from beian.services.refusals import Invalid
from beian.web.requests import NodeRequest
from enterprise.forms.connection import SECRETS, ParametersForm
from enterprise.gateway import verbs
from enterprise.models import Connection
from enterprise.views.connection.own import connection_of, crumbs, page_url

SHOWN = ("endpoint", "user_name", "encrypt", "poll_seconds", "active")
SUGGESTED = {"active": True, "poll_seconds": 60}


@require_http_methods(["GET", "HEAD", "POST"])
def connection_edit(request: NodeRequest, isp: int) -> HttpResponse:
    """Enter the parameters, or change them; what does not fit is said beside its field."""
    found = connection_of(request.node)
    known = frozenset(name for name in SECRETS if found is not None and getattr(found, name))
    initial = {name: getattr(found, name) for name in SHOWN} if found else SUGGESTED
    form = ParametersForm(request.POST or None, known=known, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            connection = verbs.set_parameters(request.node, request.user, **form.given)
        except Invalid as error:
            _add(form, error)
        else:
            messages.success(request, _said(connection))
            return redirect(page_url(request.node, "connection"))
    context = {
        "form": form,
        "connection": found,
        "crumbs": crumbs(request.node),
        "back": page_url(request.node, "connection"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "enterprise/connection/edit.html", context, status=status)


def _add(form: ParametersForm, error: Invalid) -> None:
    """Put what does not fit beside its field."""
    for name, said in error.errors.items():
        for message in said:
            form.add_error(name if name in form.fields else None, message)


def _said(connection: Connection) -> str:
    if not connection.active:
        return "已保存。对接停用期间不上报也不取回。"
    return "已保存，系统马上按新的参数再试。请在“测试”中查询一次。"
