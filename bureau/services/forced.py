"""Forced closing (责令关闭) of a sponsor, a website or a domain, on the bureau's own order.

All providers concerned are told (the acknowledgement of that parcel is their receipt), the number is
taken back, what was closed goes onto the blacklist, and open applications about it end as returned.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum

from django.db import transaction

from beian import events, reservations
from beian.checks import Finding
from beian.checks.keys import domain_key, reservation_keys
from beian.checks.names import home_page
from beian.checks.requests.names import SPONSOR_GONE, WEBSITE_GONE
from beian.models import Domain, Node, Role, Sponsor, User, Website
from beian.numbers import province_of
from beian.records import Cancelled, DomainRecord, FilingRecord, WebsiteRecord
from beian.records.notices import CancelledNotice
from beian.records.rows import number_of
from beian.result_codes import message
from beian.services.refusals import Invalid, MovedOn, NotAllowed
from beian.services.staff import roles_at
from bureau.models import Application
from bureau.services import approval, blacklist
from bureau.services.applying import websites_concerned
from bureau.services.cancelling import cancel
from bureau.services.concerned import tell_filing, tell_gone
from bureau.services.entering import enter
from bureau.services.letters import tell_access_ended, tell_domain_closed
from bureau.services.prospects import filing_at
from bureau.services.requests import request_of

DOMAIN_BARRED = 1064
REASON_LIMIT = 500
NOBODY = 0


class Closing(StrEnum):
    """What can be closed."""

    SPONSOR = "sponsor"
    WEBSITE = "website"
    DOMAIN = "domain"


@dataclass(frozen=True, slots=True)
class Closed:
    """What a forced closing did: the filing `before` and `after` it, and the applications that ended with it."""

    before: FilingRecord
    after: FilingRecord | None
    ended: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a forced closing would be about: the filing as it stands, and the applications that would end with it."""

    sponsor: int
    before: FilingRecord
    ending: tuple[Application, ...]


def preview(bureau: Node, what: Closing, number: int) -> Preview:
    """Tell what `close` would be about; changes nothing. Raises `MovedOn` as `close` does."""
    sponsor = _sponsor(bureau, what, number)
    before = filing_at(bureau, sponsor)
    if before is None:
        raise MovedOn("该备案刚刚已注销。")
    waiting = Application.objects.at(bureau).open().filter(target=sponsor).order_by("pk")
    return Preview(sponsor, before, tuple(each for each in waiting if _is_about(each, what, number, before)))


def close(bureau: Node, user: User, what: Closing, number: int, reason: str, *, bar: bool = True) -> Closed:
    """Close the object `number` for `reason`; with `bar` it goes onto the blacklist.

    That is a sponsor by its certificate, a website by its domains. Raises `NotAllowed` for anybody but a
    supervisor, `Invalid` for a reason that is missing or too long and for the only domain of a website,
    `MovedOn` for what is not on file here or is decided elsewhere.
    """
    _check(bureau, user, reason)
    correlation = uuid.uuid4()
    with transaction.atomic():
        sponsor = _sponsor(bureau, what, number)
        waiting = _lock(bureau, sponsor)
        before = filing_at(bureau, sponsor)
        if before is None:
            raise MovedOn("该备案刚刚已注销。")
        after: FilingRecord | None
        if what == Closing.DOMAIN:
            after = _close_domain(bureau, user, before, number, reason, correlation)
        else:
            after = _close_object(bureau, before, Cancelled[what.name], number, reason, correlation)
        ended = tuple(_end(waiting, what, number, before, reason))
        if bar:
            _bar(bureau, user, what, number, before, reason)
        events.record(
            "sponsor",
            sponsor,
            f"close_{what}",
            node=bureau,
            actor=user,
            reason=reason,
            data={"number": number, "name": _name(before, what, number)},
            correlation=correlation,
        )
    return Closed(before, after, ended)


def _check(bureau: Node, user: User, reason: str) -> None:
    if Role.SUPERVISOR not in roles_at(user, bureau):
        raise NotAllowed("只有主管可以责令关闭。")
    if not reason.strip():
        raise Invalid({"reason": ["请填写责令关闭的理由。"]})
    if len(reason) > REASON_LIMIT:
        raise Invalid({"reason": [f"理由最多{REASON_LIMIT}个字，现有{len(reason)}个。"]})


def _sponsor(bureau: Node, what: Closing, number: int) -> int:
    """Find the sponsor's number of the object `number`, which this bureau must have authority over."""
    found: int | None
    if what == Closing.SPONSOR:
        found = Sponsor.objects.held_by(bureau).filter(number=number).values_list("number", flat=True).first()
    elif what == Closing.WEBSITE:
        websites = Website.objects.held_by(bureau).filter(number=number)
        found = websites.values_list("sponsor__number", flat=True).first()
    else:
        domains = Domain.objects.held_by(bureau).filter(number=number)
        found = domains.values_list("website__sponsor__number", flat=True).first()
    if found is None:
        raise MovedOn("要关闭的对象不在本局的备案中。")
    if province_of(found) != bureau.province:
        raise MovedOn("该备案由主办者所在省的管局管理，本局只有副本。")
    return found


def _lock(bureau: Node, sponsor: int) -> list[Application]:
    """Lock the open applications about a sponsor, then its row: in the order of those who decide."""
    waiting = Application.objects.at(bureau).open().filter(target=sponsor)
    locked = list(waiting.select_for_update(of=("self",)).select_related("holder", "received_by").order_by("pk"))
    list(Sponsor.objects.held_by(bureau).filter(number=sponsor).select_for_update(of=("self",)).values_list("pk"))
    return locked


def _close_object(
    bureau: Node, before: FilingRecord, what: Cancelled, number: int, reason: str, correlation: uuid.UUID
) -> FilingRecord | None:
    gone = cancel(bureau, before, what, number, f"责令关闭：{reason}")
    notice = CancelledNotice(what=what, number=number, remark=f"责令关闭：{reason}")
    tell_gone(bureau, gone, notice, requester=None, correlation=correlation)
    tell_access_ended(gone, ordered=reason)
    return gone.after


def _close_domain(
    bureau: Node, user: User, before: FilingRecord, number: int, reason: str, correlation: uuid.UUID
) -> FilingRecord:
    website, domain = _find_domain(before, number)
    left = tuple(each for each in website.domains if each.number != number)
    if not left:
        raise Invalid({"domain": [f"“{domain.name}”是该网站唯一的域名，请责令关闭网站。"]})
    page = None if _lies_under(website.home_page, domain) else website.home_page
    changed = replace(website, domains=left, home_page=page)
    after = replace(before, websites=tuple(changed if each is website else each for each in before.websites))
    entered = enter(bureau, before, after, isp_id=NOBODY, reviewer=user)
    freed = set(reservation_keys(before)) - set(reservation_keys(after))
    reservations.free(bureau, number_of(before.sponsor), freed)
    tell_filing(bureau, before, entered, requester=None, correlation=correlation)
    tell_domain_closed(entered.sponsor, changed, domain.name, reason)
    return entered


def _find_domain(filing: FilingRecord, number: int) -> tuple[WebsiteRecord, DomainRecord]:
    for website in filing.websites:
        for domain in website.domains:
            if domain.number == number:
                return website, domain
    raise MovedOn("该域名刚刚已不在备案中。")


def _name(filing: FilingRecord, what: Closing, number: int) -> str:
    """Name what is closed as people find it again: by its filing number, or by the domain."""
    if what == Closing.DOMAIN:
        return _find_domain(filing, number)[1].name
    if what == Closing.WEBSITE:
        website = next(each for each in filing.websites if each.number == number)
        return website.filing_number or website.name
    return filing.sponsor.filing_number or str(number)


def _lies_under(url: str | None, domain: DomainRecord) -> bool:
    page, key = home_page(url or ""), domain_key(domain.name)
    return page is not None and (page.host == key or page.host.endswith(f".{key}"))


def _end(waiting: list[Application], what: Closing, number: int, before: FilingRecord, reason: str) -> Iterator[int]:
    """End as returned the applications that are about what was closed."""
    for application in waiting:
        if _is_about(application, what, number, before):
            approval.return_for_conflict(application, [_finding(what, number, before, reason)])
            yield application.pk


def _is_about(application: Application, what: Closing, number: int, before: FilingRecord) -> bool:
    if what == Closing.SPONSOR:
        return True
    if what == Closing.DOMAIN:
        return domain_key(_find_domain(before, number)[1].name) in application.domains
    return number in {website.number for website in websites_concerned(request_of(application), before)}


def _finding(what: Closing, number: int, before: FilingRecord, reason: str) -> Finding:
    said = f"管局已责令关闭：{reason}"
    if what == Closing.DOMAIN:
        website, domain = _find_domain(before, number)
        text = f"“{website.name}”网站的“{domain.name}”域名在黑名单中，请核实后再次报备"
        return Finding(DOMAIN_BARRED, said, "域名", "", text)
    code = SPONSOR_GONE if what == Closing.SPONSOR else WEBSITE_GONE
    return Finding(code, said, "主体" if what == Closing.SPONSOR else "网站", "", message(code))


def _bar(bureau: Node, user: User, what: Closing, number: int, before: FilingRecord, reason: str) -> None:
    """Put what was closed onto the blacklist; what stands there already stays as it is."""
    sponsor, certificate = before.sponsor, before.sponsor.certificate
    if what == Closing.SPONSOR:
        with suppress(Invalid):
            blacklist.bar_sponsor(bureau, user, sponsor.name, certificate.type, certificate.number, reason)
        return
    for website in before.websites:
        for domain in website.domains:
            if number == (website.number if what == Closing.WEBSITE else domain.number):
                with suppress(Invalid):
                    blacklist.bar_domain(bureau, user, domain.name, website.name, reason, website.home_page or "")
