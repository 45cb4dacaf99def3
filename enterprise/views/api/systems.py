"""The systems that may call the interface, and those that want to be told."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from beian.services.refusals import Invalid
from beian.web.components import Badge
from beian.web.requests import NodeRequest
from enterprise.forms.api import TokenForm, WebhookForm
from enterprise.models import ApiToken, Scope, Webhook
from enterprise.services import api_tokens, webhooks


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that is shown this once."""

    label: str
    text: str


@require_safe
def show(request: NodeRequest, isp: int) -> HttpResponse:
    """List tokens and webhooks."""
    return _show(request)


@never_cache
@require_POST
def make_token(request: NodeRequest, isp: int) -> HttpResponse:
    """Make a token. The answer to the form shows it, this once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _show(request, token_form=form)
    token, text = api_tokens.make(request.node, form.cleaned_data["name"], form.cleaned_data["scopes"], request.user)
    return _show(request, secret=Secret(f"“{token.name}”的令牌", text))


@require_POST
def revoke_token(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Stop a token."""
    try:
        api_tokens.revoke(request.node, pk, request.user)
    except ApiToken.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, "令牌已停用，使用它的系统立即不能调用。")
    return redirect("enterprise:systems", isp=isp)


@never_cache
@require_POST
def add_webhook(request: NodeRequest, isp: int) -> HttpResponse:
    """Add a webhook. The answer to the form shows its secret, this once."""
    form = WebhookForm(request.POST)
    if form.is_valid():
        try:
            hook, secret = webhooks.add(request.node, form.cleaned_data["url"], request.user)
        except Invalid as error:
            form.add_error("url", error.errors["url"])
        else:
            return _show(request, secret=Secret(f"{hook.url} 的签名密钥", secret))
    return _show(request, webhook_form=form)


@require_POST
def switch_webhook(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Switch a webhook on or off."""
    try:
        webhooks.switch(request.node, pk, request.POST.get("active") == "1", request.user)
    except Webhook.DoesNotExist as error:
        raise Http404 from error
    return redirect("enterprise:systems", isp=isp)


def _show(
    request: NodeRequest,
    *,
    token_form: TokenForm | None = None,
    webhook_form: WebhookForm | None = None,
    secret: Secret | None = None,
) -> HttpResponse:
    refused = token_form or webhook_form
    context = {
        "tokens": [
            (token, _standing(token), [Scope(each).label for each in token.scopes])
            for token in ApiToken.objects.filter(provider=request.node).order_by("revoked_at", "-pk")
        ],
        "webhooks": [
            (hook, Badge("启用", "good") if hook.active else Badge("停用"))
            for hook in Webhook.objects.filter(provider=request.node).order_by("pk")
        ],
        "token_form": token_form or TokenForm(),
        "webhook_form": webhook_form or WebhookForm(),
        "secret": secret,
        "base_url": request.build_absolute_uri(reverse("enterprise:api_root", kwargs={"isp": request.node.isp_id})),
    }
    return render(request, "enterprise/api/systems.html", context, status=422 if refused else 200)


def _standing(token: ApiToken) -> Badge:
    return Badge("已停用") if token.revoked_at else Badge("启用", "good")
