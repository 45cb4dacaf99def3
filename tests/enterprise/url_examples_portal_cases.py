"""Rows for a sponsor's own pages: those of `nobody`, whom `test_access` signs in; others' do not exist for him."""

from __future__ import annotations

from typing import Any

from beian.models import Node, User
from enterprise.models import Claim, SponsorAccount
from enterprise.services import cases
from enterprise.services.cases import Beginning
from enterprise.workflow import Kind
from tests import builders
from tests.beian.url_examples import example
from tests.enterprise.sponsoring import held
from tests.on_file import on_file


def _account(provider: Node) -> SponsorAccount:
    user = User.objects.get(username="nobody")
    values = {"user": user, "email": "nobody@example1.cn"}
    return SponsorAccount.objects.get_or_create(provider=provider, user=user, defaults=values)[0]


def _case(provider: Node) -> dict[str, Any]:
    beginning = Beginning(kind=Kind.NEW_FILING, account=_account(provider), draft={"sponsor": {}, "websites": [{}]})
    return {"reference": cases.begin(provider, beginning, None).reference}


def _change(provider: Node) -> dict[str, Any]:
    beginning = Beginning(kind=Kind.NEW_ACCESS, account=_account(provider), draft={"website": {}, "access": {}})
    return {"reference": cases.begin(provider, beginning, None).reference}


def _filing(provider: Node) -> dict[str, Any]:
    bureau = Node.objects.get(code=f"bureau:{provider.province}")
    filing = held(provider, on_file(bureau, builders.filing(1), provider.isp_id))
    Claim.objects.create(provider=provider, account=_account(provider), sponsor_number=filing.sponsor.number)
    return {"number": filing.sponsor.number}


def _cancellation(provider: Node) -> dict[str, Any]:
    number = _filing(provider)["number"]
    return {"number": number, "what": "sponsor", "target": number}


for _name in ("portal_case", "portal_abandon", "portal_correct"):
    example(f"enterprise:{_name}")(_case)
for _name in ("portal_filing", "portal_change", "portal_new_website"):
    example(f"enterprise:{_name}")(_filing)
example("enterprise:portal_hand_in")(_change)
example("enterprise:portal_cancel")(_cancellation)
