"""Who calls: a token in `Authorization: Bearer beian_…`, of the provider that the URL names."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from enterprise.models import ApiToken
from enterprise.services import api_tokens


class TokenAuthentication(BaseAuthentication):
    """Finds the token; `request.auth` is it. There is no user: a system acts, not a person."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, ApiToken] | None:
        words = get_authorization_header(request).decode("latin-1").split()
        if not words or words[0].lower() != "bearer":
            return None
        token = api_tokens.find(request.node, words[1]) if len(words) == 2 else None  # type: ignore[attr-defined]
        if token is None:
            raise AuthenticationFailed("令牌不存在或已停用。")
        return AnonymousUser(), token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HasScope(BasePermission):
    """Admits a token that has the scope which the view asks for this method: `scopes = {"GET": …}`."""

    message = "这个令牌没有所需的权限。"

    def has_permission(self, request: Request, view: APIView) -> bool:
        scopes: dict[str, str] = getattr(view, "scopes", {})
        needed = scopes.get("GET" if request.method == "HEAD" else request.method or "")
        if not isinstance(request.auth, ApiToken) or needed is None:
            return False
        self.message = f"这个令牌没有权限 {needed}。"
        return needed in request.auth.scopes


class TokenThrottle(SimpleRateThrottle):
    """600 calls a minute for each token."""

    scope = "token"
    rate = "600/min"

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return f"api-throttle:{request.auth.pk}" if isinstance(request.auth, ApiToken) else None


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema document writes the token down."""

    target_class = "enterprise.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "beian_…"}
