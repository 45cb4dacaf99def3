"""What the bureau asks for: followed, and accesses reported as cut, by the system that runs them."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from beian.services.refusals import Invalid
from beian.web.keyset import Order
from enterprise.api import paging
from enterprise.api.base import ProviderView, repeatable_key
from enterprise.models import Scope, Task, TaskKind, TaskState
from enterprise.services import closures
from enterprise.services.repeating import Answer


class TaskSerializer(serializers.Serializer[Any]):
    """A task."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=TaskKind.choices)
    state = serializers.ChoiceField(choices=TaskState.choices)
    title = serializers.CharField()
    due = serializers.DateField(allow_null=True)
    received_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)


class CutSerializer(serializers.Serializer[Any]):
    """A domain or an address to which access was cut."""

    domain = serializers.CharField(max_length=255, required=False, default="")
    address = serializers.IPAddressField(protocol="IPv4", required=False, allow_null=True, default=None)
    by = serializers.CharField(max_length=64, help_text="操作人或系统名称。")
    note = serializers.CharField(max_length=255, required=False, allow_blank=True, default="")


class CutReported(serializers.Serializer[Any]):
    """How many lines of closures this settled; 0 where nothing was to be cut there."""

    settled = serializers.IntegerField()


class Tasks(ProviderView):
    """The tasks of a provider."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.TASKS_READ}

    @extend_schema(
        operation_id="list_tasks",
        parameters=[
            *paging.PARAMETERS,
            OpenApiParameter("kind", str, enum=list(TaskKind.values)),
            OpenApiParameter("state", str, enum=list(TaskState.values)),
        ],
        responses=paging.page_of(TaskSerializer),
    )
    def get(self, request: Request, isp: int) -> Response:
        """List tasks, the newest first."""
        rows = Task.objects.filter(provider=self.provider).defer("content")
        for name, known in (("kind", TaskKind.values), ("state", TaskState.values)):
            if value := request.query_params.get(name):
                if value not in known:
                    raise Invalid({name: ["没有这种取值。"]})
                rows = rows.filter(**{name: value})
        return paging.page(request, rows, Order("id", descending=True), "tasks", _written)


class Cuts(ProviderView):
    """Accesses that were cut."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.TASKS_WRITE}

    @extend_schema(
        operation_id="report_cut", parameters=[repeatable_key()], request=CutSerializer, responses=CutReported
    )
    def post(self, request: Request, isp: int) -> Response:
        """Report that a domain or an address is cut; closures wait for this before the bureau is answered."""
        given = CutSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        if not values["domain"] and not values["address"]:
            raise Invalid({"domain": ["请填写域名或地址。"]})
        return self.repeatable(lambda: self._report(values))

    def _report(self, values: dict[str, Any]) -> Answer:
        address = int(IPv4Address(values["address"])) if values["address"] else None
        found = closures.report_cut(
            self.provider, by_name=values["by"], note=values["note"], domain=values["domain"], address=address
        )
        return Answer(200, {"settled": len(found)})


def _written(task: Task) -> dict[str, Any]:
    return dict(TaskSerializer(task).data)
