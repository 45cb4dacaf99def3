"""The blacklist (黑名单) as we were told of it, and what of ours stands on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from beian.checks.keys import domain_key
from beian.models import BlacklistKind, Domain, Node, Sponsor
from beian.records import FilingRecord, as_json
from beian.records.notices import BlacklistedSponsor, BlacklistedWebsite, Listing
from beian.records.people import certificate_index
from enterprise.applying.deadlines import due
from enterprise.applying.tasks import Entry, open_tasks
from enterprise.models import Blacklisted, Case, Incoming, TaskKind
from enterprise.workflow import ENDED
from interface.documents.download import DownloadDocument

Key = tuple[BlacklistKind, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """What a notice puts on the list, changes there, or takes off: a certificate, or a domain."""

    kind: BlacklistKind
    key: str
    name: str
    remark: str


@dataclass(frozen=True, slots=True)
class Hit:
    """Something of ours that stands on the list. `words` says what it is."""

    listed: Listed
    about: str
    words: str
    sponsor_number: int | None = None


def take_blacklist(provider: Node, incoming: Incoming, document: DownloadDocument) -> None:
    """Keep what came onto the list or went, and open a task for each holding and each open case that is on it."""
    notices: list[BlacklistedSponsor | BlacklistedWebsite] = [*document.blacklisted_sponsors]
    notices += document.blacklisted_websites
    on: dict[Key, Listed] = {}
    for notice in notices:
        for listed in _listed(notice):
            key = (listed.kind, listed.key)
            if notice.operation == Listing.REMOVE:
                on.pop(key, None)
                Blacklisted.objects.filter(provider=provider, kind=listed.kind, key=listed.key).delete()
            else:
                on[key] = listed
    if not on:
        return
    _keep(provider, incoming, on.values())
    _tell(provider, incoming, [*_holdings_on(provider, on), *_cases_on(provider, on)])


def tell_hits(provider: Node, incoming: Incoming, said: Iterable[FilingRecord]) -> None:
    """Open a task for each of these holdings that stands on the list as we have it."""
    keys = {key: filing for filing in said for key in _keys(filing)}
    if not keys:
        return
    rows = Blacklisted.objects.filter(provider=provider, key__in={key for _, key in keys})
    hits: list[Hit] = []
    for row in rows:
        kind = BlacklistKind(row.kind)
        if filing := keys.get((kind, row.key)):
            words = f"{filing.sponsor.name} {filing.sponsor.filing_number or ''}".strip()
            listed = Listed(kind, row.key, row.name, row.remark)
            hits.append(Hit(listed, f"sponsor:{filing.sponsor.number}", words, filing.sponsor.number))
    _tell(provider, incoming, hits)


def _listed(notice: BlacklistedSponsor | BlacklistedWebsite) -> Iterator[Listed]:
    remark = notice.remark or ""
    if isinstance(notice, BlacklistedWebsite):
        for domain in notice.domains:
            yield Listed(BlacklistKind.DOMAIN, domain_key(domain.name), f"{notice.name}（{domain.name}）", remark)
    elif notice.sponsor is not None and (index := certificate_index(notice.sponsor.certificate_number)):
        yield Listed(BlacklistKind.SPONSOR, index, notice.sponsor.name, remark)


def _keep(provider: Node, incoming: Incoming, on: Iterable[Listed]) -> None:
    rows = [
        Blacklisted(
            provider=provider,
            kind=each.kind,
            key=each.key,
            name=each.name[:512],
            remark=each.remark,
            incoming=incoming,
        )
        for each in on
    ]
    Blacklisted.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["provider", "kind", "key"],
        update_fields=["name", "remark", "incoming"],
    )


def _keys(filing: FilingRecord) -> Iterator[Key]:
    if index := certificate_index(filing.sponsor.certificate.number):
        yield BlacklistKind.SPONSOR, index
    for website in filing.websites:
        yield from ((BlacklistKind.DOMAIN, domain_key(domain.name)) for domain in website.domains)


def _holdings_on(provider: Node, on: dict[Key, Listed]) -> Iterator[Hit]:
    indexes, domains = _named(on, BlacklistKind.SPONSOR), _named(on, BlacklistKind.DOMAIN)
    for row in Sponsor.objects.held_by(provider).filter(certificate_index__in=indexes):
        listed = on[BlacklistKind.SPONSOR, row.certificate_index]
        yield Hit(listed, f"sponsor:{row.number}", f"备案{row.filing_number or row.number}（{row.name}）", row.number)
    found = Domain.objects.held_by(provider).filter(key__in=domains).select_related("website__sponsor")
    for domain in found:
        sponsor = domain.website.sponsor
        words = f"备案{domain.website.filing_number or domain.website.name}（{sponsor.name}，{domain.name}）"
        yield Hit(on[BlacklistKind.DOMAIN, domain.key], f"domain:{domain.number}", words, sponsor.number)


def _cases_on(provider: Node, on: dict[Key, Listed]) -> Iterator[Hit]:
    indexes, domains = _named(on, BlacklistKind.SPONSOR), _named(on, BlacklistKind.DOMAIN)
    open_cases = Case.objects.at(provider).light().exclude(state__in=ENDED)
    for case in open_cases.filter(certificate_index__in=indexes):
        yield _of_case(on[BlacklistKind.SPONSOR, case.certificate_index or ""], case)
    for case in open_cases.filter(domains__overlap=domains):
        key = next(each for each in case.domains if (BlacklistKind.DOMAIN, each) in on)
        yield _of_case(on[BlacklistKind.DOMAIN, key], case)


def _of_case(listed: Listed, case: Case) -> Hit:
    words = f"在办申请{case.reference}（{case.sponsor_name or case.first_domain}）"
    return Hit(listed, f"case:{case.pk}", words, case.sponsor_number)


def _named(on: Iterable[Key], wanted: BlacklistKind) -> list[str]:
    return [key for kind, key in on if kind == wanted]


def _tell(provider: Node, incoming: Incoming, hits: Iterable[Hit]) -> None:
    entries = [
        Entry(
            kind=TaskKind.BLACKLIST,
            about=hit.about,
            title=f"黑名单命中“{hit.listed.name}”：{hit.words}",
            content={"listed": as_json(hit.listed), "about": hit.about, "words": hit.words},
            due=due(TaskKind.BLACKLIST),
            sponsor_number=hit.sponsor_number,
        )
        for hit in hits
    ]
    open_tasks(provider, incoming, entries)
