"""What is on file with our access, and how a holding is found: numbers in any spelling, domains, names.

Every query begins with `Reach.holdings()`: an agent's people get the filings of their own cases' sponsors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from beian.finding import named
from beian.models import Access, Domain, Node, Region, Role, Sponsor, User, Website
from beian.web import filters
from beian.web.filters import Filter, Filters
from enterprise.models import Case, HoldingChange, Task, TaskState
from enterprise.workflow import ENDED, STAFF

PROVINCE = 1


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose holdings a person sees: all of the provider's, or an agent's."""

    provider: Node
    user: User
    everything: bool

    @classmethod
    def of(cls, provider: Node, user: User, roles: frozenset[Role]) -> Reach:
        """Say how far somebody with these roles sees."""
        return cls(provider, user, bool(roles & STAFF))

    def holdings(self) -> QuerySet[Sponsor]:
        """Give the holdings, all columns."""
        rows = Sponsor.objects.held_by(self.provider)
        return rows if self.everything else rows.filter(number__in=self.cases().values("sponsor_number"))

    def cases(self) -> QuerySet[Case]:
        """Give the cases about filings that the person sees."""
        about = Case.objects.at(self.provider).light().filter(sponsor_number__isnull=False)
        return about if self.everything else about.of_agents(self.user)

    def changes(self) -> QuerySet[HoldingChange]:
        """Give the history of all holdings that the person sees or saw."""
        rows = HoldingChange.objects.filter(provider=self.provider)
        return rows if self.everything else rows.filter(sponsor_number__in=self.cases().values("sponsor_number"))

    def tasks(self) -> QuerySet[Task]:
        """Give the bureau's tasks; they are the office's, not the agents'."""
        rows = Task.objects.filter(provider=self.provider)
        return rows if self.everything else rows.none()


def listed(reach: Reach) -> QuerySet[Sponsor]:
    """Give the holdings as the list shows them, without what is long."""
    return reach.holdings().only("number", "name", "filing_number", "province", "city", "last_modified")


@dataclass(frozen=True, slots=True)
class Beside:
    """What the list shows beside a holding: websites, the first domain, open cases, open tasks."""

    sites: int
    domain: str
    cases: int
    tasks: int


def beside(reach: Reach, sponsors: Sequence[Sponsor]) -> dict[int, Beside]:
    """Gather what stands beside the holdings of one page, by number. Four queries."""
    provider, numbers = reach.provider, [sponsor.number for sponsor in sponsors]
    sites = Counter(
        Website.objects.held_by(provider).filter(sponsor__in=sponsors).values_list("sponsor__number", flat=True)
    )
    domains = Domain.objects.held_by(provider).filter(website__sponsor__in=sponsors).order_by("-number")
    first = dict(domains.values_list("website__sponsor__number", "name"))
    cases = Counter(
        reach.cases().filter(_open_cases(), sponsor_number__in=numbers).values_list("sponsor_number", flat=True)
    )
    tasks = Counter(
        reach.tasks().filter(_open_tasks(), sponsor_number__in=numbers).values_list("sponsor_number", flat=True)
    )
    return {number: Beside(sites[number], first.get(number, ""), cases[number], tasks[number]) for number in numbers}


def holding_filters(reach: Reach, query: QueryDict) -> Filters:
    """Give the filters of the list, with what `query` says about them."""
    label = "备案号、域名、编号或主办者名称"
    text = filters.text("text", label, placeholder="输入其中一项；名称可只输入一部分")
    declared = (
        Filter(
            name="text",
            label=label,
            make_field=text.make_field,
            condition=lambda words: named(reach.provider, words),
            width="wide",
        ),
        filters.choice("province", "主体所在省", "province", _provinces),
        filters.cases("state", "情况", _states(reach)),
        *filters.days("modified", "最近变更", "last_modified"),
    )
    return Filters(declared, query)


def _states(reach: Reach) -> Mapping[str, tuple[str, Callable[[], Q]]]:
    """Name what makes a holding worth a look."""
    provider = reach.provider
    return {
        "cases": (
            "有在办申请",
            lambda: Q(number__in=reach.cases().filter(_open_cases()).values("sponsor_number")),
        ),
        "tasks": (
            "有待处理任务",
            lambda: Q(number__in=reach.tasks().filter(_open_tasks()).values("sponsor_number")),
        ),
        "without": ("有网站无本单位接入", lambda: Q(pk__in=without_our_access(provider).values("sponsor"))),
    }


def without_our_access(provider: Node) -> QuerySet[Website]:
    """Give the websites of our copy to which we give no access: the bureau should not have sent them."""
    ours = Access.objects.held_by(provider).filter(website=OuterRef("pk"), isp_id=provider.isp_id)
    return Website.objects.held_by(provider).filter(~Exists(ours))


def _open_cases() -> Q:
    return ~Q(state__in=sorted(ENDED))


def _open_tasks() -> Q:
    return ~Q(state=TaskState.DONE)


def _provinces() -> list[tuple[int, str]]:
    return list(Region.objects.filter(level=PROVINCE, valid=True).values_list("code", "name"))
