"""One run: what is asked for, in batches, with progress."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import connection, transaction

from beian import numbers
from beian.generate.approved import verification_form
from beian.generate.progress import Progress
from beian.generate.records import MARK, Maker
from beian.models import Access, Node, NodeKind, Sponsor
from bureau.generate import filings, pending, providers
from bureau.models import Application

Say = Callable[[str], object]


class RealData(Exception):
    """The bureau has filings or applications that were not generated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a run is to make. `batch` filings or applications go into one transaction."""

    filings: int = 0
    applications: int = 0
    providers: int = 40
    seed: int = 1
    batch: int = 2_000
    national_copy: bool = False


def generate(bureau: Node, wanted: Wanted, say: Say, *, force: bool = False) -> None:
    """Make what is wanted at `bureau`. Raises `RealData` where there is other data than generated."""
    if not force:
        _check_generated_only(bureau)
    accounts = providers.ensure(bureau, wanted.providers)
    maker = Maker.at(bureau.province, wanted.seed, verification_form())
    copies = list(Node.objects.filter(kind=NodeKind.MINISTRY)) if wanted.national_copy else []
    isp_ids = [account.isp_id for account in accounts]
    named = [(account.isp_id, account.provider.name) for account in accounts]
    progress = Progress("filings", wanted.filings, say)
    for ns in _batches(bureau, wanted.filings, wanted.batch):
        progress.add(len(ns), filings.on_file(bureau, maker, ns, isp_ids, copies))
    progress = Progress("applications", wanted.applications, say)
    for ns in _batches(bureau, wanted.applications, wanted.batch):
        progress.add(len(ns), pending.wait_in_queue(bureau, maker, ns, named))
    _refresh_statistics()


def _check_generated_only(bureau: Node) -> None:
    first = providers.first_identifier(bureau)
    if Sponsor.objects.held_by(bureau).exclude(remark=MARK).exists():
        raise RealData(f"{bureau} has filings of its own.")
    if Access.objects.held_by(bureau).filter(isp_id__lt=first).exists():
        raise RealData(f"{bureau} has filings of its own providers.")
    if Application.objects.at(bureau).filter(isp_id__lt=first).exists():
        raise RealData(f"{bureau} has applications of its own providers.")


def _batches(bureau: Node, count: int, size: int) -> Iterator[range]:
    """Take numbers that no earlier run had, a batch at a time."""
    for start in range(0, count, size):
        some = min(size, count - start)
        with transaction.atomic():
            first = numbers.issue_generated(bureau, some)
        yield range(first, first + some)


def _refresh_statistics() -> None:
    """Tell the planner what came in: autovacuum would, some minutes later."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
