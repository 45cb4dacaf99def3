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
from enterprise.workflow import ENDED, State


def conflicts(case: Case, it: Matter, seen: CaseQuerySet, held: QuerySet[Sponsor]) -> dict[str, list[str]]:
    """Say by path what else is on file here, or under way, with a domain or the certificate. Four queries.

    `seen` and `held` are the cases and the filings that the person may see; of others nothing is said.
    """
    if it.typed or case.state in ENDED | {State.FILED}:
        return {}
    others = seen.light().exclude(pk=case.pk).exclude(state__in=sorted(ENDED | {State.DRAFT}))
    return _of_domains(case, it, others, held) | _of_certificate(it, others, held)


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
