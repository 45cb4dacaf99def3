"""What else a bureau has about the same filing, certificate, domain, address or telephone.

Two sources, filings on file and applications, each asked once per thing in common; personal data is
compared by its blind index only. The filing that an application is about shares everything with it,
and so does all that was ever asked of it: of that only what is under way is told.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from beian.models import Domain, Sponsor
from bureau.models import Application
from bureau.workflow import OPEN

LIMIT = 10
"""Shown for each thing in common; beyond that the list says that there are more."""

FILING, CERTIFICATE, DOMAIN, ADDRESS, TELEPHONE = "同一备案", "同证件", "同域名", "同地址", "同电话"


@dataclass(slots=True)
class Relative:
    """One filing or application that has something in common: `application` is its id, else `filing` its number."""

    name: str
    number: str
    state: str
    since: datetime.datetime
    application: int | None = None
    filing: int | None = None
    is_open: bool = False
    common: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Related:
    """All of them; `more` names the kinds of which there are more than `LIMIT`."""

    rows: list[Relative]
    more: list[str]

    def having(self, common: str) -> list[Relative]:
        """Keep those that share `common`."""
        return [row for row in self.rows if common in row.common]


def related(application: Application) -> Related:
    """Find what shares something with `application` at its bureau. At most nine queries."""
    found: dict[tuple[str, int], Relative] = {}
    more: list[str] = []
    for common, sponsors in _sponsors(application).items():
        _collect(found, more, common, "filing", sponsors, _of_sponsor)
    for common, wanted in _shared(application).items():
        rows = (
            Application.objects.at(application.holder)
            .filter(wanted)
            .exclude(pk=application.pk)
            .only("sponsor_name", "filing_number", "kind", "state", "received_at")
            .order_by("-id")
        )
        _collect(found, more, common, "application", rows, _of_application)
    rows_found = sorted(found.values(), key=lambda row: (-len(row.common), not row.is_open, row.application or 0))
    return Related(rows_found, more)


def _collect(
    found: dict[tuple[str, int], Relative],
    more: list[str],
    common: str,
    source: str,
    rows: QuerySet[Any],
    describe: Callable[[Any], Relative],
) -> None:
    listed = list(rows[: LIMIT + 1])
    if len(listed) > LIMIT and common not in more:
        more.append(common)
    for row in listed[:LIMIT]:
        found.setdefault((source, row.pk), describe(row)).common.append(common)


def _shared(application: Application) -> dict[str, Q]:
    """Say what an application must have to share something."""
    wanted = {
        CERTIFICATE: Q(certificate_index=application.certificate_index) if application.certificate_index else None,
        DOMAIN: Q(domains__overlap=application.domains) if application.domains else None,
        ADDRESS: Q(address_index=application.address_index) if application.address_index else None,
        TELEPHONE: Q(telephones__overlap=application.telephones) if application.telephones else None,
    }
    found = {common: condition for common, condition in wanted.items() if condition is not None}
    if application.target is None:
        return found
    about = Q(target=application.target)
    of_others = ~about & ~Q(sponsor_number=application.target)
    return {FILING: about & Q(state__in=sorted(OPEN)), **{key: each & of_others for key, each in found.items()}}


def _sponsors(application: Application) -> dict[str, QuerySet[Any]]:
    held = Sponsor.objects.held_by(application.holder).only("number", "name", "filing_number", "first_reported")
    if application.target is not None:
        held = held.exclude(number=application.target)
    found: dict[str, QuerySet[Any]] = {}
    if application.certificate_index:
        found[CERTIFICATE] = held.filter(certificate_index=application.certificate_index)
    if application.domains:
        owners = Domain.objects.held_by(application.holder).filter(key__in=application.domains)
        found[DOMAIN] = held.filter(pk__in=owners.values("website__sponsor"))
    if application.address_index:
        found[ADDRESS] = held.filter(address_index=application.address_index)
    if application.telephones:
        known = application.telephones
        found[TELEPHONE] = held.filter(Q(person_mobiles__overlap=known) | Q(person_telephones__overlap=known))
    return {common: rows.order_by("-id") for common, rows in found.items()}


def _of_sponsor(sponsor: Sponsor) -> Relative:
    return Relative(sponsor.name, sponsor.filing_number or "", "已备案", sponsor.first_reported, filing=sponsor.number)


def _of_application(row: Application) -> Relative:
    return Relative(
        row.sponsor_name,
        row.filing_number,
        f"{row.get_kind_display()}，{row.get_state_display()}",
        row.received_at,
        application=row.pk,
        is_open=row.is_open,
    )
