"""Rules of a website: its name, what it offers, its languages and prior approvals."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from beian.checks.base import Defect, Facts, Scope, quoted, rule
from beian.checks.operations import WITH_ACCESSES, WITH_WEBSITES
from beian.checks.places import Spot, T, accesses, values_of, websites
from beian.records import FilingRecord, PriorApprovalRecord


@rule(1020, "Website name conflicts", scope=Scope.FORM, source="interface, field rules", operations=WITH_WEBSITES)
def name_conflicts(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """Two websites of one sponsor bear the same name. Each of several names (`;`) counts by itself.

    Case, width and blanks do not make names differ. The sponsor's websites on file count as well.
    """
    bearers = dict(facts.bearers)
    for website in websites(filing):
        for name in name_keys(website.value.name):
            bearer = bearers.setdefault(name, website.place)
            if bearer != website.place:
                yield website.wrong(f"网站名称{quoted(website.value.name)}与{bearer}相同", "name")


def name_keys(names: str) -> list[str]:
    """Give the normal form of each name that stands in `names`, once."""
    return list(dict.fromkeys(map(_name_key, values_of(names))))


def _name_key(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


@rule(
    1033,
    "Kind of prior approval is invalid",
    scope=Scope.FORM,
    source="interface, field rules and code table",
    operations=WITH_WEBSITES,
)
def approval_invalid(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """The kind of a prior approval is not in the table, or its number or its scan is missing."""
    for website in websites(filing):
        for approval in website.each(website.value.approvals, "前置审批", "approvals"):
            yield from _approval_faults(approval, facts)


def _approval_faults(approval: Spot[PriorApprovalRecord], facts: Facts) -> Iterator[Defect]:
    if facts.entry("prior_approval", approval.value.kind) is None:
        yield approval.wrong(f"前置或专项审批内容类型代码{approval.value.kind}不存在", "kind")
    if not approval.value.approval_number.strip():
        yield approval.wrong("前置审批号不能为空", "approval_number")
    if not approval.value.scans:
        yield approval.wrong("缺少审批文件扫描件", "scans")


def _unknown(part: Spot[T], field: str, table: str, word: str, facts: Facts) -> Iterator[Defect]:
    """Name the codes of `field` that its table lacks, or that none is given."""
    codes: Sequence[int] = getattr(part.value, field)
    if not codes:
        yield part.wrong(f"{word}不能为空", field)
    unknown = [str(code) for code in dict.fromkeys(codes) if facts.entry(table, code) is None]
    if unknown:
        yield part.wrong(f"{word}代码{'、'.join(unknown)}不存在", field)


@rule(1034, "Service content is invalid", scope=Scope.FORM, source="interface, code table", operations=WITH_WEBSITES)
def service_invalid(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """Every service content of a website is in the table, and there is one at least."""
    for website in websites(filing):
        yield from _unknown(website, "services", "service_content", "网站服务内容", facts)


@rule(1035, "Access method is invalid", scope=Scope.FORM, source="interface, code table", operations=WITH_ACCESSES)
def method_invalid(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """Every method of an access is in the table, and there is one at least."""
    for website in websites(filing):
        for access in accesses(website):
            yield from _unknown(access, "methods", "access_method", "网站接入方式", facts)


@rule(1036, "Server location is invalid", scope=Scope.FORM, source="interface, code table", operations=WITH_ACCESSES)
def location_invalid(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """Every server location of an access is in the table, and there is one at least."""
    for website in websites(filing):
        for access in accesses(website):
            yield from _unknown(access, "locations", "server_location", "服务器放置地点", facts)


@rule(1066, "Language is invalid", scope=Scope.FORM, source="interface, code table", operations=WITH_WEBSITES)
def language_invalid(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """Every language of a website is in the table, and there is one at least."""
    for website in websites(filing):
        yield from _unknown(website, "languages", "language", "网站语言类别", facts)
