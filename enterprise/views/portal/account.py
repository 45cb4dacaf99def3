"""A sponsor's account: registering, getting in again without the password, another address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import redis
from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from beian.services import sign_in as signing
from beian.services.refusals import ServiceError
from beian.web.requests import AnyRequest, NodeRequest
from enterprise.forms.account import ChangeEmailForm, CodeForm, EmailForm, NewPasswordForm, RegisterForm
from enterprise.models import SponsorAccount
from enterprise.services import accounts
from enterprise.services.accounts import Purpose
from enterprise.views.portal.doors import alone, at, network_of, provider_of, put_on
from enterprise.views.portal.own import account_here, own_account

KEPT = "address_proof"
REFUSED = (ServiceError, redis.RedisError)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: AnyRequest, isp: int) -> HttpResponse:
    """Ask for an address and send it a code."""
    return _ask(request, Purpose.REGISTER, "register", "register_confirm")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register_confirm(request: AnyRequest, isp: int) -> HttpResponse:
    """Make the account of who can tell the code, and sign in."""

    def make(form: forms.Form, email: str) -> str:
        values = form.cleaned_data
        account = accounts.register(provider_of(request), email, values["name"], values["new"])
        _enter(request, account)
        messages.success(request, "账号已注册。")
        return at(request, "portal_home")

    return _confirm(request, Purpose.REGISTER, RegisterForm, "register", make)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset(request: AnyRequest, isp: int) -> HttpResponse:
    """Ask for the address of who has forgotten the password."""
    return _ask(request, Purpose.RESET, "reset", "reset_confirm")


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset_confirm(request: AnyRequest, isp: int) -> HttpResponse:
    """Set the new password of who can tell the code; signing in, with the second factor, comes after."""

    def make(form: forms.Form, email: str) -> str:
        accounts.reset_password(provider_of(request), email, form.cleaned_data["new"])
        messages.success(request, "密码已重设，请用新密码登录。")
        return at(request, "sign_in")

    return _confirm(request, Purpose.RESET, NewPasswordForm, "reset", make)


@require_safe
def account(request: NodeRequest, isp: int) -> HttpResponse:
    """Show the account."""
    found = account_here(request)
    return alone(request, "account", {"account": found}) if found else HttpResponseRedirect(at(request, "front"))


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def email(request: NodeRequest, isp: int) -> HttpResponse:
    """Ask for a new address, and the password as a proof."""
    form = ChangeEmailForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            wait = signing.prove(request, request.user, form.cleaned_data["password"])
            if wait is None:
                _send(request, Purpose.CHANGE, form.cleaned_data["email"])
                return HttpResponseRedirect(at(request, "account_email_confirm"))
            form.add_error("password", "当前密码不正确。" if not wait else f"请在{-(-wait // 60)}分钟后再试。")
        except REFUSED as error:
            status = put_on(form, error)
    return alone(request, "change_email", {"form": form}, status)


@require_http_methods(["GET", "HEAD", "POST"])
def email_confirm(request: NodeRequest, isp: int) -> HttpResponse:
    """Change the address of who can tell the code that was sent to the new one."""

    def make(form: forms.Form, address: str) -> str:
        accounts.change_email(own_account(request), address)
        messages.success(request, "登录邮箱已更改，下次请用新邮箱登录。")
        return at(request, "account")

    return _confirm(request, Purpose.CHANGE, CodeForm, "account_email", make)


def _ask(request: AnyRequest, purpose: Purpose, template: str, then: str) -> HttpResponse:
    form = EmailForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            _send(request, purpose, form.cleaned_data["email"])
            return HttpResponseRedirect(at(request, then))
        except REFUSED as error:
            status = put_on(form, error)
    return alone(request, template, {"form": form}, status)


def _send(request: AnyRequest, purpose: Purpose, address: str) -> None:
    request.session[KEPT] = accounts.ask_code(provider_of(request), address, purpose, network_of(request))


def _confirm(
    request: AnyRequest,
    purpose: Purpose,
    form_class: type[CodeForm],
    begins: str,
    make: Callable[[forms.Form, str], str],
) -> HttpResponse:
    """Ask for the code of a letter; with the right one do what it proves, and go where `make` says."""
    provider, kept = provider_of(request), request.session.get(KEPT, "")
    address = accounts.pending(provider, kept, purpose)
    if not address:
        return HttpResponseRedirect(at(request, begins))
    more: dict[str, Any] = {"email": address} if issubclass(form_class, NewPasswordForm) else {}
    form = form_class(request.POST or None, **more)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            target = make(form, accounts.prove(provider, kept, purpose, form.cleaned_data["code"]))
        except REFUSED as error:
            status = put_on(form, error)
        else:
            request.session.pop(KEPT, None)
            return HttpResponseRedirect(target)
    context = {"form": form, "email": address, "purpose": str(purpose), "again_url": at(request, begins)}
    return alone(request, "confirm", context, status)


def _enter(request: AnyRequest, account: SponsorAccount) -> None:
    signing.enter(request, account.user)
