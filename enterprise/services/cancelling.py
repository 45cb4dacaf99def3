"""Cancelling as a sponsor (注销备案): his own website, access or sponsor, handed in at once."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from beian.models import Access, Node, Sponsor, Website
from beian.records import CancellationRecord, Cancelled
from beian.services.refusals import Invalid
from enterprise.models import Case, SponsorAccount
from enterprise.services import cases
from enterprise.services.cases import Beginning
from enterprise.services.drafts import draft_of
from enterprise.workflow import Kind, Origin

KINDS = {
    Cancelled.SPONSOR: Kind.CANCEL_SPONSOR,
    Cancelled.WEBSITE: Kind.CANCEL_WEBSITE,
    Cancelled.ACCESS: Kind.CANCEL_ACCESS,
}


@dataclass(frozen=True, slots=True)
class Target:
    """What is to go: its number, what it is called, and what follows from it in words."""

    what: Cancelled
    number: int
    name: str
    follows: str
    forbidden: str = ""


def target(provider: Node, own: Sponsor, what: Cancelled, number: int) -> Target | None:
    """Find what is to be cancelled within one's own filing; None where it is not in it."""
    if what == Cancelled.SPONSOR:
        return _sponsor(own) if number == own.number else None
    websites = Website.objects.held_by(provider).filter(sponsor=own, accesses__isp_id=provider.isp_id).distinct()
    if what == Cancelled.WEBSITE:
        website = websites.filter(number=number).first()
        return _website(website) if website else None
    rows = Access.objects.held_by(provider).filter(number=number, isp_id=provider.isp_id, website__in=websites)
    access = rows.select_related("website").first()
    return _access(provider, access) if access else None


def cancel(
    provider: Node,
    account: SponsorAccount,
    own: Sponsor,
    gone: Target,
    *,
    reason: int,
    remark: str = "",
    filing_password: str | None = None,
) -> Case:
    """Hand in the cancellation of `gone`. Raises `Invalid` with what the rules find, all at once."""
    if gone.forbidden:
        raise Invalid({"": [gone.forbidden]})
    request = CancellationRecord(
        what=gone.what, number=gone.number, reason=reason, remark=remark or None, filing_password=filing_password
    )
    beginning = Beginning(
        kind=KINDS[gone.what],
        origin=Origin.PORTAL,
        account=account,
        draft=draft_of(request),
        sponsor_name=own.name,
        sponsor_number=own.number,
        filing_number=own.filing_number or "",
    )
    with transaction.atomic():
        case = cases.begin(provider, beginning, account.user)
        return cases.submit(provider, case.pk, request, account.user)


def _sponsor(own: Sponsor) -> Target:
    follows = "主体和它的全部网站（包括由其他接入商接入的）都将注销，备案号不再使用，网站须停止访问。"
    return Target(Cancelled.SPONSOR, own.number, f"{own.name}（{own.filing_number}）", follows)


def _website(website: Website) -> Target:
    follows = "这个网站的备案将注销，所有接入商都将停止它的访问；主体和其他网站不受影响。"
    return Target(Cancelled.WEBSITE, website.number, f"{website.name}（{website.filing_number}）", follows)


def _access(provider: Node, access: Access) -> Target:
    """An access may not be cancelled where it is the website's only one (1025)."""
    website = access.website
    others = Access.objects.held_by(provider).filter(website=website).exclude(pk=access.pk).exists()
    forbidden = "" if others else "这是该网站唯一的接入，不能只取消接入：请注销网站，或先在新的接入商处办理新增接入。"
    follows = f"{provider.name}将停止这个网站的访问；网站的备案和其他接入商的接入不受影响。"
    return Target(Cancelled.ACCESS, access.number, f"{website.name}（{website.filing_number}）", follows, forbidden)
