"""A result that belongs to no case leads to what it may be about: holdings, cases, other tasks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from beian.models import Node, Sponsor, User
from beian.records import CodeRecord, OpinionRecord, ResultRecord, as_json
from enterprise.models import Case, HoldingChange, HoldingChangeKind, Task, TaskKind
from enterprise.workflow import Kind, Origin
from tests.enterprise.applying import arrive
from tests.enterprise.tasked import check, holding, task_row, unfiled

pytestmark = pytest.mark.usefixtures("code_tables")

Page = Callable[[Task], str]


@pytest.fixture
def page(signed_in: Callable[[User], Client], isp: Node, clerk: User) -> Page:
    """Give the part of a task's page that says what it may be about, as a clerk sees it."""
    client = signed_in(clerk)

    def ask(task: Task) -> str:
        shown = client.get(reverse("enterprise:task", kwargs={"isp": isp.isp_id, "pk": task.pk}))
        return str(shown.content.decode()).partition('id="spoken-of"')[2].partition("</section>")[0]

    return ask


def untold(provider: Node, subject: str | None = None, remark: str = "", description: str = "") -> Task:
    """A result that nothing waits for."""
    said = ResultRecord(
        codes=(CodeRecord(code=1003, description=description),), operation=4, subject=subject, remark=remark
    )
    return task_row(provider, TaskKind.UNTOLD, {"result": as_json(said), "opinions": []})


def begun(provider: Node, serial: int = 1, **values: object) -> Case:
    return Case.objects.create(
        provider=provider, reference=f"2026-{serial:06d}", kind=Kind.CHANGE, origin=Origin.OFFICE, **values
    )


def to_holding(sponsor: Sponsor) -> str:
    kwargs = {"isp": sponsor.holder.isp_id, "number": sponsor.number}
    return f'href="{reverse("enterprise:holding", kwargs=kwargs)}"'


def to(name: str, row: Task | Case) -> str:
    return f'href="{reverse(f"enterprise:{name}", kwargs={"isp": row.provider.isp_id, "pk": row.pk})}"'


def test_by_the_number_of_a_sponsor_or_of_a_website(isp: Node, page: Page) -> None:
    sponsor, other = holding(isp, 1), holding(isp, 2)
    website = sponsor.websites.get()
    for number in (sponsor.number, website.number):
        shown = page(untold(isp, str(number)))
        assert to_holding(sponsor) in shown
        assert to_holding(other) not in shown


def test_by_a_filing_number_in_what_the_bureau_wrote(isp: Node, page: Page) -> None:
    sponsor = holding(isp)
    spelled = (sponsor.filing_number or "").replace("ICP备", " icp备 ")
    assert to_holding(sponsor) in page(untold(isp, remark=f"备案号{spelled}已有变更"))
    assert to_holding(sponsor) in page(untold(isp, description=f"与{sponsor.filing_number}-1冲突"))


def test_the_cases_about_it(isp: Node, page: Page) -> None:
    sponsor = holding(isp)
    about = begun(isp, 1, sponsor_number=sponsor.number)
    named = begun(isp, 2, subject="12345")
    heard = begun(isp, 3, opinion_ids=[12345])
    other = begun(isp, 4, subject="123456")
    shown = page(untold(isp, "12345", remark=f"主体标识{sponsor.number}"))
    assert [to("case", case) in shown for case in (about, named, heard, other)] == [True, True, True, False]


def test_other_tasks_that_name_the_same(isp: Node, page: Page) -> None:
    task = check(holding(isp, 1))
    other = check(holding(isp, 2))
    shown = page(untold(isp, remark=f"核实结果（主体标识{task.sponsor_number}）不能受理"))
    assert (to("task", task) in shown, to("task", other) in shown) == (True, False)
    site = unfiled(isp, "example-unfiled.cn")
    assert to("task", site) in page(untold(isp, remark="未备案处理结果（example-unfiled.cn，198.18.0.9）有误"))
    arrive(isp, "D1", results=[ResultRecord(codes=(CodeRecord(code=1003),), operation=1, subject="777")])
    arrive(isp, "D2", opinions=[OpinionRecord(reviewed="2026-11-20 08:00:00", verdict=0, subject=777)])
    first, second = Task.objects.filter(kind=TaskKind.UNTOLD, incoming__isnull=False).order_by("pk")
    assert to("task", second) in page(first)
    assert to("task", first) in page(second)


def test_what_left_our_copy(isp: Node, page: Page) -> None:
    number = isp.province * 10**9 + 99
    HoldingChange.objects.create(
        provider=isp, sponsor_number=number, kind=HoldingChangeKind.REMOVED, name="示例已注销有限公司"
    )
    assert "示例已注销有限公司" in page(untold(isp, str(number)))


def test_with_nothing_here_it_says_so(isp: Node, page: Page) -> None:
    holding(isp)
    assert "都没有" in page(untold(isp, "99"))
    assert "内容中没有编号" in page(untold(isp))


def test_nothing_of_another_provider(isp: Node, page: Page) -> None:
    elsewhere = Node.objects.create(code="provider:440000000088", kind="provider", name="示例他家", province=440000)
    strange = holding(elsewhere, 9)
    begun(elsewhere, 1, sponsor_number=strange.number)
    shown = page(untold(isp, str(strange.number)))
    assert "<li>" not in shown
