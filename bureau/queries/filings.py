"""What is on file at a bureau, and how a filing is found there.

Every query begins with `on_file(bureau)`: rows of another holder cannot get in. A bureau also keeps
copies of filings of other provinces to which its providers give access; those are marked, not hidden.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from beian.filing_numbers import parse
from beian.finding import named
from beian.models import Access, Cancelled, Code, Domain, Node, ObjectKind, Region, Sponsor, Website
from beian.web import filters
from beian.web.filters import Filter, Filters
from bureau.models import Application
from interface.models import ProviderAccount

CITY = 2
LARGEST = 2**63 - 1


def on_file(bureau: Node) -> QuerySet[Sponsor]:
    """Give the filings in the copy of `bureau`."""
    return Sponsor.objects.held_by(bureau)


def listed(bureau: Node) -> QuerySet[Sponsor]:
    """Give the filings as the list shows them, without what is long."""
    return on_file(bureau).only(
        "number", "name", "filing_number", "province", "city", "nature", "first_reported", "last_modified"
    )


@dataclass(frozen=True, slots=True)
class Beside:
    """What the list shows beside a filing: how many websites, the first domain, how many open applications."""

    sites: int
    domain: str
    pending: int


def beside(bureau: Node, sponsors: Sequence[Sponsor]) -> dict[int, Beside]:
    """Gather what stands beside the filings of one page, by number. Three queries.

    Counting in the list's own query would count for every row that is counted, not for those shown.
    """
    sites = Website.objects.held_by(bureau).filter(sponsor__in=sponsors).values_list("sponsor__number", flat=True)
    domains = Domain.objects.held_by(bureau).filter(website__sponsor__in=sponsors).order_by("-number")
    numbers = [sponsor.number for sponsor in sponsors]
    pending = Application.objects.at(bureau).open().filter(target__in=numbers).values_list("target", flat=True)
    counted, waiting = Counter(sites), Counter(pending)
    first = dict(domains.values_list("website__sponsor__number", "name"))
    return {number: Beside(counted[number], first.get(number, ""), waiting[number]) for number in numbers}


def filing_filters(bureau: Node, query: QueryDict) -> Filters:
    """Give the filters of the list at `bureau`, with what `query` says about them."""
    declared = (
        Filter(
            name="text",
            label="备案号、域名、编号或主办者名称",
            make_field=filters.text(
                "text", "备案号、域名、编号或主办者名称", placeholder="输入其中一项；名称可只输入一部分"
            ).make_field,
            condition=lambda text: named(bureau, text),
            width="wide",
        ),
        Filter(
            name="provider",
            label="接入商",
            make_field=filters.choice("provider", "接入商", "isp_id", lambda: _providers(bureau)).make_field,
            condition=lambda value: _accessed_by(bureau, int(value)),
            width="half",
        ),
        filters.choice("nature", "单位性质", "nature", lambda: _codes("organisation_nature")),
        filters.choice("city", "所在市", "city", lambda: _cities(bureau)),
        filters.cases("state", "情况", _states(bureau)),
        *filters.days("reported", "首次备案", "first_reported"),
        *filters.days("modified", "最近变更", "last_modified"),
    )
    return Filters(declared, query)


def _accessed_by(bureau: Node, isp_id: int) -> Q:
    return Q(Exists(Access.objects.held_by(bureau).filter(website__sponsor=OuterRef("pk"), isp_id=isp_id)))


def _states(bureau: Node) -> Mapping[str, tuple[str, Callable[[], Q]]]:
    """Name what makes a filing worth a look (spec: empty shells are sponsors and websites without anything)."""
    sites = Website.objects.held_by(bureau).filter(sponsor=OuterRef("pk"))
    without_access = sites.filter(~Exists(Access.objects.held_by(bureau).filter(website=OuterRef("pk"))))
    pending = Application.objects.at(bureau).open().filter(target=OuterRef("number"))
    return {
        "pending": ("有在办申请", lambda: Q(Exists(pending))),
        "empty": ("空壳主体：没有网站", lambda: ~Q(Exists(sites))),
        "shell": ("空壳网站：有网站没有接入", lambda: Q(Exists(without_access))),
        "copy": ("外省备案的副本", lambda: ~Q(province=bureau.province)),
    }


def _providers(bureau: Node) -> list[tuple[Any, str]]:
    accounts = ProviderAccount.objects.filter(bureau=bureau).order_by("isp_id")
    return list(accounts.values_list("isp_id", "provider__name"))


def _codes(table: str) -> list[tuple[int, str]]:
    return list(Code.objects.filter(table=table, valid=True).values_list("code", "name"))


def _cities(bureau: Node) -> list[tuple[int, str]]:
    return list(Region.objects.filter(level=CITY, parent=bureau.province, valid=True).values_list("code", "name"))


def cancelled_filings(bureau: Node) -> QuerySet[Cancelled]:
    """Give what is left of the sponsors that were cancelled at `bureau`."""
    return Cancelled.objects.held_by(bureau).filter(kind=ObjectKind.SPONSOR)


def tombstone(bureau: Node, number: int) -> Cancelled | None:
    """Give what is left of the sponsor `number` at `bureau`."""
    return cancelled_filings(bureau).filter(number=number).first()


def cancelled_filters(query: QueryDict) -> Filters:
    """Give the filters of the list of cancelled sponsors, with what `query` says about them."""
    text = filters.text("text", "备案号或主体编号", placeholder="完整的备案号，或主体编号")
    return Filters(
        (
            Filter(name="text", label=text.label, make_field=text.make_field, condition=_called, width="wide"),
            *filters.days("cancelled", "注销日期", "cancelled_at"),
        ),
        query,
    )


def _called(text: str) -> Q:
    number = parse(text)
    if number is not None:
        return Q(filing_number=str(number.of_sponsor))
    digits = text.strip()
    return Q(number=int(digits)) if digits.isascii() and digits.isdigit() and int(digits) <= LARGEST else Q(pk=None)
