"""Unfiled websites (未备案网站): listed to the provider whose addresses host them, closed by what it did.

An item is matched by domain, address and provider. One may be open; after it was closed the same
website can come onto the list again.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from beian import events
from beian.checks.keys import domain_key
from beian.models import Node, User
from beian.records import UnfiledHandlingRecord
from beian.services.refusals import Invalid, MovedOn
from bureau.models import UnfiledState, UnfiledWebsite
from bureau.services.handing_out import hand_out_unfiled_website, take_back
from interface.models import ProviderAccount

SUBJECT = "unfiled_website"
Key = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A website to be listed. `address` is a number, first octet highest; `carrier` an identifier."""

    domain: str
    address: int
    carrier: int
    isp_id: int
    due: datetime.date
    detected: datetime.date
    province: int

    @property
    def key(self) -> Key:
        """What it is matched by, at its provider."""
        return domain_key(self.domain), self.address


def list_items(bureau: Node, actor: User, items: Sequence[Item]) -> list[UnfiledWebsite]:
    """Put websites on the list and send each to its provider; all or none.

    Raises `Invalid` whose errors are by the item's place in `items` ("0", "1" ...).
    """
    with transaction.atomic():
        accounts = _accounts(bureau, items)
        if errors := _errors(accounts, items):
            raise Invalid(errors)
        return [_list_one(accounts[item.isp_id], actor, item) for item in items]


def withdraw(bureau: Node, pk: int, actor: User, reason: str) -> tuple[UnfiledWebsite, bool]:
    """Take an open website off the list; says also whether the provider had not fetched it yet."""
    with transaction.atomic():
        website = (
            UnfiledWebsite.objects.at(bureau)
            .select_for_update(of=("self",))
            .select_related("bureau", "account__provider", "outcome")
            .filter(pk=pk)
            .first()
        )
        if website is None or website.state != UnfiledState.OPEN:
            raise MovedOn("该网站已不在待处理之列，不能撤销。")
        website.state, website.handled_at = UnfiledState.WITHDRAWN, timezone.now()
        website.save(update_fields=["state", "handled_at"])
        unread = take_back(website.outcome, "管局已从名单中撤销此网站，不再下发")
        tell(website, "withdraw", actor, reason=reason)
    return website, unread


def listed(account: ProviderAccount, keys: Sequence[Key]) -> Mapping[Key, UnfiledWebsite]:
    """Lock a provider's items of these domains and addresses; of several the open one, else the latest, counts."""
    rows = (
        UnfiledWebsite.objects.filter(account=account, key__in={key for key, _ in keys})
        .exclude(state=UnfiledState.WITHDRAWN)
        .select_for_update(of=("self",))
        .order_by("id")
    )
    found: dict[Key, UnfiledWebsite] = {}
    for row in rows:
        known = found.get((row.key, row.address))
        if known is None or known.state != UnfiledState.OPEN:
            found[row.key, row.address] = row
    return found


def close(website: UnfiledWebsite, handling: UnfiledHandlingRecord) -> None:
    """Close an item with what its provider did, in the caller's transaction."""
    website.state, website.handled_at = UnfiledState.HANDLED, timezone.now()
    website.handling, website.opinion = handling.result, handling.opinion
    website.reporter = handling.reporter or ""
    website.reporter_telephone, website.reporter_email = handling.telephone, handling.email
    names = ("state", "handled_at", "handling", "opinion", "reporter", "reporter_telephone", "reporter_email")
    website.save(update_fields=names)
    tell(website, "close", data={"handling": handling.result})


def tell(
    website: UnfiledWebsite, verb: str, actor: User | None = None, *, reason: str = "", data: object = None
) -> None:
    """Append an event about an item of the list."""
    said = {"domain": website.key, "isp_id": website.account.isp_id} | (data if isinstance(data, dict) else {})
    events.record(SUBJECT, website.pk, verb, node=website.bureau, actor=actor, reason=reason, data=said)


def _accounts(bureau: Node, items: Sequence[Item]) -> dict[int, ProviderAccount]:
    rows = ProviderAccount.objects.filter(bureau=bureau, isp_id__in={item.isp_id for item in items})
    locked = rows.select_related("bureau", "provider").select_for_update(of=("self",)).order_by("id")
    return {account.isp_id: account for account in locked}


def _errors(accounts: Mapping[int, ProviderAccount], items: Sequence[Item]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    open_ones = _open_keys(accounts, items)
    seen: dict[tuple[int, Key], int] = {}
    for place, item in enumerate(items):
        said = []
        account = accounts.get(item.isp_id)
        if account is None:
            said.append(f"接入商标识{item.isp_id}在本局没有账号。")
        elif account.left_at is not None:
            said.append(f"接入商“{account.provider.name}”已退出。")
        if item.due < timezone.localdate():
            said.append("处理时限不能早于今天。")
        whose = (item.isp_id, item.key)
        if whose in open_ones:
            said.append(f"该网站已于{open_ones[whose]:%Y-%m-%d}列入该接入商的名单，尚未反馈。")
        if whose in seen:
            said.append(f"与第{seen[whose] + 1}条重复。")
        seen.setdefault(whose, place)
        if said:
            errors[str(place)] = said
    return errors


def _open_keys(
    accounts: Mapping[int, ProviderAccount], items: Sequence[Item]
) -> dict[tuple[int, Key], datetime.datetime]:
    keys = {item.key[0] for item in items}
    rows = UnfiledWebsite.objects.open().filter(Q(account__in=list(accounts.values())), key__in=keys)
    found = rows.values_list("account__isp_id", "key", "address", "listed_at")
    return {(isp_id, (key, address)): timezone.localtime(at) for isp_id, key, address, at in found}


def _list_one(account: ProviderAccount, actor: User, item: Item) -> UnfiledWebsite:
    website = UnfiledWebsite(
        bureau=account.bureau,
        account=account,
        domain=item.domain,
        key=item.key[0],
        address=item.address,
        carrier=item.carrier,
        province=item.province,
        detected=item.detected,
        due=item.due,
        listed_by=actor,
    )
    website.save(force_insert=True)
    website.outcome = hand_out_unfiled_website(website)
    website.save(update_fields=["outcome"])
    tell(website, "list", actor, data={"due": item.due.isoformat()})
    return website
