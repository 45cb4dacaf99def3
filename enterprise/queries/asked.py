"""What a case asks for, as a page shows it: a filing or a part of one, masked; of a change what differs."""

from __future__ import annotations

from dataclasses import dataclass, field

from beian.models import Access, Domain, Website
from beian.records import (
    CancellationRecord,
    Cancelled,
    ChangeRecord,
    FilingRecord,
    NewAccessRecord,
    NewWebsitesRecord,
)
from beian.services.refusals import Invalid
from beian.web.components import Term
from beian.web.filing.changes import ChangeMaker, Changes
from beian.web.filing.names import Names
from beian.web.filing.sheet import Group, Sheet, SheetMaker, Site, providers_of, regions_of
from enterprise.models import Case
from enterprise.services.changing import Changed, changed
from enterprise.services.contents import CaseRequest, request_of
from enterprise.services.drafts import read
from enterprise.workflow import EDITABLE


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page shows of a request: `terms` of what is named, `sheet` of what is described, `changes`."""

    terms: list[Term] = field(default_factory=list)
    sheet: Sheet | None = None
    changes: Changes | None = None


def asked(case: Case) -> Asked:
    """Show what `case` asks for: what was handed in, or while it is being written what was typed so far."""
    request = _request(case)
    match request:
        case FilingRecord():
            return Asked(sheet=_maker(request).sheet(request))
        case NewWebsitesRecord():
            maker = _maker(None)
            sites = [maker.site(each) for each in request.websites]
            return Asked([Term("所属主体", str(request.sponsor), code=True)], Sheet(sites=sites))
        case NewAccessRecord():
            group = Group("新增接入", _maker(None).access(request.access).terms)
            return Asked(sheet=Sheet(sites=[Site(str(request.website), [], "", [group])]))
        case ChangeRecord():
            return _change(case, request)
        case CancellationRecord():
            return Asked(_leaving(case, request))
    return Asked()


def changes_of(found: Changed) -> Changes:
    """Show what a change comes to, old beside new."""
    names = Names([*regions_of(found.before), *regions_of(found.after)], providers_of(found.before))
    return ChangeMaker(names, found.before, plain=False).changes(found.difference)


def _request(case: Case) -> CaseRequest | None:
    if case.state in EDITABLE or case.request is None:
        return read(case.kind, case.typed).request
    return request_of(case)


def _change(case: Case, request: ChangeRecord) -> Asked:
    filing = FilingRecord(sponsor=request.sponsor, websites=request.websites)
    if case.base is None:
        return Asked(sheet=_maker(filing).sheet(filing))
    try:
        return Asked(changes=changes_of(changed(case, request)))
    except Invalid:
        return Asked(sheet=_maker(filing).sheet(filing))


def _leaving(case: Case, request: CancellationRecord) -> list[Term]:
    names = Names(())
    return [
        *_gone(case, request),
        Term("注销原因", names.code("cancellation_reason", request.reason)),
        *([Term("说明", request.remark, wide=True)] if request.remark else []),
    ]


def _gone(case: Case, request: CancellationRecord) -> list[Term]:
    """Say what is to go as its owner knows it; by the bureau's number once our copy has it no longer."""
    if request.what == Cancelled.SPONSOR:
        return [Term("注销主体", f"{case.sponsor_name} {case.filing_number}".strip())]
    word = "注销网站" if request.what == Cancelled.WEBSITE else "取消接入的网站"
    website = _website_of(case, request)
    if website is None:
        whose = f"{case.sponsor_name} {case.filing_number}".strip()
        return [Term("所属主体", whose), Term(f"{word}（管局编号）", request.number, code=True)]
    domains = Domain.objects.held_by(case.provider).filter(website=website).order_by("number")
    return [
        Term(word, f"{website.name} {website.filing_number or ''}".strip()),
        Term("域名", "、".join(domains.values_list("name", flat=True)), code=True),
    ]


def _website_of(case: Case, request: CancellationRecord) -> Website | None:
    rows = Website.objects.held_by(case.provider)
    if request.what == Cancelled.WEBSITE:
        return rows.filter(number=request.number).first()
    access = Access.objects.held_by(case.provider).filter(number=request.number).first()
    return rows.filter(pk=access.website_id).first() if access else None


def _maker(filing: FilingRecord | None) -> SheetMaker:
    return SheetMaker(Names(regions_of(filing), providers_of(filing)), plain=False)
