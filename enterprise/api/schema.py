"""The interface written down: OpenAPI 3.1, and a page to try it.

`docs/provider-api.yaml` is made by `manage.py provider_api`; a test fails when it and the code part ways.
"""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer

TITLE = "企业侧备案系统接口"
DESCRIPTION = """业务系统和现场核验应用通过本接口提交和跟踪备案申请、上传照片、登记核验、查询备案。

* 身份：`Authorization: Bearer <令牌>`，令牌由管理员在“系统接口”页创建，每个系统一个，按权限授权。
* 重发：POST 和 PUT 可带 `Idempotency-Key`，24 小时内同一键的同一请求只执行一次。
* 出错：`{"message": …, "errors": {"字段路径": ["…"]}}`，一次给出全部问题。
* 通知：登记 Webhook 后，申请和任务的每次变化都会投递，签名见 `Beian-Signature`。
"""

ERROR = {
    "type": "object",
    "description": "400 看不懂请求；401、403 身份或权限；404 没有；409 状态已变；422 不符合规则；429 过于频繁。",
    "properties": {
        "message": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    },
    "required": ["message", "errors"],
}


def document(patterns: list[Any] | None = None, *, server: str = "") -> dict[str, Any]:
    """Give the schema as JSON. `server` is the address that the paths stand below."""
    from enterprise.urls_api import api_patterns

    generator = SchemaGenerator(patterns=patterns or api_patterns)  # type: ignore[no-untyped-call]
    found: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    found["info"] |= {"title": TITLE, "description": DESCRIPTION}
    _tell_errors(found)
    if server:
        found["servers"] = [{"url": server}]
    return found


def _tell_errors(found: dict[str, Any]) -> None:
    """Say of every operation what it answers where it could not do what was asked."""
    found["components"]["schemas"]["Error"] = ERROR
    for path in found["paths"].values():
        for operation in path.values():
            operation["responses"]["default"] = {
                "description": "未能完成",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
            }


def as_yaml() -> str:
    """Give the schema as it is committed."""
    text: bytes = OpenApiYamlRenderer().render(document(), renderer_context={})  # type: ignore[no-untyped-call]
    return text.decode()


def schema(request: HttpRequest, isp: int) -> HttpResponse:
    """Answer the schema document."""
    server = request.build_absolute_uri(reverse("enterprise:api_root", kwargs={"isp": isp})).rstrip("/")
    body = OpenApiJsonRenderer().render(document(server=server), renderer_context={})
    return HttpResponse(body, content_type="application/vnd.oai.openapi+json")


@csp_update({"style-src": ["'unsafe-inline'"]})  # type: ignore[arg-type]
def try_it(request: HttpRequest, isp: int) -> HttpResponse:
    """Show the page on which the interface is read and tried."""
    return render(
        request, "enterprise/api/try_it.html", {"schema_url": reverse("enterprise:api_schema", kwargs={"isp": isp})}
    )
