"""What a cancellation takes away, who else is concerned, and what is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from beian.records import AccessRecord, CancellationRecord, Cancelled, FilingRecord, WebsiteRecord, from_json
from beian.records.differences import Delta
from beian.web.filing.fields import address_range
from beian.web.filing.names import Names
from beian.web.filing.spots import site_name
from bureau.models import Application
from bureau.queries.matter import Matter

WHAT = {Cancelled.SPONSOR: "主体", Cancelled.WEBSITE: "网站", Cancelled.ACCESS: "接入"}


@dataclass(frozen=True, slots=True)
class Going:
    """A website, or what of it goes: its domains and the accesses, as (provider, addresses, whether another's)."""

    name: str
    number: str
    domains: list[str]
    accesses: list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """A cancellation in words. `known` where what goes is known here; `numbers` are never given out again."""

    what: str
    reason: str
    remark: str
    known: bool
    sites: list[Going]
    numbers: list[str]
    others: list[str]
    warnings: list[str]

    @property
    def domains(self) -> int:
        """Count the domains that go."""
        return sum(len(site.domains) for site in self.sites)

    @property
    def accesses(self) -> int:
        """Count the accesses that go."""
        return sum(len(site.accesses) for site in self.sites)


def leaving(matter: Matter, request: CancellationRecord, application: Application, names: Names) -> Leaving:
    """Say what `request` takes away; `application` is what came of it."""
    isp_id = application.isp_id
    sites = list(_sites(matter, isp_id, names))
    return Leaving(
        what=WHAT[request.what],
        reason=names.code("cancellation_reason", request.reason),
        remark=request.remark or "",
        known=bool(matter.changes) or matter.after is not None,
        sites=sites,
        numbers=_numbers(matter, request, application, sites),
        others=sorted({provider for site in sites for provider, _, other in site.accesses if other}),
        warnings=list(_warnings(matter, request)),
    )


def _sites(matter: Matter, isp_id: int, names: Names) -> Iterator[Going]:
    for delta in matter.changes:
        if delta.kind != "removed" or delta.path[0] != "websites":
            continue
        if len(delta.path) == 2:
            website = from_json(delta.old, WebsiteRecord)
            accesses = [_access(each, isp_id, names) for each in website.accesses]
            yield Going(website.name, website.filing_number or "", [each.name for each in website.domains], accesses)
        elif len(delta.path) == 4 and delta.path[2] == "accesses":
            access = _access(from_json(delta.old, AccessRecord), isp_id, names)
            yield Going(_name(matter.before, delta), "", [], [access])


def _access(access: AccessRecord, isp_id: int, names: Names) -> tuple[str, str, bool]:
    ranges = "、".join(address_range(each) for each in access.ranges)
    return names.provider(access.provider), ranges, access.provider != isp_id


def _name(before: FilingRecord | None, delta: Delta) -> str:
    number = delta.path[1]
    found = next((each for each in before.websites if str(each.number) == number), None) if before else None
    return found.name if found else site_name(delta)


def _numbers(matter: Matter, request: CancellationRecord, application: Application, sites: list[Going]) -> list[str]:
    """Give the filing numbers that are taken back."""
    own = matter.before.sponsor.filing_number if matter.before else application.filing_number
    of_sponsor = [own] if own and request.what == Cancelled.SPONSOR else []
    return of_sponsor + [site.number for site in sites if site.number]


def _warnings(matter: Matter, request: CancellationRecord) -> Iterator[str]:
    """Say what is left when it is gone, where that is worth a thought."""
    if matter.before is None or matter.after is None:
        return
    if request.what == Cancelled.WEBSITE and not matter.after.websites:
        yield "这是该主体的最后一个网站：注销后成为没有网站的空壳主体。"
    if request.what == Cancelled.SPONSOR and not matter.before.websites:
        yield "该主体没有网站（空壳主体）。"
    if request.what == Cancelled.ACCESS:
        emptied = [each for each in matter.after.websites if not each.accesses]
        had = {each.number for each in matter.before.websites if each.accesses}
        yield from (f"“{each.name}”不再有接入，成为空壳网站。" for each in emptied if each.number in had)
