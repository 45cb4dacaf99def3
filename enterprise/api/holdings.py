"""What is on file with the provider's access, as our copy has it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from beian.checks.keys import domain_key
from beian.checks.names import dotted
from beian.filing_numbers import parse
from beian.models import Domain, Node, Sponsor
from beian.records import FilingRecord
from beian.records.filing import WebsiteRecord
from beian.web.keyset import Order
from enterprise.api import paging
from enterprise.api.base import ProviderView
from enterprise.models import Scope
from enterprise.queries.on_file import filing_of


class HoldingSerializer(serializers.Serializer[Any]):
    """A sponsor on file."""

    number = serializers.IntegerField(help_text="管局编号")
    filing_number = serializers.CharField(allow_null=True, help_text="主体备案号")
    name = serializers.CharField()
    last_modified = serializers.DateTimeField()


class RangeSerializer(serializers.Serializer[Any]):
    """A range of addresses."""

    first = serializers.IPAddressField(protocol="IPv4")
    last = serializers.IPAddressField(protocol="IPv4")


class AccessSerializer(serializers.Serializer[Any]):
    """An access."""

    number = serializers.IntegerField(allow_null=True)
    provider = serializers.IntegerField(allow_null=True)
    ranges = RangeSerializer(many=True)


class WebsiteSerializer(serializers.Serializer[Any]):
    """A website on file."""

    number = serializers.IntegerField(allow_null=True)
    filing_number = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    domains = serializers.ListField(child=serializers.CharField())
    home_page = serializers.CharField(allow_null=True)
    accesses = AccessSerializer(many=True)


class WholeHolding(HoldingSerializer):
    """A filing, without what is said of persons."""

    websites = WebsiteSerializer(many=True)


class Holdings(ProviderView):
    """The filings of our copy."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.HOLDINGS_READ}

    @extend_schema(
        operation_id="list_holdings",
        parameters=[
            *paging.PARAMETERS,
            OpenApiParameter("filing_number", str, description="主体或网站的备案号。"),
            OpenApiParameter("domain", str),
            OpenApiParameter("name", str, description="主办者名称，须完整。"),
        ],
        responses=paging.page_of(HoldingSerializer),
    )
    def get(self, request: Request, isp: int) -> Response:
        """List filings by the bureau's number, or find them."""
        rows = _asked_for(self.provider, request)
        return paging.page(request, rows, Order("number"), "holdings", _brief)


class OneHolding(ProviderView):
    """One filing."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.HOLDINGS_READ}

    @extend_schema(operation_id="get_holding", responses=WholeHolding)
    def get(self, request: Request, isp: int, number: int) -> Response:
        """Give a filing: its websites, domains and accesses."""
        sponsor = Sponsor.objects.held_by(self.provider).filter(number=number).first()
        filing = filing_of(self.provider, number) if sponsor else None
        if sponsor is None or filing is None:
            raise Http404
        return Response({**_brief(sponsor), "websites": _websites(filing)})


def _asked_for(provider: Node, request: Request) -> QuerySet[Sponsor]:
    query, rows = request.query_params, Sponsor.objects.held_by(provider)
    if text := query.get("filing_number"):
        number = parse(text)
        rows = rows.filter(filing_number__in={text, str(number.of_sponsor) if number else text})
    if domain := query.get("domain"):
        found = Domain.objects.held_by(provider).filter(key=domain_key(domain))
        rows = rows.filter(id__in=found.values("website__sponsor"))
    if name := query.get("name"):
        rows = rows.filter(name=name)
    return rows


def _brief(sponsor: Sponsor) -> dict[str, Any]:
    return dict(HoldingSerializer(sponsor).data)


def _websites(filing: FilingRecord) -> list[dict[str, Any]]:
    return [_website(website) for website in filing.websites]


def _website(website: WebsiteRecord) -> dict[str, Any]:
    accesses = [
        {
            "number": access.number,
            "provider": access.provider,
            "ranges": [{"first": dotted(each.first), "last": dotted(each.last)} for each in access.ranges],
        }
        for access in website.accesses
    ]
    return {
        "number": website.number,
        "filing_number": website.filing_number,
        "name": website.name,
        "domains": [domain.name for domain in website.domains],
        "home_page": website.home_page,
        "accesses": accesses,
    }
