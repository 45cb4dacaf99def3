"""One run: what is asked for, in batches, with progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from django.db import connection, transaction

from beian import numbers
from beian.generate.approved import verification_form
from beian.generate.progress import Progress
from beian.generate.records import IDS_PER_FILING, Maker
from beian.models import Membership, Node
from enterprise.generate import cases, holdings
from enterprise.generate.cases import Cast
from enterprise.generate.ways import state_of
from enterprise.models import Agent, SponsorAccount
from enterprise.workflow import OFFICE, State

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a run is to make. `batch` cases or holdings go into one transaction."""

    cases: int = 0
    holdings: int = 0
    seed: int = 1
    batch: int = 2_000


def generate(provider: Node, wanted: Wanted, say: Say) -> None:
    """Make what is wanted at `provider`. May be repeated: it goes on with new numbers.

    Filings of cases that are filed are among the holdings; those of the other cases are not.
    """
    ns, maker = _fresh(provider, wanted)
    cast = cast_of(provider)
    progress = Progress("cases", wanted.cases, say)
    for first in range(ns.start, ns.start + wanted.cases, wanted.batch):
        some = range(first, min(first + wanted.batch, ns.start + wanted.cases))
        progress.add(len(some), cases.keep(provider, maker, some, cast))
    progress = Progress("holdings", wanted.holdings, say)
    on_file = islice(_on_file(ns, wanted.cases), wanted.holdings)
    while batch := list(islice(on_file, wanted.batch)):
        progress.add(len(batch), holdings.hold(provider, maker, batch))
    _refresh_statistics()


def cast_of(provider: Node) -> Cast:
    """Give whom generated cases may belong to: those who are there."""
    people = Membership.objects.filter(node=provider, role__in=OFFICE).values_list("user_id", "user__name")
    return Cast(
        accounts=list(SponsorAccount.objects.filter(provider=provider).order_by("pk").values_list("pk", flat=True)),
        agents=list(Agent.objects.filter(provider=provider).order_by("pk").values_list("pk", flat=True)),
        people=sorted(set(people)),
    )


def _fresh(provider: Node, wanted: Wanted) -> tuple[range, Maker]:
    """Take numbers that no earlier run had, and ids of the provider's own that nothing else has."""
    count = wanted.cases + wanted.holdings
    with transaction.atomic():
        first = numbers.issue_generated(provider, count)
        first_id = numbers.issue_own(provider, count * IDS_PER_FILING)
    maker = Maker.at(provider.province, wanted.seed, verification_form())
    return range(first, first + count), replace(maker, first_id=first_id - first * IDS_PER_FILING)


def _on_file(ns: range, count: int) -> Iterator[int]:
    """Give the numbers of filings on file: of the first `count`, the cases, those that are filed; all others."""
    return (n for n in ns if n >= ns.start + count or state_of(n) == State.FILED)


def _refresh_statistics() -> None:
    """Tell the planner what came in: autovacuum would, some minutes later."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
