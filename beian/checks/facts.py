"""Load the facts that the rules need for a whole document: a few queries, however many records it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from django.utils import timezone

from beian.calendar import shanghai_day
from beian.checks.base import Facts, Taken
from beian.checks.keys import CERTIFICATE, DOMAIN, SPONSOR, provider_id_keys, reservation_keys
from beian.checks.registered_facts import load_registered
from beian.codes import Entry, RegionEntry
from beian.crypto import blind_index
from beian.models import BlacklistEntry, Code, Node, NodeKind, ProviderId, Region, Reservation
from beian.records import FilingRecord

T = TypeVar("T")
Key = tuple[str, str]

TABLES = (
    "access_method",
    "attachment_format",
    "attachment_purpose",
    "cancellation_reason",
    "certificate_type",
    "language",
    "organisation_nature",
    "prior_approval",
    "province",
    "server_location",
    "service_content",
    "unfiled_handling",
)
"""The code tables that rules look into."""

_KEYS_A_QUERY = 5_000


def load_facts(
    holder: Node, *, isp_id: int, filings: Sequence[FilingRecord], except_application: int | None = None
) -> Facts:
    """Load what the rules need to judge `filings`, reported by provider `isp_id`, at the bureau `holder`.

    Eight queries for a document of ordinary size; more only where it names over 5,000 keys of a
    kind. `except_application` leaves out what that application itself has taken, for judging it again.
    Raises `CodesMissing` where the tables were never loaded.
    """
    provider = Node.objects.filter(kind=NodeKind.PROVIDER, code=f"provider:{isp_id}").first()
    keys = {key: stored_key(*key) for filing in filings for key in reservation_keys(filing)}
    return Facts(
        tables=_tables(),
        regions=_regions(filings),
        today=shanghai_day(timezone.now()),
        province=holder.province,
        provider=isp_id,
        provider_province=provider.province if provider else None,
        provider_open=bool(provider and provider.open),
        taken=_taken(holder, keys, except_application),
        used_ids=_used_ids(holder, isp_id, filings, except_application),
        blacklist=_blacklist(keys),
        registered=load_registered(holder, isp_id=isp_id, filings=filings),
    )


def stored_key(kind: str, key: str) -> str:
    """Give the form in which a key is stored: that of a certificate is blinded, others stand plain."""
    return blind_index("certificate_key", key) if kind == CERTIFICATE else key


class CodesMissing(RuntimeError):
    """The code tables are empty, so every code of every record would look wrong."""


def _tables() -> dict[str, dict[int, Entry]]:
    tables: dict[str, dict[int, Entry]] = defaultdict(dict)
    for row in Code.objects.filter(table__in=TABLES):
        tables[row.table][row.code] = Entry(row.code, row.name, row.bit, row.extra, row.valid)
    if missing := [table for table in TABLES if table not in tables]:
        raise CodesMissing(f"code tables {', '.join(missing)} are empty: run manage.py load_codes")
    return dict(tables)


def _regions(filings: Iterable[FilingRecord]) -> dict[int, RegionEntry]:
    """Load the provinces, and the regions that the filings name with those around them."""
    addresses = [filing.sponsor.address for filing in filings]
    named = {code for address in addresses for code in (address.province, address.city, address.county) if code}
    around = {code // unit * unit for code in named for unit in (100, 10_000)}
    rows = Region.objects.filter(code__in=named | around) | Region.objects.filter(level=1)
    return {row.code: RegionEntry(row.code, row.name, row.level, row.parent_id, row.valid) for row in rows}


def _taken(holder: Node, keys: dict[Key, str], except_application: int | None) -> dict[Key, Taken]:
    plain = {(kind, stored): key for (kind, key), stored in keys.items()}
    taken: dict[Key, Taken] = {}
    for some in _batches(list(plain)):
        rows = Reservation.objects.filter(
            holder=holder, kind__in={kind for kind, _ in some}, key__among=[stored for _, stored in some]
        )
        if except_application is not None:
            rows = rows.exclude(application=except_application)
        for row in rows:
            if (row.kind, row.key) in plain:
                since = shanghai_day(row.taken_at)
                taken[row.kind, plain[row.kind, row.key]] = Taken(row.taken_by, since)
    return taken


def _used_ids(
    holder: Node, isp_id: int, filings: Iterable[FilingRecord], except_application: int | None
) -> dict[tuple[str, int], str]:
    asked = list(dict.fromkeys(own for filing in filings for own in provider_id_keys(filing)))
    used: dict[tuple[str, int], str] = {}
    for some in _batches(asked):
        rows = ProviderId.objects.filter(
            holder=holder,
            isp_id=isp_id,
            kind__in={kind for kind, _ in some},
            provider_id__among={own for _, own in some},
        )
        if except_application is not None:
            rows = rows.exclude(application=except_application)
        used |= {(row.kind, row.provider_id): _object_of(row) for row in rows}
    return used


def _object_of(row: ProviderId) -> str:
    return f"管局编号{row.number}" if row.number is not None else "尚在审核的申请"


def _blacklist(keys: dict[Key, str]) -> dict[Key, str]:
    """Find the entries for the certificates and domains among `keys`; sponsors stand under their certificate."""
    kinds = {CERTIFICATE: SPONSOR, DOMAIN: DOMAIN}
    plain = {(kinds[kind], stored): key for (kind, key), stored in keys.items() if kind in kinds}
    found: dict[Key, str] = {}
    for some in _batches(list(plain)):
        for row in BlacklistEntry.objects.filter(key__among=[stored for _, stored in some]):
            if (row.kind, row.key) in plain:
                since = shanghai_day(row.since)
                found[row.kind, plain[row.kind, row.key]] = f"黑名单中的“{row.name}”（自{since}起）：{row.reason}"
    return found


def _batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), _KEYS_A_QUERY):
        yield values[start : start + _KEYS_A_QUERY]
