"""The parameters of a connection (通信参数), as the bureau issued them, and what fits them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from beian.models import Node, Role, User
from beian.services.refusals import Invalid
from enterprise.gateway import waiting
from enterprise.gateway.waiting import require
from enterprise.models import Connection

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
POLL_SECONDS = (1, 86_400)
KEY_LENGTH = 16


def set_parameters(provider: Node, actor: User | None, **parameters: Any) -> Connection:
    """Set parameters of the connection, made where there is none; what is not given stays as it is.

    Takes `endpoint`, `user_name`, `password`, `aes_key`, `aes_iv`, `encrypt`, `active`, `poll_seconds`.
    Secrets given as "" stay as they are, None takes the keys away. With another endpoint the numbers are
    learnt anew. Raises `Invalid` with all that does not fit, `NotAllowed`.
    """
    require(actor, provider, ADMINISTRATORS)
    with transaction.atomic():
        found = Connection.objects.select_for_update(of=("self",)).select_related("provider").filter(provider=provider)
        connection = found.first() or Connection(provider=provider)
        before = {name: getattr(connection, name) for name in parameters}
        for name, value in parameters.items():
            if not (value == "" and name in ("password", "aes_key", "aes_iv")):
                setattr(connection, name, value.strip() if isinstance(value, str) and name != "password" else value)
        if errors := _errors(connection):
            raise Invalid(errors)
        changed = sorted(name for name, value in before.items() if value != getattr(connection, name))
        if "endpoint" in changed:
            connection.last_sequence = None
        connection.save()
        if changed:
            waiting.free(connection)
            waiting.tell(connection, "set_parameters", actor, changed=changed)
        return connection


def _errors(connection: Connection) -> dict[str, list[str]]:
    """Say what does not fit, by field."""
    errors = {
        "endpoint": _of_endpoint(connection.endpoint),
        "user_name": [] if connection.user_name else ["请填写管局发放的用户名。"],
        "password": _of_password(connection.password),
        "poll_seconds": _of_seconds(connection.poll_seconds),
        "encrypt": _of_encryption(connection),
        **{name: _of_key(getattr(connection, name)) for name in ("aes_key", "aes_iv")},
    }
    if not errors["aes_key"] and not errors["aes_iv"] and bool(connection.aes_key) != bool(connection.aes_iv):
        errors["aes_iv" if connection.aes_key else "aes_key"] = ["AES密钥和偏移量须一同填写。"]
    return {name: said for name, said in errors.items() if said}


def _of_endpoint(endpoint: str) -> list[str]:
    try:
        parts = urlsplit(endpoint)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        bare = not (parts.query or parts.fragment or parts.username)
    except ValueError:
        fits = bare = False
    return [] if fits and bare else ["填写管局接口的地址，以 http:// 或 https:// 开头，例如 https://gd.beian.example。"]


def _of_password(password: str) -> list[str]:
    if not password:
        return ["请填写管局发放的认证密码。"]
    try:
        password.encode("gbk")
    except UnicodeEncodeError:
        return ["密码中有GBK编码没有的字符，管局不可能发放这样的密码。"]
    return []


def _of_seconds(seconds: object) -> list[str]:
    least, most = POLL_SECONDS
    fits = isinstance(seconds, int) and least <= seconds <= most
    return [] if fits else [f"查询间隔为{least}至{most}秒。"]


def _of_encryption(connection: Connection) -> list[str]:
    keys = connection.aes_key and connection.aes_iv
    return ["加密上报需要AES密钥和偏移量。"] if connection.encrypt and not keys else []


def _of_key(key: str | None) -> list[str]:
    fits = not key or (key.isascii() and len(key) == KEY_LENGTH)
    return [] if fits else [f"应为{KEY_LENGTH}个ASCII字符。"]
