"""A sponsor's sign-in: address and password, then the second factor where one is set up."""

from __future__ import annotations

import math
import time

import redis
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from beian.models import Role
from beian.services import sign_in as service
from beian.services.refusals import ServiceError
from beian.web.access import roles_at
from beian.web.requests import AnyRequest
from enterprise.forms.account import CodeForm, SignInForm
from enterprise.models import SponsorAccount
from enterprise.services import accounts, second_factor
from enterprise.views.portal.doors import alone, at, provider_of, put_on, target_of

WAITING = "second_factor"
WAITS_SECONDS = 600
WRONG = "邮箱或密码不正确。"
PAUSED = "尝试次数过多，请在{minutes}分钟后再试。"


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: AnyRequest, isp: int) -> HttpResponse:
    """Show the sign-in page and, with POST, sign in or ask for the second factor."""
    target = target_of(request, at(request, "portal_home"))
    if request.user.is_authenticated and Role.SPONSOR in roles_at(request.user, request.node):
        return HttpResponseRedirect(target)
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            answer = _try(request, form, target)
        except redis.RedisError as error:
            status = put_on(form, error)
        else:
            if answer is not None:
                return answer
            status = 429 if "尝试次数" in str(form.errors) else 200
    return alone(request, "sign_in", {"form": form, "next": target}, status)


def _try(request: AnyRequest, form: SignInForm, target: str) -> HttpResponse | None:
    """Check what was typed; None, and the reason on the form, where it is wrong."""
    provider = provider_of(request)
    name = accounts.user_name(provider, form.cleaned_data["email"])
    outcome = service.check(request, name, form.cleaned_data["password"])
    account = SponsorAccount.objects.filter(provider=provider, user=outcome.user).first() if outcome.user else None
    if outcome.user is None or account is None:
        paused = outcome.wait > 0
        form.add_error(None, PAUSED.format(minutes=math.ceil(outcome.wait / 60)) if paused else WRONG)
        return None
    if account.second_factor:
        request.session.cycle_key()
        request.session[WAITING] = {"account": account.pk, "at": int(time.time()), "next": target}
        return HttpResponseRedirect(at(request, "sign_in_code"))
    service.enter(request, outcome.user)
    return HttpResponseRedirect(target)


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: AnyRequest, isp: int) -> HttpResponse:
    """Ask for the second factor of who has given address and password just now."""
    waiting = request.session.get(WAITING) or {}
    own = SponsorAccount.objects.filter(provider=provider_of(request), pk=waiting.get("account", 0))
    if time.time() - waiting.get("at", 0) > WAITS_SECONDS or not own.exists():
        return HttpResponseRedirect(at(request, "sign_in"))
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            account = second_factor.accept(waiting["account"], form.cleaned_data["code"])
        except (ServiceError, redis.RedisError) as error:
            status = put_on(form, error)
        else:
            if account is not None and account.user.is_active:
                del request.session[WAITING]
                service.enter(request, account.user)
                return HttpResponseRedirect(waiting["next"])
            form.add_error("code", second_factor.WRONG)
    return alone(request, "sign_in_code", {"form": form}, status)
