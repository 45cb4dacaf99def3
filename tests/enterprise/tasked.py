"""What tests of tasks and of the stock share: holdings of the provider, and tasks as documents bring them."""

from __future__ import annotations

import datetime
from itertools import count
from typing import Any

from django.utils import timezone

from beian import numbers
from beian.models import Node, Sponsor
from beian.records import Cancelled, FilingRecord, as_json
from beian.records.notices import CancelledNotice, CheckTask, UnfiledWebsite, checkable
from beian.records.rows import filings, store_filing, with_numbers
from enterprise.models import Incoming, StockBatch, StockItem, StockPlan, StockScope, Task, TaskKind
from enterprise.services import closures
from tests.builders import filing
from tests.bureau.supervision import filed

ADDRESS = (198 << 24) + (18 << 16) + 9
CARRIER = 440000000001


def in_days(days: int) -> datetime.date:
    """A deadline so many days from today."""
    return timezone.localdate() + datetime.timedelta(days=days)


def holding(provider: Node, seed: int = 1, *, websites: int = 1) -> Sponsor:
    """A filing in the provider's copy to whose websites it gives access."""
    first = provider.province * numbers.OBJECTS_PER_PROVINCE + seed * 1_000
    record = with_numbers(filing(seed, websites=websites, attachments=()), count(first).__next__, provider.isp_id)
    return store_filing(provider, filed(record, provider, seed), isp_id=provider.isp_id)


def record_of(sponsor: Sponsor) -> FilingRecord:
    """A holding as a record."""
    return filings(sponsor.holder, [sponsor.number], isp_id=sponsor.holder.isp_id)[sponsor.number]


def incoming(provider: Node, name: str = "parcel1") -> Incoming:
    """A document that was fetched."""
    return Incoming.objects.create(provider=provider, file_name=name, content="0" * 64, size=1)


def task_row(provider: Node, kind: TaskKind, content: Any = None, **values: Any) -> Task:
    """A task of a kind; `values` are columns."""
    serial = Task.objects.count() + 1
    defaults = {"about": str(serial), "title": f"示例事项{serial}", "due": in_days(5)}
    return Task.objects.create(provider=provider, kind=kind, content=content or {}, **(defaults | values))


def closure(sponsor: Sponsor, *, website: bool = False, parcel: Incoming | None = None) -> Task:
    """A forced cancellation as the document that brings it leaves it: noted, and the rows taken out."""
    site = sponsor.websites.order_by("number").first()
    assert site is not None
    row: Any = site if website else sponsor
    what = Cancelled.WEBSITE if website else Cancelled.SPONSOR
    task = task_row(
        sponsor.holder,
        TaskKind.CLOSURE,
        as_json(CancelledNotice(what=what, number=row.number)),
        title=row.name,
        holds=parcel is not None,
        incoming=parcel,
        sponsor_number=sponsor.number,
    )
    closures.note(task)
    row.delete()
    return task


def check(sponsor: Sponsor, instruction: str = "请核实证件住所", **values: Any) -> Task:
    """A check task about a holding."""
    content = as_json(CheckTask(filing=checkable(record_of(sponsor)), instruction=instruction))
    return task_row(
        sponsor.holder, TaskKind.CHECK, content, title=sponsor.name, sponsor_number=sponsor.number, **values
    )


def unfiled(provider: Node, domain: str = "example-unfiled.cn", address: int = ADDRESS, **values: Any) -> Task:
    """An unfiled website at an address of the provider."""
    notice = UnfiledWebsite(
        number=7,
        domain=domain,
        address=address,
        carrier=CARRIER,
        provider=provider.isp_id,
        province=provider.province,
        first_checked="2026-11-01 08:00:00",
        last_checked="2026-11-20 08:00:00",
        times=3,
        remark="请于2026-12-01前处理。",
    )
    return task_row(provider, TaskKind.UNFILED, as_json(notice), title=domain, **values)


def plan_row(provider: Node) -> StockPlan:
    """A plan with one item, about a holding that is not there any more."""
    serial = StockPlan.objects.count() + 1
    plan = StockPlan.objects.create(
        provider=provider, name=f"示例计划{serial}", scope=StockScope.ALL, due=in_days(30), total=1
    )
    batch = StockBatch.objects.create(plan=plan, number=1)
    StockItem.objects.create(
        provider=provider, plan=plan, batch=batch, sponsor_number=provider.province * 10**9 + 1, sponsor_name="示例"
    )
    return plan
