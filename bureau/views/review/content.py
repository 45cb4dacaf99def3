"""What an application asks, as its page shows it: by its kind a filing, a part of one, changes, a cancellation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from beian.records import (
    CancellationRecord,
    ChangeRecord,
    FilingRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    WebsiteRecord,
)
from beian.records.applied import is_called
from beian.records.differences import Delta
from beian.web.filing.changes import ChangeMaker, Changes
from beian.web.filing.names import Names
from beian.web.filing.sheet import Group, Sheet, SheetMaker, Site, providers_of, regions_of
from beian.web.filing.spots import spot
from bureau.models import Application
from bureau.queries.matter import Matter
from bureau.views.review.leaving import Leaving, leaving
from bureau.workflow import Kind, State

CANCELLATIONS = frozenset({Kind.CANCEL_ACCESS, Kind.CANCEL_SPONSOR, Kind.CANCEL_WEBSITE})
KNOWN_TO_PROVIDER = CANCELLATIONS | {Kind.CHANGE}
"""Requests about what their provider gives access to already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The parts of the page; those that a kind does not have are None.

    `asked` is what is new, `changes` old beside new, `leaving` what goes. `filed` is the filing on
    file, to be folded away: of a change without what `changes` shows. `lost` where it should be on
    file here and is not.
    """

    asked: Sheet | None = None
    changes: Changes | None = None
    leaving: Leaving | None = None
    filed: Sheet | None = None
    filed_title: str = ""
    lost: bool = False
    revealed: bool = False


def names_of(application: Application, matter: Matter) -> Names:
    """Load the names that the page of `matter` needs. Three queries."""
    whole = [each for each in (matter.before, matter.after, asked_filing(matter)) if each is not None]
    regions: list[int | None] = [*regions_of(*whole), *_said(matter, "address")]
    return Names(regions, {*providers_of(*whole), *_said_providers(matter), application.isp_id})


def _is_elsewhere_or_closed(application: Application) -> bool:
    """Tell whether it is as it should be that the filing is not here."""
    closed = application.kind == Kind.CANCEL_SPONSOR and application.state == State.APPROVED
    return closed or application.state == State.FORWARDED


def theirs(application: Application, matter: Matter) -> Matter:
    """Keep of `matter` what its provider may read.

    Of the filing that stands a provider sees what it gives access to. A request that was returned may
    name anybody's filing, and a new access or website is not there yet: of these only what was asked.
    """
    known = application.kind in KNOWN_TO_PROVIDER and application.state != State.RETURNED
    if not known:
        return replace(matter, before=None, after=None, changes=(), both=())
    seen = tuple(delta for delta in matter.changes if not _is_of_others(delta, application.isp_id))
    shown = None if application.kind in CANCELLATIONS else matter.before
    return replace(matter, before=shown and _own_part(application, shown), changes=seen)


def _own_part(application: Application, filing: FilingRecord) -> FilingRecord | None:
    """Give of a filing the websites to which the provider gives access, as downloads do; None without any."""
    own = tuple(site for site in filing.websites if application.isp_id in {each.provider for each in site.accesses})
    return replace(filing, websites=own) if own else None


def _is_of_others(delta: Delta, isp_id: int) -> bool:
    """Tell whether a website goes to which the provider gives no access."""
    if delta.kind != "removed" or len(delta.path) != 2 or delta.path[0] != "websites":
        return False
    return all(access["provider"] != isp_id for access in delta.old["accesses"])


def asked_filing(matter: Matter) -> FilingRecord | None:
    """Give a request that has the shape of a filing as one."""
    request = matter.request
    if isinstance(request, FilingRecord):
        return request
    if isinstance(request, ChangeRecord):
        return FilingRecord(sponsor=request.sponsor, websites=request.websites, attachments=request.attachments)
    return None


def asked_websites(matter: Matter) -> tuple[WebsiteRecord, ...]:
    """Give the websites that a request itself describes."""
    request = matter.request
    return request.websites if isinstance(request, FilingRecord | NewWebsitesRecord | ChangeRecord) else ()


def content(application: Application, matter: Matter, names: Names, *, plain: bool, own: bool = False) -> Content:
    """Write what `application` asks; `own` for its provider, who reads no more of the filing than it may (`theirs`)."""
    maker = SheetMaker(names, plain=plain)
    matter = theirs(application, matter) if own else matter
    made = replace(_MADE[type(matter.request)](application, matter, maker), revealed=plain)
    if own or isinstance(matter.request, FilingRecord):
        return made
    if matter.before is None:
        return replace(made, lost=not _is_elsewhere_or_closed(application))
    if made.filed is None:
        return replace(made, filed=maker.sheet(matter.before), filed_title="所属备案的现有内容")
    return made


def _whole(application: Application, matter: Matter, maker: SheetMaker) -> Content:
    filing = asked_filing(matter)
    return Content(asked=maker.sheet(filing) if filing else None)


def _new_websites(application: Application, matter: Matter, maker: SheetMaker) -> Content:
    sites = [maker.site(each) for each in asked_websites(matter)]
    return Content(asked=Sheet(sites=sites))


def _new_access(application: Application, matter: Matter, maker: SheetMaker) -> Content:
    request = matter.request
    assert isinstance(request, NewAccessRecord)
    filed = matter.before.websites if matter.before else ()
    site = next((each for each in filed if is_called(each, request.website)), None)
    new = Group(f"新增接入：{maker.names.provider(application.isp_id)}", maker.access(request.access).terms)
    if site is None:
        return Content(asked=Sheet(sites=[Site(str(request.website), [], "", [new])]))
    there = [maker.access(each, place) for place, each in enumerate(site.accesses, 1)]
    domains = [domain.name for domain in site.domains]
    return Content(asked=Sheet(sites=[Site(site.name, domains, "", [new, *there], site.filing_number or "")]))


def _change(application: Application, matter: Matter, maker: SheetMaker) -> Content:
    if not matter.changes and matter.before is None:  # decided elsewhere, or gone: what was asked is all there is
        return _whole(application, matter, maker)
    context = matter.before if application.is_open else asked_filing(matter)
    changes = ChangeMaker(maker.names, context, plain=maker.plain).changes(matter.changes, matter.both)
    if not application.is_open or matter.before is None:
        return Content(changes=changes)
    return Content(changes=changes, filed=_untouched(matter.before, changes, maker), filed_title="未变更的部分")


def _cancellation(application: Application, matter: Matter, maker: SheetMaker) -> Content:
    assert isinstance(matter.request, CancellationRecord)
    return Content(leaving=leaving(matter, matter.request, application, maker.names))


_MADE: Mapping[type, Callable[[Application, Matter, SheetMaker], Content]] = {
    FilingRecord: _whole,
    NewWebsitesRecord: _new_websites,
    NewAccessRecord: _new_access,
    ChangeRecord: _change,
    CancellationRecord: _cancellation,
}


def _untouched(before: FilingRecord, changes: Changes, maker: SheetMaker) -> Sheet:
    """Write the objects of a filing that a change does not touch."""
    touched = changes.objects
    paths = (("sponsor",), ("sponsor", "person"))
    sponsor = [group for path, group in zip(paths, maker.sponsor(before.sponsor), strict=True) if path not in touched]
    sites = []
    for website in before.websites:
        root = ("websites", str(website.number))
        shown = maker.site(website)
        kept = [group for path, group in zip(_paths(root, website), shown.groups, strict=True) if path not in touched]
        if kept:
            sites.append(replace(shown, groups=kept))
    return Sheet(sponsor, sites)


def _paths(root: tuple[str, ...], website: WebsiteRecord) -> list[tuple[str, ...]]:
    """Give the paths of what a website's sheet shows, group by group."""
    return [
        root,
        (*root, "person"),
        *((*root, "accesses", str(access.number)) for access in website.accesses),
        *((*root, "approvals", approval.approval_number) for approval in website.approvals),
    ]


def _said(matter: Matter, part: str) -> list[int | None]:
    """Give the region codes that only a stored difference still names."""
    codes = [(delta.old, delta.new, delta.base) for delta in _deltas(matter) if part in delta.path]
    return [code for some in codes for code in some if isinstance(code, int)]


def _said_providers(matter: Matter) -> set[int]:
    found: set[int] = set()
    for delta in matter.changes:
        place = spot(delta)
        if place is None or place.rest:
            continue
        for side in (delta.old, delta.new):
            accesses = side.get("accesses", [side]) if isinstance(side, dict) else []
            found |= {access["provider"] for access in accesses if access.get("provider")}
    return found


def _deltas(matter: Matter) -> tuple[Delta, ...]:
    return (*matter.changes, *matter.both)
