"""What the pages of accounts share: where one goes on, from where one comes, how refusals stand on a form."""

from __future__ import annotations

from typing import Any

import redis
import structlog
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from beian.models import Node
from beian.services.refusals import Invalid, ServiceError
from beian.web.client_address import client_address, client_network
from beian.web.requests import AnyRequest

log = structlog.get_logger(__name__)
UNCOUNTED = "服务暂时不可用，请稍后再试。"


def provider_of(request: AnyRequest) -> Node:
    """Give the provider whose page it is."""
    assert request.node is not None
    return request.node


def at(request: AnyRequest, name: str) -> str:
    """Give the address of a page of this provider's."""
    return reverse(f"enterprise:{name}", kwargs={"isp": provider_of(request).isp_id})


def target_of(request: HttpRequest, otherwise: str) -> str:
    """Give `next` where it leads to this site."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    own = url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return target if own else otherwise


def network_of(request: HttpRequest) -> str:
    """Give what a visitor is counted by."""
    return client_network(client_address(request))


def put_on(form: forms.Form, error: Exception) -> int:
    """Write on a form why something was refused; gives the status to answer with."""
    if isinstance(error, redis.RedisError):
        log.exception("tries cannot be counted")
        form.add_error(None, UNCOUNTED)
        return 503
    if isinstance(error, Invalid):
        for name, said in error.errors.items():
            for message in said:
                form.add_error(name if name in form.fields else None, message)
        return 422
    form.add_error(None, error.message if isinstance(error, ServiceError) else str(error))
    return 429


def alone(request: AnyRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Show a page of an account."""
    return render(request, f"enterprise/portal/{template}.html", context, status=status)
