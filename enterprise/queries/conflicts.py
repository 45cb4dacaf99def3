"""What our copy and our other cases hold of the same domains and certificate.

The bureau's rules ask its reservations, which a provider does not have; here the rows themselves are asked.
"""

from __future__ import annotations

from django.db.models import QuerySet

from beian.checks.keys import domain_key
from beian.models import Domain, Sponsor
from beian.records import FilingRecord
from beian.records.people import certificate_index
from enterprise.models import Case, CaseQuerySet
from enterprise.queries.matter import Matter, websites_of
from enterprise.workflow import ENDED, Kind, State

ABOUT_A_FILING = frozenset(Kind) - {Kind.NEW_FILING, Kind.MATERIAL, Kind.CHECK_RESULT, Kind.UNFILED_HANDLING}
"""Requests of which a bureau takes one at a time about the same filing."""


def conflicts(case: Case, it: Matter, seen: CaseQuerySet, held: QuerySet[Sponsor]) -> dict[str, list[str]]:
    """Say by path what else is on file here, or under way, with a domain, the certificate, or the same filing.

    `seen` and `held` are the cases and the filings that the person may see; of others nothing is said. Five queries.
    """
    if case.state in ENDED | {State.FILED}:
        return {}
    open_ones = seen.light().exclude(pk=case.pk).exclude(state__in=sorted(ENDED))
    others = open_ones.exclude(state=State.DRAFT)
    return _of_domains(case, it, others, held) | _of_certificate(it, others, held) | _of_filing(case, open_ones)


def _of_filing(case: Case, others: CaseQuerySet) -> dict[str, list[str]]:
    """A bureau takes one request about a filing at a time (1052, 1053): drafts count, the next is refused."""
    if case.kind not in ABOUT_A_FILING or not case.sponsor_number:
        return {}
    rivals = others.filter(sponsor_number=case.sponsor_number, kind__in=sorted(ABOUT_A_FILING))
    said = [f"另有申请 {each.reference}：{each.get_kind_display()}，{each.get_state_display()}" for each in rivals]
    return {"": said} if said else {}


def _of_domains(case: Case, it: Matter, others: CaseQuerySet, held: QuerySet[Sponsor]) -> dict[str, list[str]]:
    places: dict[str, str] = {
        domain_key(domain.name): f"websites.{i}.domains.{k}.name"
        for i, website in enumerate(websites_of(it.request))
        for k, domain in enumerate(website.domains)
        if domain.number is None
    }
    if not places:
        return {}
    found: dict[str, list[str]] = {}
    filed = Domain.objects.held_by(case.provider).filter(key__in=places, website__sponsor__in=held)
    for key, number in filed.values_list("key", "website__filing_number"):
        found.setdefault(places[key], []).append(f"该域名已在我方备案数据中：{number or '尚无备案号'}")
    for other in others.filter(domains__overlap=list(places)):
        for key in places.keys() & set(other.domains):
            found.setdefault(places[key], []).append(f"该域名另有在办申请：{other.reference}")
    return found


def _of_certificate(it: Matter, others: CaseQuerySet, held: QuerySet[Sponsor]) -> dict[str, list[str]]:
    if not isinstance(it.request, FilingRecord) or not it.request.sponsor.certificate.number:
        return {}
    index = certificate_index(it.request.sponsor.certificate.number)
    filed = held.filter(certificate_index=index)
    said = [f"该证件已有备案：{number or '尚无备案号'}" for number in filed.values_list("filing_number", flat=True)]
    said += [f"该证件另有在办申请：{other.reference}" for other in others.filter(certificate_index=index)]
    return {"sponsor.certificate.number": said} if said else {}
