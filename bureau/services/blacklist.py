"""The blacklist (黑名单): who and what may not be filed; every change goes to all the bureau's providers.

The list is one for all, so that a record is judged the same wherever it comes from. A bureau changes
what it entered itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import IntegrityError, transaction
from django.utils import timezone

from beian import events
from beian.checks.facts import stored_key
from beian.checks.keys import CERTIFICATE, certificate_key, domain_key
from beian.models import BlacklistEntry, BlacklistKind, Node, User
from beian.records import notices
from beian.records.notices import Listing
from beian.services.refusals import Invalid, MovedOn, NotAllowed
from bureau.services.handing_out import hand_out
from interface.models import Outcome, ProviderAccount

SUBJECT = "blacklist"
REASON_LENGTH = 512


def bar_sponsor(
    bureau: Node, actor: User | None, name: str, certificate_type: int, certificate_number: str, reason: str
) -> BlacklistEntry:
    """Put a sponsor onto the blacklist by its certificate. Raises `Invalid` where it is there already."""
    entry = BlacklistEntry(
        kind=BlacklistKind.SPONSOR,
        key=stored_key(CERTIFICATE, certificate_key(certificate_type, certificate_number)),
        name=name,
        reason=reason,
        listed_by=bureau,
        certificate_type=certificate_type,
        certificate_number=certificate_number,
    )
    return _add(bureau, actor, entry, "certificate_number")


def bar_domain(
    bureau: Node, actor: User | None, domain: str, name: str, reason: str, home_page: str = ""
) -> BlacklistEntry:
    """Put a website onto the blacklist by its domain; `name` is the website's. Raises `Invalid`."""
    entry = BlacklistEntry(
        kind=BlacklistKind.DOMAIN,
        key=domain_key(domain),
        name=name,
        reason=reason,
        home_page=home_page,
        listed_by=bureau,
    )
    return _add(bureau, actor, entry, "domain")


def change(bureau: Node, pk: int, actor: User, name: str, reason: str) -> BlacklistEntry:
    """Change the name or the reason of an entry of this bureau; what it bars stays. Tells all providers."""
    with transaction.atomic():
        entry = _own(bureau, pk)
        changed = [field for field, value in (("name", name), ("reason", reason)) if getattr(entry, field) != value]
        if changed:
            entry.name, entry.reason = name, reason
            entry.save(update_fields=changed)
            _distribute(bureau, entry, Listing.CHANGE)
            tell(bureau, entry, "change", actor, reason)
    return entry


def remove(bureau: Node, pk: int, actor: User, reason: str) -> str:
    """Take an entry of this bureau off the list, for `reason`; gives its name. Tells all providers."""
    with transaction.atomic():
        entry = _own(bureau, pk)
        _distribute(bureau, entry, Listing.REMOVE, reason)
        tell(bureau, entry, "remove", actor, reason)
        entry.delete()
    return entry.name


def bars(bureau: Node, entry: BlacklistEntry, operation: Listing, remark: str) -> notices.Notice:
    """Write an entry as providers read it."""
    if entry.kind == BlacklistKind.DOMAIN:
        return notices.BlacklistedWebsite(
            operation=operation,
            name=entry.name,
            domains=(notices.ListedDomain(name=entry.key),),
            home_page=entry.home_page or None,
            remark=remark,
        )
    sponsor = notices.ListedSponsor(
        name=entry.name,
        certificate_type=entry.certificate_type or 0,
        certificate_number=entry.certificate_number or "",
    )
    return notices.BlacklistedSponsor(operation=operation, sponsor=sponsor, remark=remark)


def about(entry: BlacklistEntry) -> str:
    """Name an entry in mailboxes, the same for all that is said of it."""
    return f"blacklist:{entry.kind}:{entry.key}"[:80]


def tell(bureau: Node, entry: BlacklistEntry, verb: str, actor: User | None, reason: str) -> None:
    """Append an event about an entry; its key is blind where it stands for a certificate."""
    data = {"kind": entry.kind, "key": entry.key}
    events.record(SUBJECT, entry.pk, verb, node=bureau, actor=actor, reason=reason, data=data)


def _add(bureau: Node, actor: User | None, entry: BlacklistEntry, field: str) -> BlacklistEntry:
    with transaction.atomic():
        known = BlacklistEntry.objects.filter(kind=entry.kind, key=entry.key).select_related("listed_by").first()
        if known is not None:
            who = known.listed_by.name if known.listed_by else "部级系统"
            since = timezone.localtime(known.since)
            raise Invalid({field: [f"“{known.name}”已由{who}于{since:%Y-%m-%d}列入黑名单：{known.reason}"]})
        try:
            with transaction.atomic():
                entry.save(force_insert=True)
        except IntegrityError:
            raise Invalid({field: ["刚刚已由他人列入黑名单，请核对列表。"]}) from None
        _distribute(bureau, entry, Listing.ADD)
        tell(bureau, entry, "add", actor, entry.reason)
    return entry


def _own(bureau: Node, pk: int) -> BlacklistEntry:
    entry = BlacklistEntry.objects.select_for_update(of=("self",)).select_related("listed_by").filter(pk=pk).first()
    if entry is None:
        raise MovedOn("该条目已不在黑名单上。")
    if entry.listed_by_id != bureau.pk:
        raise NotAllowed(f"该条目由{entry.listed_by or '部级系统'}列入，只能由其修改或撤销。")
    return entry


def _distribute(bureau: Node, entry: BlacklistEntry, operation: Listing, remark: str = "") -> list[Outcome]:
    notice = bars(bureau, entry, operation, remark or entry.reason)
    return [hand_out(account, notice, about(entry)) for account in _told(bureau)]


def _told(bureau: Node) -> Iterator[ProviderAccount]:
    yield from ProviderAccount.objects.filter(bureau=bureau, left_at=None).select_related("bureau").order_by("id")
