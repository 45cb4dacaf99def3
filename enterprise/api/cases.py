"""Cases: begun and followed by the provider's ordering system and its field app."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter, PolymorphicProxySerializer, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from beian.services.refusals import Invalid, MovedOn
from beian.web.keyset import Order
from enterprise.api import paging
from enterprise.api.base import ProviderView, repeatable_key
from enterprise.api.shapes import REQUESTS, as_typed, request_serializer
from enterprise.models import Agent, Case, Scope
from enterprise.services import cases, drafts, handed_files
from enterprise.services.cases import Beginning
from enterprise.services.guard import check_version, lock
from enterprise.services.repeating import Answer
from enterprise.workflow import Kind, Origin, State, Team

KINDS: dict[str, Kind] = {name: Kind[name.upper()] for name in REQUESTS}
"""The kinds of cases that a system may begin, as the interface calls them."""
_NAMES = {kind.value: name for name, kind in KINDS.items()}

DRAFT = PolymorphicProxySerializer(
    component_name="Draft",
    serializers=list(dict.fromkeys(request_serializer(name) for name in REQUESTS)),
    resource_type_field_name=None,
)


class BeginningSerializer(serializers.Serializer[Any]):
    """A case to begin."""

    kind = serializers.ChoiceField(choices=[(name, kind.label) for name, kind in KINDS.items()])
    order = serializers.CharField(
        max_length=128, required=False, default="", help_text="业务系统中的编号；同一编号只建一件，重复提交得到同一件。"
    )
    team = serializers.ChoiceField(choices=Team.choices, required=False, default=Team.NEW)
    agent = serializers.CharField(max_length=255, required=False, default="", help_text="下属代理商名称。")
    submit = serializers.BooleanField(required=False, default=False, help_text="填写完整时直接提交初审。")
    filing_password = serializers.CharField(
        max_length=64, required=False, allow_null=True, default=None, help_text="备案密码，只在直接提交时使用。"
    )


class SubmissionSerializer(serializers.Serializer[Any]):
    """What is said when a case is handed in."""

    filing_password = serializers.CharField(
        max_length=64, required=False, allow_null=True, help_text="备案密码：新增接入和注销主体时填写。"
    )


@extend_schema_field(DRAFT)
class DraftField(serializers.JSONField):
    """A draft of any kind; read by the serializer of the case's kind."""


class WrittenBeginning(BeginningSerializer):
    """A case to begin, with what was filled in so far."""

    draft = DraftField(required=False)


class CodeSerializer(serializers.Serializer[Any]):
    """A result code of the bureau."""

    code = serializers.IntegerField()
    description = serializers.CharField(allow_null=True)


class CorrectionSerializer(serializers.Serializer[Any]):
    """What has to be put right."""

    about = serializers.CharField(help_text="字段路径，例如 websites.0.name；空为整件。")
    note = serializers.CharField()


class CaseSerializer(serializers.Serializer[Any]):
    """A case as it stands."""

    id = serializers.IntegerField()
    reference = serializers.CharField(help_text="受理号")
    order = serializers.CharField()
    kind = serializers.CharField()
    state = serializers.ChoiceField(choices=State.choices)
    sponsor_name = serializers.CharField()
    domains = serializers.ListField(child=serializers.CharField())
    filing_number = serializers.CharField(help_text="备案号；尚未取得时为空。")
    sequence = serializers.IntegerField(allow_null=True, help_text="上报序号")
    corrections = CorrectionSerializer(many=True)
    codes = CodeSerializer(many=True, help_text="管局返回的结果码。")
    held_because = serializers.CharField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    acknowledged_at = serializers.DateTimeField(allow_null=True, help_text="管局接收上报文件的时间")
    decision_due = serializers.DateField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True, help_text="取回结果的时间")
    changed_at = serializers.DateTimeField()
    version = serializers.IntegerField()


class ReasonSerializer(serializers.Serializer[Any]):
    """Why something is done."""

    reason = serializers.CharField(max_length=500)


def written(case: Case) -> dict[str, Any]:
    """Give a case as the interface says it."""
    values = {str(name): getattr(case, str(name), None) for name in CaseSerializer().fields}
    return dict(
        CaseSerializer(
            {
                **values,
                "order": case.origin_reference,
                "kind": _NAMES.get(case.kind, str(case.kind)),
                "sequence": case.document.sequence if case.document else None,
            }
        ).data
    )


class Cases(ProviderView):
    """The cases of a provider."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.CASES_READ, "POST": Scope.CASES_WRITE}

    @extend_schema(
        operation_id="list_cases",
        parameters=[
            *paging.PARAMETERS,
            OpenApiParameter("state", str, enum=list(State.values)),
            OpenApiParameter("order", str, description="业务系统中的编号。"),
            OpenApiParameter("changed_since", datetime, description="此后有变化的。"),
        ],
        responses=paging.page_of(CaseSerializer),
    )
    def get(self, request: Request, isp: int) -> Response:
        """List cases, the latest changed first."""
        rows = _asked_for(Case.objects.at(self.provider).select_related("document"), request)
        return paging.page(request, rows, Order("changed_at", descending=True), "cases", written)

    @extend_schema(
        operation_id="begin_case",
        parameters=[repeatable_key()],
        request=WrittenBeginning,
        responses={200: CaseSerializer, 201: CaseSerializer},
    )
    def post(self, request: Request, isp: int) -> Response:
        """Begin a case, and submit it where `submit` says so: then everything in it must be in order."""
        given = WrittenBeginning(data=request.data)
        given.is_valid(raise_exception=True)
        return self.repeatable(lambda: self._begin(given.validated_data))

    def _begin(self, given: dict[str, Any]) -> Answer:
        kind = KINDS[given["kind"]]
        draft = read_draft(self.provider, given["kind"], given.get("draft") or {})
        case, new = cases.begin_once(
            self.provider,
            Beginning(
                kind=kind,
                origin=Origin.API,
                team=Team(given["team"]),
                agent=_agent(self.provider, given["agent"]),
                draft=draft,
                reference=given["order"],
            ),
            None,
        )
        if given["submit"] and case.state == State.DRAFT:
            case = _submitted_once(self.provider, case, given["filing_password"])
        return Answer(201 if new else 200, written(case))


class OneCase(ProviderView):
    """One case."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.CASES_READ}

    @extend_schema(operation_id="get_case", responses=CaseSerializer)
    def get(self, request: Request, isp: int, pk: int) -> Response:
        """Give a case."""
        return Response(written(find(self.provider, pk)))


class Draft(ProviderView):
    """What is filled in of a case."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.PERSONAL_READ, "PUT": Scope.CASES_WRITE}

    @extend_schema(operation_id="get_draft", responses=DRAFT)
    def get(self, request: Request, isp: int, pk: int) -> Response:
        """Give what was filled in so far. It holds personal data, so it has a scope of its own."""
        return Response(find(self.provider, pk).typed)

    @extend_schema(operation_id="put_draft", parameters=[repeatable_key()], request=DRAFT, responses=CaseSerializer)
    def put(self, request: Request, isp: int, pk: int) -> Response:
        """Put what is filled in in place of what was."""
        case = find(self.provider, pk)
        draft = read_draft(self.provider, _NAMES.get(case.kind, ""), request.data)
        return self.repeatable(lambda: Answer(200, written(cases.save_draft(self.provider, pk, draft))))


class Submission(ProviderView):
    """The handing in of a case."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.CASES_WRITE}

    @extend_schema(
        operation_id="submit_case",
        parameters=[repeatable_key()],
        request=SubmissionSerializer,
        responses=CaseSerializer,
    )
    def post(self, request: Request, isp: int, pk: int) -> Response:
        """Submit a case to the office. 422 tells every field that is not in order."""
        case = find(self.provider, pk)
        given = SubmissionSerializer(data=request.data or {})
        given.is_valid(raise_exception=True)
        password = given.validated_data.get("filing_password")
        return self.repeatable(lambda: Answer(200, written(submit(self.provider, case, password))))


class Abandonment(ProviderView):
    """The giving up of a case."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.CASES_WRITE}

    @extend_schema(
        operation_id="abandon_case", parameters=[repeatable_key()], request=ReasonSerializer, responses=CaseSerializer
    )
    def post(self, request: Request, isp: int, pk: int) -> Response:
        """Give a case up. 409 once it is with the bureau."""
        find(self.provider, pk)
        given = ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        act: Callable[[], Answer] = lambda: Answer(  # noqa: E731
            200, written(cases.abandon(self.provider, pk, None, given.validated_data["reason"]))
        )
        return self.repeatable(act)


def find(provider: Any, pk: int) -> Case:
    """Find a case of the provider; 404 otherwise."""
    case = Case.objects.at(provider).select_related("document").filter(pk=pk).first()
    if case is None:
        raise Http404
    return case


def read_draft(provider: Any, kind: str, given: Any) -> dict[str, Any]:
    """Read a draft of a kind of case, its files filled in. Raises `ValidationError`, `Invalid`."""
    if kind not in REQUESTS:
        raise Invalid({"kind": ["这类申请不能由接口填写。"]})
    serializer = request_serializer(kind)(data=given)
    serializer.is_valid(raise_exception=True)
    draft: dict[str, Any] = as_typed(serializer.validated_data)
    handed_files.fill_in(provider, draft)
    return draft


def submit(provider: Any, case: Case, filing_password: str | None) -> Case:
    """Submit a case as it is filled in. Raises `Invalid` with everything that is not in order, and `MovedOn` where
    it was filled in differently meanwhile.
    """
    request, errors = drafts.record_of(case.kind, case.typed, filing_password=filing_password)
    if request is None or errors:
        raise Invalid(errors)
    with transaction.atomic():
        check_version(lock(provider, case.pk), case.version)
        return cases.submit(provider, case.pk, request, None)


def _submitted_once(provider: Any, case: Case, filing_password: str | None) -> Case:
    """Submit a case unless a call about the same order did meanwhile."""
    try:
        return submit(provider, case, filing_password)
    except MovedOn:
        moved = find(provider, case.pk)
        if moved.state == State.DRAFT:
            raise
        return moved


def _asked_for(rows: QuerySet[Case], request: Request) -> QuerySet[Case]:
    query = request.query_params
    if state := query.get("state"):
        if state not in State.values:
            raise Invalid({"state": ["没有这种状态。"]})
        rows = rows.filter(state=state)
    if order := query.get("order"):
        rows = rows.filter(origin=Origin.API, origin_reference=order)
    if text := query.get("changed_since"):
        since = _moment(text)
        if since is None:
            raise Invalid({"changed_since": ["填写带时区的时间，例如 2026-07-01T08:00:00+08:00。"]})
        rows = rows.filter(changed_at__gte=since)
    return rows


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text.replace(" ", "+"))
        # As UTC: the database knows neither every offset nor the days before and after all years.
        return found.astimezone(UTC) if found is not None and found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _agent(provider: Any, name: str) -> Agent | None:
    if not name:
        return None
    found = Agent.objects.filter(provider=provider, name=name, open=True).first()
    if found is None:
        raise Invalid({"agent": ["没有这个下属代理商。"]})
    return found
