"""Signing in and out, the way to one's desk, one's own password."""

from __future__ import annotations

import math
from typing import Any

import redis
import structlog
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beian.events import record
from beian.models import Membership, NodeKind, Role, User
from beian.services import sign_in as service
from beian.web.client_address import client_address
from beian.web.forms import Form
from beian.web.navigation import desks, url_at
from beian.web.requests import AnyRequest

log = structlog.get_logger(__name__)
WRONG = "用户名或密码不正确。"
PAUSED = "尝试次数过多，请在 {minutes} 分钟后再试。"
UNCOUNTED = "登录服务暂时不可用，请稍后再试。"


class SignInForm(Form):
    """A name and a password; nothing is said about which of them is wrong."""

    username = forms.CharField(
        label="用户名",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordForm(Form):
    """A person's new password, and the old one as a proof."""

    old = forms.CharField(
        label="当前密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label="新密码",
        max_length=200,
        strip=False,
        help_text="至少 10 个字符，不能是常见密码，也不能与用户名或姓名相近。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再次输入新密码",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_new(self) -> str:
        """Hold the new password against the rules."""
        new: str = self.cleaned_data["new"]
        password_validation.validate_password(new, self.user)
        return new

    def clean_again(self) -> str:
        """See that it was typed alike twice."""
        again: str = self.cleaned_data["again"]
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise ValidationError("两次输入的新密码不一致。")
        return again


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: AnyRequest) -> HttpResponse:
    """Show the sign-in page and, with POST, sign in and go on to `next`."""
    target = _target(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(target)
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        status = _try(request, form)
        if request.user.is_authenticated:
            return HttpResponseRedirect(target)
    return render(request, "account/login.html", {"form": form, "next": target}, status=status)


def _try(request: AnyRequest, form: SignInForm) -> int:
    """Try to sign in; write on the form why not. Gives the status to answer with."""
    try:
        outcome = service.sign_in(request, form.cleaned_data["username"], form.cleaned_data["password"])
    except redis.RedisError:
        log.exception("sign-in tries cannot be counted")
        form.add_error(None, UNCOUNTED)
        return 503
    if outcome.user is None:
        paused = outcome.wait > 0
        form.add_error(None, PAUSED.format(minutes=math.ceil(outcome.wait / 60)) if paused else WRONG)
        return 429 if paused else 200
    return 200


def _target(request: HttpRequest) -> str:
    """Give `next` where it leads to this site, the desk otherwise."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    own = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return target if own else str(settings.LOGIN_REDIRECT_URL)


@require_POST
def sign_out(request: AnyRequest) -> HttpResponse:
    """End the session."""
    door = reverse("login")
    if isinstance(request.user, User):
        door = _door_of(request.user)
        record("user", request.user.pk, "sign_out.done", actor=request.user, data={"address": client_address(request)})
    logout(request)
    return HttpResponseRedirect(door)


def _door_of(user: User) -> str:
    """Give the page where a person came in: a sponsor at his provider's front page."""
    sponsors = Membership.objects.filter(user=user, role=Role.SPONSOR, node__kind=NodeKind.PROVIDER)
    held = sponsors.select_related("node").first()
    return url_at("enterprise:front", held.node) if held and held.node.is_served else reverse("login")


@require_safe
def front(request: AnyRequest) -> HttpResponse:
    """Lead from the door of a host without a public page to one's desk, by way of the sign-in."""
    return redirect("home")


@require_safe
def home(request: AnyRequest) -> HttpResponse:
    """Lead to the person's first desk; say what to do where there is none."""
    assert isinstance(request.user, User)
    own = desks(request.user)
    if own:
        return HttpResponseRedirect(own[0].url)
    return render(request, "account/no_desk.html")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: AnyRequest) -> HttpResponse:
    """Let a person change his password. Wrong old ones count like wrong sign-ins."""
    assert isinstance(request.user, User)
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid() and _proves(request, request.user, form):
        service.change_password(request, request.user, form.cleaned_data["new"])
        messages.success(request, "密码已修改，其他设备上的登录已全部退出。")
        return redirect("home")
    return render(request, "account/password.html", {"form": form})


def _proves(request: AnyRequest, user: User, form: PasswordForm) -> bool:
    problem = service.prove(request, user, form.cleaned_data["old"])
    if problem is None:
        return True
    form.add_error("old", PAUSED.format(minutes=math.ceil(problem / 60)) if problem else "当前密码不正确。")
    return False
