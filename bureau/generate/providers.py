"""The providers that generated filings were reported by, with accounts that cannot call yet.

Their parameters are random and no address is registered: whoever wants to call as one of them issues
parameters and registers an address, as for any provider.
"""

from __future__ import annotations

from dataclasses import asdict

from django.utils import timezone

from beian.models import Node, NodeKind
from beian.numbers import PROVIDERS_PER_PROVINCE
from bureau.services.accounts import new_parameters
from interface.models import ProviderAccount

FIRST_SERIAL = 900_001
"""Identifiers from here on, in each province, are of generated providers."""


def first_identifier(bureau: Node) -> int:
    """Give the first identifier of the generated providers of a province."""
    return bureau.province * PROVIDERS_PER_PROVINCE + FIRST_SERIAL


def ensure(bureau: Node, count: int) -> list[ProviderAccount]:
    """Give the first `count` generated providers' accounts at `bureau`, made where they are missing."""
    wanted = range(first_identifier(bureau), first_identifier(bureau) + count)
    present = set(ProviderAccount.objects.filter(bureau=bureau, isp_id__in=wanted).values_list("isp_id", flat=True))
    missing = [isp_id for isp_id in wanted if isp_id not in present]
    Node.objects.bulk_create([_node(bureau, isp_id) for isp_id in missing], ignore_conflicts=True)
    nodes = Node.objects.in_bulk([f"provider:{isp_id}" for isp_id in missing], field_name="code")
    ProviderAccount.objects.bulk_create(_account(bureau, nodes[f"provider:{isp_id}"]) for isp_id in missing)
    accounts = ProviderAccount.objects.filter(bureau=bureau, isp_id__in=wanted)
    return list(accounts.select_related("bureau", "provider").order_by("isp_id"))


def _node(bureau: Node, isp_id: int) -> Node:
    serial = isp_id - first_identifier(bureau) + 1
    return Node(
        code=f"provider:{isp_id}", kind=NodeKind.PROVIDER, name=f"合成接入商{serial}号", province=bureau.province
    )


def _account(bureau: Node, provider: Node) -> ProviderAccount:
    return ProviderAccount(
        bureau=bureau,
        provider=provider,
        isp_id=provider.isp_id,
        user_name=f"generated{provider.isp_id}",
        parameters_issued_at=timezone.now(),
        connected_at=timezone.now(),
        **asdict(new_parameters()),
    )
