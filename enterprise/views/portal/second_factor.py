"""Setting up the second factor, and taking it away."""

from __future__ import annotations

import redis
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from beian.services import sign_in as signing
from beian.services.refusals import Invalid
from beian.web.requests import NodeRequest
from enterprise.forms.account import CodeForm, PasswordProofForm
from enterprise.services import second_factor
from enterprise.views.portal.doors import alone, at, put_on
from enterprise.views.portal.own import account_here

NEW_SECRET = "new_second_factor"


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def turn_on(request: NodeRequest, isp: int) -> HttpResponse:
    """Show the secret as a QR code; with the first code set it up and show the recovery codes, once."""
    account = account_here(request)
    if account is None or account.second_factor:
        return HttpResponseRedirect(at(request, "account"))
    secret = request.session.setdefault(NEW_SECRET, second_factor.new_secret())
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = second_factor.turn_on(account, secret, form.cleaned_data["code"])
        except Invalid as error:
            put_on(form, error)
        else:
            del request.session[NEW_SECRET]
            return alone(request, "recovery_codes", {"codes": codes})
    uri = second_factor.address(account, secret)
    # Drawn here from our own address: nothing of it is a visitor's markup.
    context = {"form": form, "picture": mark_safe(second_factor.picture(uri)), "secret": secret}  # noqa: S308
    return alone(request, "second_factor", context)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def turn_off(request: NodeRequest, isp: int) -> HttpResponse:
    """Take the second factor away, for who proves the password."""
    account = account_here(request)
    if account is None or not account.second_factor:
        return HttpResponseRedirect(at(request, "account"))
    form = PasswordProofForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            wait = signing.prove(request, request.user, form.cleaned_data["password"])
        except redis.RedisError as error:
            return alone(request, "second_factor_off", {"form": form}, put_on(form, error))
        if wait is None:
            second_factor.turn_off(account)
            messages.success(request, "两步验证已关闭。")
            return HttpResponseRedirect(at(request, "account"))
        form.add_error("password", "当前密码不正确。" if not wait else f"请在{-(-wait // 60)}分钟后再试。")
    return alone(request, "second_factor_off", {"form": form})
