"""Where what the bureau says and what the office thinks are not the same: each kind one line of data.

Most are conditions that the database answers. Whether what was granted is what stands on file now can
only be read record by record: its page looks through so many cases at a time.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from beian.models import Cancelled, Domain, Node, Sponsor, Website
from beian.records import ChangeRecord, FilingRecord, NewWebsitesRecord, SponsorRecord, WebsiteRecord
from beian.records.applied import NotOnFile, applied
from beian.records.differences import Delta, difference
from beian.records.rows import filings
from beian.web.filing.spots import words
from enterprise.models import Case, Cut, CutKind, HoldingChange, HoldingChangeKind
from enterprise.queries.holdings import without_our_access
from enterprise.services.contents import request_of
from enterprise.workflow import Kind, State

ASKS = (Kind.NEW_FILING, Kind.NEW_WEBSITE, Kind.NEW_ACCESS, Kind.CHANGE)
"""Cases after which something must be on file with our access."""
COMPARED = (Kind.NEW_FILING, Kind.NEW_WEBSITE, Kind.CHANGE)
"""Cases whose request says what must be on file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceKind:
    """A kind of difference: `rows` gives the things that differ, `what` says of which model. `todo` is what to do."""

    name: str
    title: str
    todo: str
    what: str
    rows: Callable[[Node], QuerySet[Any]]
    read: bool = False


def _granted(provider: Node) -> QuerySet[Case]:
    return Case.objects.at(provider).light().filter(state=State.FILED)


def _not_on_file(provider: Node) -> QuerySet[Case]:
    """Granted cases of which our copy has nothing, and of which we were not told that it is gone."""
    number = OuterRef("sponsor_number")
    held = Sponsor.objects.held_by(provider).filter(number=number)
    gone = HoldingChange.objects.filter(provider=provider, sponsor_number=number, kind=HoldingChangeKind.REMOVED)
    buried = Cancelled.objects.held_by(provider).filter(number=number)
    asked = _granted(provider).filter(kind__in=ASKS)
    return asked.filter(Q(sponsor_number=None) | ~Exists(held) & ~Exists(gone) & ~Exists(buried))


def _still_on_file(provider: Node) -> QuerySet[Case]:
    """Granted cancellations of what our copy still has."""
    number = OuterRef("named")
    sponsors = Sponsor.objects.held_by(provider).filter(number=number)
    websites = Website.objects.held_by(provider).filter(number=number)
    asked = _granted(provider).filter(kind__in=[Kind.CANCEL_SPONSOR, Kind.CANCEL_WEBSITE], subject__regex=r"^\d{1,18}$")
    named = asked.annotate(named=Cast("subject", BigIntegerField()))
    return named.filter(Exists(sponsors) | Exists(websites))


def _cut_on_file(provider: Node) -> QuerySet[Domain]:
    """Domains on file with our access that were cut after a closure."""
    cut = Cut.objects.filter(task__provider=provider, kind=CutKind.DOMAIN, done_at__isnull=False).values("key")
    found = Domain.objects.held_by(provider).filter(key__in=cut, website__accesses__isp_id=provider.isp_id)
    return found.select_related("website__sponsor")


def _no_case(provider: Node) -> QuerySet[Sponsor]:
    """Holdings that no granted case of ours is about: filed before this system, or through another provider."""
    ours = Case.objects.at(provider).filter(state=State.FILED, sponsor_number=OuterRef("number"))
    rows = Sponsor.objects.held_by(provider).only("number", "name", "filing_number", "last_modified")
    return rows.filter(~Exists(ours))


def _without_access(provider: Node) -> QuerySet[Website]:
    return without_our_access(provider).select_related("sponsor")


def _comparable(provider: Node) -> QuerySet[Case]:
    """The granted cases that say what must be on file, the last of each sponsor's."""
    later = Case.objects.at(provider).filter(
        state=State.FILED,
        kind__in=COMPARED,
        sponsor_number=OuterRef("sponsor_number"),
        answered_at__gt=OuterRef("answered_at"),
    )
    granted = Case.objects.at(provider).filter(state=State.FILED, kind__in=COMPARED, sponsor_number__isnull=False)
    return granted.filter(~Exists(later)).defer("draft", "base", "codes", "opinions", "corrections")


KINDS: tuple[DifferenceKind, ...] = (
    DifferenceKind(
        name="not_on_file",
        title="已办结而不在册",
        todo="管局已通过，但尚未收到备案数据。稍后仍未收到的，请向管局核实或请其重新下发。",
        what="case",
        rows=_not_on_file,
    ),
    DifferenceKind(
        name="differs",
        title="在册内容与申请不一致",
        todo="核对以哪一方为准：管局数据有误的联系管局，我方有误的提交变更备案。",
        what="case",
        rows=_comparable,
        read=True,
    ),
    DifferenceKind(
        name="still_on_file",
        title="已注销而仍在册",
        todo="注销申请已通过，但管局又下发了这份备案。请向管局核实。",
        what="case",
        rows=_still_on_file,
    ),
    DifferenceKind(
        name="cut",
        title="已停止接入而仍在册",
        todo="按注销通知停止接入的域名现又在册。已恢复接入的不必处理，否则请取消接入。",
        what="domain",
        rows=_cut_on_file,
    ),
    DifferenceKind(
        name="without_access",
        title="在册而无本单位接入",
        todo="管局下发的网站没有本单位的接入。请向管局核实。",
        what="website",
        rows=_without_access,
    ),
    DifferenceKind(
        name="no_case",
        title="没有经办记录的备案",
        todo="不经本系统备案的存量数据，或主办者在别家备案后由我方接入。请列入存量核验。",
        what="sponsor",
        rows=_no_case,
    ),
)


@dataclass(frozen=True, slots=True)
class Differing:
    """A granted case beside the filing as it stands: what differs in words, and whether it was changed since."""

    case: Case
    words: str
    changed_since: bool


def differing(provider: Node, cases: Sequence[Case]) -> list[Differing]:
    """Give those of some granted cases whose request is not what stands on file now. Constant queries."""
    held = filings(provider, {case.sponsor_number for case in cases if case.sponsor_number}, isp_id=provider.isp_id)
    changed = _last_changes(provider, cases)
    found: list[Differing] = []
    for case in cases:
        filing = held.get(case.sponsor_number or 0)
        deltas = _deltas(provider, case, filing) if filing else ()
        if deltas:
            last = changed.get(case.sponsor_number)
            since = bool(last and case.answered_at and last > case.answered_at)
            found.append(Differing(case, words(deltas), since))
    return found


def _deltas(provider: Node, case: Case, filing: FilingRecord) -> Sequence[Delta]:
    """Compare what is on file with what a case asked: a part that it did not ask about is the same on both sides."""
    request = request_of(case)
    if isinstance(request, ChangeRecord):
        try:
            return difference(filing, applied(filing, request, provider.isp_id))
        except NotOnFile:
            return ()
    if isinstance(request, FilingRecord | NewWebsitesRecord):
        return _of_new(filing, request, provider.isp_id)
    return ()


def _of_new(filing: FilingRecord, request: FilingRecord | NewWebsitesRecord, isp_id: int) -> Sequence[Delta]:
    """Compare what is new under our ids with what stands under them now; what went since is another matter."""
    asked = {website.provider_id: website for website in request.websites}
    held = tuple(website for website in filing.websites if website.provider_id in asked)
    sponsor = _given_like(request.sponsor, filing.sponsor) if isinstance(request, FilingRecord) else filing.sponsor
    then = tuple(_numbered_like(asked[each.provider_id], each, isp_id) for each in held)
    now = tuple(_ours(website, isp_id) for website in held)
    return difference(FilingRecord(sponsor=filing.sponsor, websites=now), FilingRecord(sponsor=sponsor, websites=then))


def _numbered_like(asked: WebsiteRecord, held: WebsiteRecord, isp_id: int) -> WebsiteRecord:
    """Give a website as it was asked for, with what only the bureau gives."""
    numbers = {access.provider_id: access.number for access in held.accesses}
    return replace(
        asked,
        number=held.number,
        filing_number=held.filing_number,
        first_reported=held.first_reported,
        accesses=tuple(
            replace(access, provider=isp_id, number=numbers.get(access.provider_id)) for access in asked.accesses
        ),
    )


def _given_like(asked: SponsorRecord, held: SponsorRecord) -> SponsorRecord:
    """Give a sponsor as it was asked for, with what only the bureau gives."""
    given = (
        "number",
        "filing_number",
        "first_reported",
        "certificate_serial",
        "certificate_path",
        "certificate_expires",
    )
    return replace(asked, **{name: getattr(held, name) for name in given})


def _ours(website: WebsiteRecord, isp_id: int) -> WebsiteRecord:
    return replace(website, accesses=tuple(each for each in website.accesses if each.provider == isp_id))


def _last_changes(provider: Node, cases: Sequence[Case]) -> dict[int | None, datetime.datetime]:
    rows = HoldingChange.objects.filter(
        provider=provider,
        sponsor_number__in=[case.sponsor_number for case in cases if case.sponsor_number],
        kind=HoldingChangeKind.CHANGED,
    )
    return dict(rows.order_by("pk").values_list("sponsor_number", "at"))
