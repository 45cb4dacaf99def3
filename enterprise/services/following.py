"""Cases that follow from a holding: begun by the office, filled in from our copy as far as it tells."""

from __future__ import annotations

from typing import Any

from beian.models import Node, Sponsor, User
from beian.records import Cancelled, ChangeRecord, FilingRecord, as_json
from beian.services.refusals import Invalid
from enterprise.models import Case
from enterprise.queries.on_file import filing_of
from enterprise.services import cases
from enterprise.services.cases import Beginning
from enterprise.services.changing import CHANGEABLE_CERTIFICATES, own_part
from enterprise.services.drafts import draft_of
from enterprise.workflow import Kind, Origin, Team

OF_SPONSOR = (Kind.CHANGE, Kind.CANCEL_SPONSOR)
OF_WEBSITE = (Kind.CHANGE, Kind.CANCEL_WEBSITE, Kind.CANCEL_ACCESS, Kind.NEW_ACCESS)
"""What may follow from a holding as a whole, and from one of its websites."""


def begin(provider: Node, kind: Kind, sponsor_number: int, actor: User, *, website_number: int | None = None) -> Case:
    """Begin a case about a holding. Raises `Invalid` where our copy has no such filing, website or access."""
    sponsor = Sponsor.objects.held_by(provider).filter(number=sponsor_number).first()
    if sponsor is None:
        raise Invalid({"kind": ["本系统的副本中已没有这份备案。"]})
    filing = own_part(provider, filing_of(provider, sponsor_number)) if kind == Kind.CHANGE else None
    beginning = Beginning(
        kind=kind,
        origin=Origin.OFFICE,
        team=Team.LEGACY,
        draft=_draft(provider, kind, sponsor, filing, website_number),
        base=as_json(filing) if filing else None,
        sponsor_name=sponsor.name,
        sponsor_number=sponsor_number,
        filing_number=sponsor.filing_number or "",
    )
    return cases.begin(provider, beginning, actor)


def _draft(
    provider: Node, kind: Kind, sponsor: Sponsor, filing: FilingRecord | None, website_number: int | None
) -> dict[str, Any]:
    if kind == Kind.CHANGE:
        if filing is None:
            raise Invalid({"kind": ["本单位没有为这份备案的任何网站提供接入，不能变更。"]})
        if filing.sponsor.certificate.type not in CHANGEABLE_CERTIFICATES:
            raise Invalid({"kind": ["接口（V.3.0）不支持变更这种证件类型的主体。"]})
        return draft_of(ChangeRecord(sponsor=filing.sponsor, websites=filing.websites))
    if kind == Kind.CANCEL_SPONSOR:
        return _cancelling(Cancelled.SPONSOR, sponsor.number)
    website = sponsor.websites.filter(number=website_number).first() if website_number is not None else None
    if website is None:
        raise Invalid({"kind": ["本系统的副本中已没有这个网站。"]})
    if kind == Kind.CANCEL_WEBSITE:
        return _cancelling(Cancelled.WEBSITE, website.number)
    if kind == Kind.NEW_ACCESS:
        return {"website": {"filing_number": website.filing_number}}
    ours = website.accesses.filter(isp_id=provider.isp_id).first()
    if kind != Kind.CANCEL_ACCESS or ours is None:
        raise Invalid({"kind": ["本单位没有为这个网站提供接入。"]})
    return _cancelling(Cancelled.ACCESS, ours.number)


def _cancelling(what: Cancelled, number: int) -> dict[str, Any]:
    return {"what": str(int(what)), "number": str(number)}
