"""Code tables and reporting units as a bureau hands them down: its rows as records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from beian.codes import read_table
from beian.models import Code, Node, NodeKind, Region
from beian.records.notices import CodeEntry, CodeTable, ReportingUnit
from interface.documents.codes import TABLES
from interface.models import ProviderAccount

UNITS, REGIONS = "unit", "region"
PARTS = (UNITS, *TABLES)
"""What is handed down, one after the other: reporting units first, then the code tables."""


def entries_after(part: str, code: int, most: int, account: ProviderAccount) -> list[tuple[int, Any]]:
    """Give at most `most` entries of `part` beyond `code`, in order: each code, and what is said of it.

    That is a `ReportingUnit`, or a `CodeTable` with one entry.
    """
    if part == UNITS:
        return [(unit.number, unit) for unit in _units(account, code, most)]
    entries = _regions(code, most) if part == REGIONS else _codes(part, code, most)
    return [(entry.code, CodeTable(table=part, entries=(entry,))) for entry in entries]


def _units(account: ProviderAccount, after: int, most: int) -> Iterator[ReportingUnit]:
    """Providers of the whole country; what only their accounts say, of those with an account here."""
    nodes = Node.objects.filter(kind=NodeKind.PROVIDER, code__gt=f"provider:{after:012}").order_by("code")[:most]
    licences = dict(
        ProviderAccount.objects.filter(bureau=account.bureau, provider__in=list(nodes)).values_list(
            "provider_id", "licence"
        )
    )
    for node in nodes:
        yield ReportingUnit(
            number=node.isp_id,
            name=node.name,
            licence=licences.get(node.pk) or None,
            province=node.province or None,
            valid=node.open,
        )


def _regions(after: int, most: int) -> Iterator[CodeEntry]:
    for region in Region.objects.filter(code__gt=after).order_by("code")[:most]:
        yield CodeEntry(code=region.code, name=region.name, level=region.level, valid=region.valid)


def _codes(table: str, after: int, most: int) -> Iterator[CodeEntry]:
    more = _MORE.get(table, _nothing)
    for row in Code.objects.filter(table=table, code__gt=after).order_by("code")[:most]:
        yield CodeEntry(code=row.code, name=row.name, valid=row.valid, **more(row))


def _nothing(row: Code) -> dict[str, Any]:
    return {}


def _bit(row: Code) -> dict[str, Any]:
    """Two to the power of code - 1, where the row does not say."""
    return {"bit": row.bit or 1 << row.code - 1}


def _place(row: Code) -> dict[str, Any]:
    """A place for servers is the province of a bureau on the wire, where there is one."""
    province = next((entry for entry in read_table("province").values() if entry.name == row.name), None)
    if province is None:
        return {**_bit(row), "mark": str(row.code)}
    return {
        **_bit(row),
        "mark": str(province.code),
        "province": province.code,
        "abbreviation": province.extra["abbreviation"],
    }


_MORE: dict[str, Callable[[Code], dict[str, Any]]] = {
    "access_method": _bit,
    "service_content": _bit,
    "prior_approval": lambda row: {**_bit(row), "needs_approval": True},
    "server_location": _place,
    # Our tables have names alone where the wire wants a letter code or a second level too.
    "industry": lambda row: {"mark": str(row.code)},
    "feedback_class": lambda row: {"second_name": row.extra.get("second_name") or row.name},
    "certificate_type": lambda row: {"nature": row.extra.get("organisation_nature")},
    "attachment_purpose": lambda row: {"owner_kind": row.extra.get("object")},
}
