"""Tokens of the provider's own systems: made by an administrator, shown once, stopped at once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from beian import events
from beian.models import Node, User
from beian.services.refusals import Invalid
from enterprise.models import ApiToken, Scope

MARK = "beian_"
USE_NOTED_EVERY = timedelta(minutes=1)


def make(provider: Node, name: str, scopes: Collection[str], actor: User) -> tuple[ApiToken, str]:
    """Make a token; gives it and its text, which nobody can read again. Raises `Invalid`."""
    errors: dict[str, list[str]] = {}
    if not name.strip():
        errors["name"] = ["请填写使用该令牌的系统名称。"]
    if not scopes or not set(scopes) <= set(Scope.values):
        errors["scopes"] = ["请至少选择一项权限。"]
    if errors:
        raise Invalid(errors)
    text = f"{MARK}{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        token = ApiToken.objects.create(
            provider=provider,
            name=name.strip(),
            start=text[:12],
            digest=digest_of(text),
            scopes=sorted(scopes),
            made_by=actor,
        )
        _tell(token, "make", actor)
    return token, text


def revoke(provider: Node, token_id: int, actor: User) -> None:
    """Stop a token; stopping it again changes nothing."""
    with transaction.atomic():
        token = ApiToken.objects.select_for_update().get(provider=provider, pk=token_id)
        if token.revoked_at is None:
            token.revoked_at = timezone.now()
            token.save(update_fields=["revoked_at"])
            _tell(token, "revoke", actor)


def find(provider: Node, text: str) -> ApiToken | None:
    """Find the token that a caller shows, unless it was stopped; notes its use once a minute."""
    token = ApiToken.objects.filter(provider=provider, digest=digest_of(text), revoked_at=None).first()
    if token is None:
        return None
    now = timezone.now()
    if token.used_at is None or now - token.used_at > USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(used_at=now)
    return token


def digest_of(text: str) -> str:
    """Give the SHA-256 of a token, in hex. A token is random, so nothing slower is needed."""
    return hashlib.sha256(text.encode()).hexdigest()


def _tell(token: ApiToken, verb: str, actor: User) -> None:
    data = {"name": token.name, "scopes": list(token.scopes)}
    events.record("api_token", token.pk, verb, node=token.provider, actor=actor, data=data)
