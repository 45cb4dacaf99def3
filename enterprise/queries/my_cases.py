"""What a sponsor sees of his own: his cases, and the filings of our copy that are his.

A filing is his where a case of his about it was granted, or he proved its filing password (`Claim`).
Nothing else makes it so: who knows a certificate number learns nothing by it.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Case as When
from django.db.models import IntegerField, Prefetch, Q, QuerySet, Value
from django.db.models import When as If

from beian.models import Domain, Node, Sponsor, User, Website
from enterprise.models import Case, CaseQuerySet, Claim
from enterprise.services.progress import HEADLINES, Turn
from enterprise.workflow import ENDED, Kind, State

MINE_BY = (Kind.NEW_FILING, Kind.NEW_WEBSITE, Kind.NEW_ACCESS, Kind.CHANGE)
"""Kinds of case that, when granted, show that a filing is its applicant's."""

_BY_TURN = {Turn.SPONSOR: 0, Turn.OFFICE: 1, Turn.SYSTEM: 1, Turn.BUREAU: 1, Turn.NOBODY: 2}


@dataclass(frozen=True, slots=True)
class Mine:
    """A person's own at a provider: the only way to a case or filing on a sponsor's page."""

    provider: Node
    user: User

    def cases(self) -> CaseQuerySet:
        """Give his cases; those first where it is his turn, then those under way, then those that ended."""
        rows = Case.objects.at(self.provider).of_sponsor(self.user)
        ranks = [If(state=state, then=Value(_BY_TURN[turn])) for state, (_, _, turn) in HEADLINES.items()]
        rank = When(*ranks, default=Value(1), output_field=IntegerField())
        return rows.light().annotate(rank=rank).order_by("rank", "-id")

    def case(self, reference: str) -> Case | None:
        """Find one of his cases, with everything that its page shows."""
        rows = Case.objects.at(self.provider).of_sponsor(self.user).filter(reference=reference)
        return rows.select_related("provider", "sponsor_account__user", "document").first()

    def numbers(self) -> set[int]:
        """Give the bureau's numbers of the sponsors whose filings are his, whether our copy has them or not."""
        granted = Case.objects.at(self.provider).of_sponsor(self.user).filter(state=State.FILED, kind__in=MINE_BY)
        numbers = set(granted.exclude(sponsor_number=None).values_list("sponsor_number", flat=True))
        claims = Claim.objects.filter(provider=self.provider, account__user=self.user)
        return {number for number in numbers if number} | set(claims.values_list("sponsor_number", flat=True))

    def filings(self) -> QuerySet[Sponsor]:
        """Give his filings on record, with the websites that this provider gives access to."""
        own = Website.objects.held_by(self.provider).filter(accesses__isp_id=self.provider.isp_id).distinct()
        domains = Prefetch("domains", Domain.objects.held_by(self.provider).order_by("number"))
        websites = Prefetch("websites", own.prefetch_related(domains).order_by("number"), to_attr="here")
        rows = Sponsor.objects.held_by(self.provider).filter(number__in=self.numbers())
        return rows.prefetch_related(websites).order_by("-last_modified")

    def filing(self, number: int) -> Sponsor | None:
        """Find one of his filings by the bureau's number of its sponsor."""
        return self.filings().filter(number=number).first()

    def open_about(self, *, certificate_index: str | None, domain: str | None) -> list[Case]:
        """Give his cases under way that are about a certificate or a domain."""
        about = Q()
        if certificate_index:
            about |= Q(certificate_index=certificate_index)
        if domain:
            about |= Q(domains__contains=[domain])
        return list(self.cases().filter(about).exclude(state__in=ENDED)[:5]) if about else []
