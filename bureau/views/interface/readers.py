"""The people who read for a provider: opened with a temporary password, closed with a reason."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from beian.web.components import Crumb
from beian.web.forms import Form
from beian.web.requests import NodeRequest
from bureau.forms.accounts import TELEPHONE
from bureau.forms.people import USERNAME
from bureau.services import provider_people as services
from bureau.services.guard import ReviewError
from bureau.views.interface.office import (
    Act,
    account_of,
    add_errors,
    ask_and_act,
    below,
    bureau_url,
    crumbs,
    manages,
    standing,
    tabs,
)


class ReaderForm(Form):
    """A person of a provider who is to read at the bureau."""

    username = forms.CharField(label="用户名", max_length=64, validators=[USERNAME], help_text="用于登录，不能更改。")
    name = forms.CharField(label="姓名", max_length=64)
    telephone = forms.CharField(label="办公电话", max_length=32, required=False, validators=[TELEPHONE])


@require_http_methods(["GET", "HEAD", "POST"])
def provider_readers(request: NodeRequest, province: int, isp_id: int) -> HttpResponse:
    """List who reads for a provider, and add one. The answer to the form shows the password, this once."""
    account, issued = account_of(request, isp_id), None
    form = ReaderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            issued = services.add_reader(account, request.user, **form.cleaned_data)
            form = ReaderForm()
        except ReviewError as error:
            add_errors(form, error)
    context = {
        "account": account,
        "badge": standing(account),
        "crumbs": crumbs(request.node),
        "tabs": tabs(account, "provider_readers"),
        "readers": services.readers_of(account),
        "form": form,
        "issued": issued,
        "manages": manages(request),
    }
    return render(request, "bureau/accounts/readers.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def provider_reader_close(request: NodeRequest, province: int, isp_id: int, user_id: int) -> HttpResponse:
    """End a person's reading, with a reason."""
    account = account_of(request, isp_id)
    reader = services.readers_of(account).filter(pk=user_id).first()
    if reader is None:
        raise Http404(f"{user_id} does not read for {isp_id}")
    back = bureau_url(request.node, "provider_readers", isp_id=isp_id)

    def perform(reason: str) -> str:
        services.close_reader(account, user_id, request.user, reason)
        return f"{reader.name}不再能查询。"

    return ask_and_act(
        request,
        Act(
            title="停用查询员",
            warning=f"{reader.name}（{reader.username}）停用后不能登录，已登录的会话立即失效。",
            submit="停用",
            dangerous=True,
            back=back,
            crumbs=[*below(account), Crumb("查询员", back)],
            perform=perform,
        ),
    )
