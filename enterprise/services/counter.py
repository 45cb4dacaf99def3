"""Beginning a case at the office: for a sponsor at the counter, or an agent's."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from beian.filing_numbers import FilingNumber, parse
from beian.models import Access, Node, Sponsor, User, Website
from beian.records import AttachmentRecord, ChangeRecord, ContentRecord, as_json
from beian.services.refusals import Invalid
from enterprise.models import Agent, Case, SponsorAccount
from enterprise.queries.already_open import About
from enterprise.queries.on_file import filing_of
from enterprise.services import cases
from enterprise.services.assigning import assign
from enterprise.services.cases import Beginning
from enterprise.services.changing import own_part
from enterprise.services.drafts import Draft, draft_of
from enterprise.workflow import Kind, Origin, Team

ABOUT_A_SPONSOR = frozenset({Kind.NEW_WEBSITE, Kind.CHANGE, Kind.CANCEL_SPONSOR})
ABOUT_A_WEBSITE = frozenset({Kind.NEW_ACCESS, Kind.CANCEL_WEBSITE, Kind.CANCEL_ACCESS})
CANCELS = {Kind.CANCEL_SPONSOR: 0, Kind.CANCEL_WEBSITE: 1, Kind.CANCEL_ACCESS: 2}
OURS_ALONE = frozenset({Kind.CHANGE, Kind.CANCEL_SPONSOR, Kind.CANCEL_WEBSITE, Kind.CANCEL_ACCESS})
"""About what stands in our copy: a change begins with it, a cancellation names it by the bureau's number."""

OFFERED = (
    Kind.NEW_FILING,
    Kind.NEW_WEBSITE,
    Kind.NEW_ACCESS,
    Kind.CHANGE,
    Kind.CANCEL_ACCESS,
    Kind.CANCEL_WEBSITE,
    Kind.CANCEL_SPONSOR,
    Kind.MATERIAL,
)
"""What the office begins by itself; results of check tasks begin at their task."""

_ON_BEHALF = "1"
_NO_SPONSOR = "我方备案数据中没有这个主体备案号。"
_NO_WEBSITE = "我方备案数据中没有这个网站备案号，或不由本单位接入。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What shall begin. `filing_number` names the sponsor or website it is about, `number` what of a website.

    `material` is a file for a filing on record: its purpose and, kept in the store, its content. `agents`
    are those the person works for: then only filings of their own sponsors are open to him.
    """

    kind: Kind
    filing_number: str = ""
    number: int | None = None
    reason: int | None = None
    purpose: int | None = None
    content: ContentRecord | None = None
    account: SponsorAccount | None = None
    agent: Agent | None = None
    team: Team = Team.NEW
    agents: tuple[Agent, ...] = field(default=())


def begin(provider: Node, wanted: Wanted, actor: User) -> Case:
    """Open a case as a draft, with what our copy has filled in. Raises `Invalid` by field of the form."""
    draft, known = _drafts(provider, wanted)
    beginning = Beginning(
        kind=wanted.kind,
        origin=Origin.OFFICE,
        account=wanted.account,
        agent=wanted.agent,
        team=wanted.team,
        draft=draft,
        **known,
    )
    with transaction.atomic():
        case = cases.begin(provider, beginning, actor)
        if not wanted.agents:
            case = assign(provider, case.pk, actor, actor)
        return case


def about(provider: Node, wanted: Wanted) -> About | None:
    """Say what a case would be about, None where it is about nothing on file. Raises `Invalid` as `begin` does."""
    if wanted.kind not in ABOUT_A_SPONSOR | ABOUT_A_WEBSITE:
        return None
    draft, known = _drafts(provider, wanted)
    number = parse(wanted.filing_number)
    target = draft.get("number")
    return About(
        kind=wanted.kind,
        sponsor_number=known.get("sponsor_number"),
        filing_number=str(number or ""),
        target=int(target) if target else None,
    )


def _drafts(provider: Node, wanted: Wanted) -> tuple[Draft, dict[str, Any]]:
    """Give the draft to begin with, and what the case is known by."""
    if wanted.kind == Kind.NEW_FILING:
        return {"sponsor": {"reported_by": _ON_BEHALF}, "websites": [{"accesses": [{}]}]}, {}
    if wanted.kind == Kind.MATERIAL:
        return _material(provider, wanted)
    number = parse(wanted.filing_number)
    if wanted.kind in ABOUT_A_SPONSOR:
        if number is None or number.website is not None:
            raise Invalid({"filing_number": ["请填写主体备案号，如 粤ICP备2026000001号（不带“-1”）。"]})
        return _about_sponsor(provider, wanted, number)
    if number is None or number.website is None:
        raise Invalid({"filing_number": ["请填写网站备案号，以“-1”等结尾，如 粤ICP备2026000001号-1。"]})
    return _about_website(provider, wanted, number)


def _about_sponsor(provider: Node, wanted: Wanted, number: FilingNumber) -> tuple[Draft, dict[str, Any]]:
    sponsor = Sponsor.objects.held_by(provider).filter(filing_number=str(number)).first()
    if sponsor is not None and not _may_know(provider, wanted, sponsor):
        sponsor = None
    if wanted.kind in OURS_ALONE and sponsor is None:
        raise Invalid({"filing_number": [_NO_SPONSOR]})
    if wanted.kind == Kind.NEW_WEBSITE:
        named = {"number": sponsor.number} if sponsor else {"filing_number": str(number)}
        return {"sponsor": named, "websites": [{"accesses": [{}]}]}, _known(sponsor)
    assert sponsor is not None
    if wanted.kind == Kind.CANCEL_SPONSOR:
        return _cancellation(wanted, sponsor.number), _known(sponsor)
    filing = own_part(provider, filing_of(provider, sponsor.number))
    if filing is None:
        raise Invalid({"filing_number": ["这个备案没有由本单位接入的网站，不能在这里变更。"]})
    draft = draft_of(ChangeRecord(sponsor=filing.sponsor, websites=filing.websites))
    return draft, {**_known(sponsor), "base": as_json(filing)}


def _about_website(provider: Node, wanted: Wanted, number: FilingNumber) -> tuple[Draft, dict[str, Any]]:
    if wanted.kind == Kind.NEW_ACCESS:
        return {"website": {"filing_number": str(number)}, "access": {}, "attachments": []}, {
            "filing_number": str(number)
        }
    rows = Website.objects.held_by(provider).filter(filing_number=str(number), accesses__isp_id=provider.isp_id)
    website = rows.select_related("sponsor").first()
    if website is None or not _may_know(provider, wanted, website.sponsor):
        raise Invalid({"filing_number": [_NO_WEBSITE]})
    if wanted.kind == Kind.CANCEL_WEBSITE:
        return _cancellation(wanted, website.number), _known(website.sponsor)
    access = Access.objects.held_by(provider).filter(website=website, isp_id=provider.isp_id).order_by("pk").first()
    assert access is not None
    return _cancellation(wanted, access.number), _known(website.sponsor)


def _material(provider: Node, wanted: Wanted) -> tuple[Draft, dict[str, Any]]:
    """Material for a filing on record: its owner is named by filing number, of the sponsor or of a website."""
    errors: dict[str, list[str]] = {}
    number = parse(wanted.filing_number)
    if number is None:
        errors["filing_number"] = ["请填写材料所属的主体备案号或网站备案号。"]
    if wanted.purpose is None:
        errors["purpose"] = ["请选择材料用途。"]
    if wanted.content is None:
        errors["file"] = ["请选择材料照片。"]
    if errors or number is None or wanted.purpose is None or wanted.content is None:
        raise Invalid(errors)
    record = AttachmentRecord(
        format=1,
        purpose=wanted.purpose,
        content=wanted.content,
        owner_kind=1 if number.website is None else 2,
        owner=str(number),
    )
    own = str(number).partition("-")[0]
    sponsor = Sponsor.objects.held_by(provider).filter(filing_number=own).first()
    if sponsor is not None and not _may_know(provider, wanted, sponsor):
        sponsor = None
    return draft_of(record), {**_known(sponsor), "filing_number": str(number)}


def _cancellation(wanted: Wanted, number: int) -> Draft:
    if wanted.reason is None:
        raise Invalid({"reason": ["请选择注销原因。"]})
    return {"what": str(CANCELS[wanted.kind]), "number": str(number), "reason": str(wanted.reason)}


def _known(sponsor: Sponsor | None) -> dict[str, Any]:
    if sponsor is None:
        return {}
    return {
        "sponsor_name": sponsor.name,
        "sponsor_number": sponsor.number,
        "filing_number": sponsor.filing_number or "",
    }


def _may_know(provider: Node, wanted: Wanted, sponsor: Sponsor) -> bool:
    """Whether a filing is one of the agent's own sponsors': one that a case of the agent's was about, or led to."""
    if not wanted.agents:
        return True
    own = Case.objects.at(provider).filter(agent__in=wanted.agents)
    return own.filter(sponsor_number=sponsor.number).exists()
