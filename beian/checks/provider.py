"""Rules of the provider that reports."""

from __future__ import annotations

from collections.abc import Iterator

from beian.checks.base import Defect, Facts, Scope, rule
from beian.checks.operations import EVERY_REQUEST, Operation
from beian.records import FilingRecord

_PLACE = "报备单位"


@rule(
    1045,
    "Provider reports to another province",
    scope=Scope.PROVIDER,
    source="interface, code table",
    operations=EVERY_REQUEST | {Operation.MATERIAL},
)
def province_of_provider(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """A provider reports to the bureau of its own province only.

    A call from elsewhere is answered 13 before anything is read; this is for a provider that moved
    between the acknowledgement of an upload and its processing.
    """
    home = facts.provider_province
    if home is not None and home != facts.province:
        yield Defect(f"接入商{facts.provider}属于{_name(home, facts)}，应向其所在省通信管理局报备", _PLACE, "")


def _name(province: int, facts: Facts) -> str:
    found = facts.entry("province", province)
    return found.name if found else str(province)


@rule(
    1054,
    "Reporting provider is invalid",
    scope=Scope.PROVIDER,
    source="interface, code table",
    operations=EVERY_REQUEST | {Operation.MATERIAL},
)
def provider_invalid(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """The provider that reports is unknown or closed."""
    if facts.provider_province is None:
        yield Defect(f"没有标识为{facts.provider}的报备单位", _PLACE, "")
    elif not facts.provider_open:
        yield Defect(f"报备单位{facts.provider}已停用", _PLACE, "")
