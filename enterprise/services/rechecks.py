"""Looking again at what is on file: when a holding was last found right, and asking its sponsor.

A sponsor is asked by mail to confirm or correct; what he confirms counts as found right, not as verified.
"""

from __future__ import annotations

import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone

from beian import events, mail
from beian.models import Node, Role, Sponsor, User
from beian.records.people import values_of
from beian.services.refusals import Invalid
from enterprise.models import Confirmation, How, RecheckRule, SponsorAccount, Verification, VerificationState
from enterprise.queries.my_cases import Mine
from enterprise.queries.rechecks import due
from enterprise.services.tasks import require
from enterprise.workflow import State

log = structlog.get_logger(__name__)

SUBJECT = "holding"
"""The subject kind of events about a holding; the subject is the bureau's number of the sponsor."""

VERIFYING = frozenset({How.VERIFIED, How.STOCK, How.CHECK})
"""Ways in which somebody of the office looked; a sponsor's word alone is no verification."""

_SETTERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})


def note(
    provider: Node,
    sponsor_number: int,
    how: How,
    by_name: str,
    *,
    actor: User | None = None,
    at: datetime.datetime | None = None,
) -> Confirmation:
    """Note that a holding was found right, now unless `at` says when; its reminders begin anew."""
    at = at or timezone.now()
    with transaction.atomic():
        known, _ = Confirmation.objects.get_or_create(provider=provider, sponsor_number=sponsor_number)
        known = Confirmation.objects.select_for_update().get(pk=known.pk)
        if known.confirmed_at is None or known.confirmed_at <= at:
            known.confirmed_at, known.how, known.by_name = at, how, by_name[:64]
            known.reminders, known.reminded_at = 0, None
        if how in VERIFYING and (known.verified_at is None or known.verified_at < at):
            known.verified_at = at
        known.save()
        events.record(SUBJECT, sponsor_number, "confirm", node=provider, actor=actor, data={"how": how.value})
        return known


def confirm(provider: Node, sponsor_number: int, account: SponsorAccount) -> Confirmation:
    """Take from a sponsor that what is on file of him is still right. Raises `Invalid` where it is not his."""
    if account.provider_id != provider.pk or Mine(provider, account.user).filing(sponsor_number) is None:
        raise Invalid({"": ["没有找到您的这份备案。"]})
    return note(provider, sponsor_number, How.SPONSOR, str(account.user), actor=account.user)


def rule_of(provider: Node) -> RecheckRule:
    """Give how a provider has it; the proposed values where nobody has set any."""
    return RecheckRule.objects.filter(provider=provider).first() or RecheckRule(provider=provider)


def set_rule(provider: Node, actor: User, **values: Any) -> RecheckRule:
    """Set how often what is on file is looked at again. For supervisors and administrators."""
    with transaction.atomic():
        require(provider, actor, _SETTERS)
        rule, _ = RecheckRule.objects.update_or_create(provider=provider, defaults=values)
        events.record("recheck_rule", provider.pk, "set", node=provider, actor=actor, data=values)
        return rule


def gather(provider: Node) -> int:
    """Take over when holdings were verified in person: closed verifications of cases that were granted."""
    known = Confirmation.objects.filter(provider=provider, sponsor_number=OuterRef("case__sponsor_number"))
    rows = Verification.objects.at(provider).filter(
        state=VerificationState.PASSED, case__state=State.FILED, case__sponsor_number__isnull=False
    )
    rows = rows.annotate(known=Subquery(known.values("verified_at")[:1]))
    new = rows.filter(Q(known=None) | Q(known__lt=F("closed_at"))).order_by("closed_at")
    found = list(new.values_list("case__sponsor_number", "closed_by_name", "closed_at"))
    for number, name, at in found:
        note(provider, number or 0, How.VERIFIED, name, at=at)
    return len(found)


def remind(provider: Node) -> int:
    """Ask the sponsors of holdings that are due, as the rule says; gives how many letters were written."""
    rule = rule_of(provider)
    if not rule.active:
        return 0
    written = 0
    for sponsor in due(provider, rule).filter(_may_be_asked(rule)).order_by("last_found_right", "pk")[: rule.per_run]:
        written += ask(provider, sponsor, rule)
    log.info("sponsors asked to look again", provider=provider.code, letters=written)
    return written


def ask(provider: Node, sponsor: Sponsor, rule: RecheckRule) -> bool:
    """Write to one sponsor, unless somebody just did; tells whether there was an address to write to."""
    now = timezone.now()
    with transaction.atomic():
        known, _ = Confirmation.objects.get_or_create(provider=provider, sponsor_number=sponsor.number)
        known = Confirmation.objects.select_for_update().get(pk=known.pk)
        if known.reminded_at and known.reminded_at > now - datetime.timedelta(days=rule.days_between):
            return False
        known.reminded_at, known.reminders = now, known.reminders + 1
        known.save(update_fields=["reminded_at", "reminders"])
        address = address_of(provider, sponsor)
        if address:
            mail.write(address, f"【{provider.name}】请核对您的网站备案信息", _letter(provider, sponsor))
        told = {"letter": bool(address), "reminder": known.reminders}
        events.record(SUBJECT, sponsor.number, "remind", node=provider, data=told)
        return bool(address)


def address_of(provider: Node, sponsor: Sponsor) -> str:
    """Give where a sponsor is written to: his account with us, else the responsible person on file; "" for nowhere."""
    accounts = SponsorAccount.objects.filter(provider=provider, user__is_active=True)
    his = Q(cases__sponsor_number=sponsor.number, cases__state=State.FILED) | Q(claims__sponsor_number=sponsor.number)
    account = accounts.filter(his).order_by("-pk").first()
    if account is not None:
        return str(account.email)
    return next((value for value in values_of(sponsor.person_email or "") if "@" in value), "")


def _may_be_asked(rule: RecheckRule) -> Q:
    before = timezone.now() - datetime.timedelta(days=rule.days_between)
    often = Q(asked=None) | Q(asked__lt=rule.most_reminders)
    return often & (Q(asked_at=None) | Q(asked_at__lt=before))


def _letter(provider: Node, sponsor: Sponsor) -> str:
    path = reverse("enterprise:portal_rechecks", kwargs={"isp": provider.isp_id})
    return "\n".join(
        [
            "您好：",
            "",
            f"您的备案（{sponsor.filing_number or sponsor.number}）由本单位接入。按规定，备案信息应当始终真实、准确。",
            "请登录核对：仍然准确的，点击“仍然准确”；有变化的，请办理变更。",
            "",
            f"{settings.ENV.public_url.rstrip('/')}{path}",
            "",
            "本邮件由系统发出，请勿直接回复。",
            provider.name,
        ]
    )
