"""The pages of tasks: the list, one task, and every act that it offers, as a person of the office uses them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from beian.models import Event, Node, User
from beian.records import as_json
from beian.records.notices import Shell, ShellInspection
from enterprise.models import Case, Task, TaskKind, TaskState
from enterprise.queries.task_words import FACTS, STORIES
from enterprise.services.contents import request_of
from enterprise.workflow import Kind, State
from tests.enterprise.tasked import ADDRESS, check, closure, holding, in_days, incoming, task_row, unfiled

pytestmark = pytest.mark.usefixtures("code_tables")

SignIn = Callable[[User], Client]


def at(provider: Node, name: str, **kwargs: Any) -> str:
    return reverse(f"enterprise:{name}", kwargs={"isp": provider.isp_id, **kwargs})


@pytest.fixture
def desk(signed_in: SignIn, clerk: User) -> Client:
    """A clerk's browser."""
    return signed_in(clerk)


def shell(provider: Node, seed: int = 1, **values: Any) -> Task:
    """An inspection of a website of ours."""
    sponsor = holding(provider, seed)
    site = sponsor.websites.get()
    notice = ShellInspection(
        number=site.number, filing_number=site.filing_number or "", result=Shell.DEAD, inspected="2026-11-20 10:00:00"
    )
    about = {"sponsor_number": sponsor.number, "website_number": site.number}
    return task_row(provider, TaskKind.SHELL, as_json(notice), **about, **values)


def test_every_kind_says_what_is_wanted() -> None:
    assert set(STORIES) == set(FACTS) == set(TaskKind)


def test_the_list_shows_the_nearest_deadline_first(desk: Client, isp: Node) -> None:
    late = task_row(isp, TaskKind.SHELL, title="示例晚", due=in_days(9))
    overdue = task_row(isp, TaskKind.CORRECTION, title="示例早", due=in_days(-1))
    task_row(isp, TaskKind.SHELL, title="示例已办", state=TaskState.DONE)
    page = desk.get(at(isp, "tasks"))
    assert [row.row.pk for row in page.context["page"].rows] == [overdue.pk, late.pk]
    assert "已超期" in page.content.decode()
    assert [tab.count for tab in page.context["kinds"]] == [2, 1, 1]


def test_the_list_is_narrowed(desk: Client, isp: Node, clerk: User) -> None:
    mine = task_row(isp, TaskKind.SHELL, title="示例甲", assigned_to=clerk)
    done = task_row(isp, TaskKind.SHELL, title="示例乙", state=TaskState.DONE)
    task_row(isp, TaskKind.CORRECTION, title="示例丙")

    def shown(query: str) -> list[int]:
        return [row.row.pk for row in desk.get(f"{at(isp, 'tasks')}?{query}").context["page"].rows]

    assert shown("whose=mine") == [mine.pk]
    assert shown("state=done") == [done.pk]
    assert shown("kind=shell&state=all") == [mine.pk, done.pk]
    assert shown("q=例甲") == [mine.pk]


def test_another_providers_task_does_not_exist(desk: Client, isp: Node) -> None:
    other = Node.objects.create(code="provider:440000000088", kind="provider", name="示例他家", province=440000)
    task = task_row(other, TaskKind.SHELL)
    assert desk.get(at(isp, "task", pk=task.pk)).status_code == 404
    assert desk.post(at(isp, "task_handle", pk=task.pk), {"text": "x"}).status_code == 404
    assert task.pk not in [row.row.pk for row in desk.get(at(isp, "tasks")).context["page"].rows]


@pytest.mark.parametrize("kind", TaskKind)
def test_a_page_of_every_kind_opens(kind: TaskKind, desk: Client, isp: Node) -> None:
    task = {
        TaskKind.CLOSURE: lambda: closure(holding(isp)),
        TaskKind.CHECK: lambda: check(holding(isp)),
        TaskKind.UNFILED: lambda: unfiled(isp),
    }.get(kind, lambda: task_row(isp, kind))()
    page = desk.get(at(isp, "task", pk=task.pk))
    assert page.status_code == 200
    assert STORIES[kind].wants in page.content.decode()


def test_a_closure_is_cut_line_by_line_on_the_page(desk: Client, isp: Node) -> None:
    task = closure(holding(isp), parcel=incoming(isp))
    first, second = task.cuts.values_list("pk", flat=True)
    where = at(isp, "task_cut", pk=task.pk)
    refused = desk.post(where, {"by": "周示例", "note": "工单1"})
    assert refused.status_code == 422
    assert "请选择已停止接入的项目" in refused.content.decode()
    assert 'value="工单1"' in refused.content.decode()
    desk.post(where, {"lines": [first], "by": "周示例"})
    assert "周示例 于 " in desk.get(at(isp, "task", pk=task.pk)).content.decode()
    desk.post(where, {"lines": [second], "by": "周示例"})
    task.refresh_from_db()
    assert task.state == TaskState.DONE


def test_a_page_that_is_too_old_changes_nothing(desk: Client, isp: Node) -> None:
    task = shell(isp)
    answer = desk.post(at(isp, "task_handle", pk=task.pk), {"text": "已处理", "version": task.version + 1})
    assert answer.status_code == 422
    assert "已处理" in answer.content.decode()
    task.refresh_from_db()
    assert task.state == TaskState.OPEN


def test_a_task_is_handled_and_taken_up_again(desk: Client, isp: Node) -> None:
    task = shell(isp)
    assert desk.post(at(isp, "task_handle", pk=task.pk), {"text": " "}).status_code == 422
    desk.post(at(isp, "task_handle", pk=task.pk), {"text": "网站已恢复", "version": task.version})
    assert "网站已恢复" in desk.get(at(isp, "task", pk=task.pk)).content.decode()
    assert desk.post(at(isp, "task_reopen", pk=task.pk), {"reason": ""}).status_code == 422
    desk.post(at(isp, "task_reopen", pk=task.pk), {"reason": "又打不开了"})
    task.refresh_from_db()
    assert (task.state, task.done_as) == (TaskState.OPEN, "")


def test_a_case_that_follows_is_begun_from_the_task(desk: Client, isp: Node) -> None:
    task = shell(isp)
    answer = desk.post(at(isp, "task_begin", pk=task.pk), {"kind": int(Kind.CANCEL_WEBSITE)})
    case = Case.objects.get()
    assert answer["Location"] == at(isp, "case", pk=case.pk)
    assert (case.kind, case.state, case.sponsor_number) == (Kind.CANCEL_WEBSITE, State.DRAFT, task.sponsor_number)
    assert case.typed == {"what": "1", "number": str(task.website_number)}
    task.refresh_from_db()
    assert (task.case, task.state) == (case, TaskState.OPEN)
    desk.post(at(isp, "task_begin", pk=task.pk), {"kind": int(Kind.NEW_FILING)})
    assert Case.objects.count() == 1


def test_a_change_begins_with_what_is_on_file(desk: Client, isp: Node) -> None:
    task = shell(isp)
    desk.post(at(isp, "task_begin", pk=task.pk), {"kind": int(Kind.CHANGE)})
    case = Case.objects.get()
    assert case.typed["sponsor"]["name"] == case.base["sponsor"]["name"] == case.sponsor_name


def test_personal_data_is_masked_until_somebody_says_why(desk: Client, isp: Node, clerk: User) -> None:
    task = check(holding(isp))
    mobile = "16000000001"
    for name in ("task", "task_check"):
        assert mobile not in desk.get(at(isp, name, pk=task.pk)).content.decode()
    assert desk.post(at(isp, "task_reveal", pk=task.pk), {"reason": ""}).status_code == 422
    assert mobile in desk.post(at(isp, "task_reveal", pk=task.pk), {"reason": "电话核实"}).content.decode()
    shown = desk.post(at(isp, "task_check", pk=task.pk), {"reveal": "1", "reason": "电话核实", "opinion": "写了一半"})
    assert mobile in shown.content.decode()
    assert "写了一半" in shown.content.decode()
    told = Event.objects.filter(subject_kind="task", subject=str(task.pk), verb="reveal", actor=clerk)
    assert [each.reason for each in told] == ["电话核实", "电话核实"]


def test_a_check_is_reported_from_the_page(desk: Client, isp: Node) -> None:
    task = check(holding(isp))
    said = {
        "version": task.version,
        "verdict": "1",
        "opinion": "信息有误，已通知变更",
        "checker": "冯示例",
        "checked": "2026-11-20",
        "wrong": ["sponsor.name"],
        "found:sponsor.certificate.address": "广东省深圳市示例路999号",
        "found:sponsor.address.city": "440300 深圳市",
    }
    refused = desk.post(at(isp, "task_check", pk=task.pk), said)
    assert refused.status_code == 422
    assert "请填写实际的主办者名称" in refused.content.decode()
    assert "示例路999号" in refused.content.decode()
    said["found:sponsor.name"] = "示例科技有限公司新"
    assert desk.post(at(isp, "task_check", pk=task.pk), said).status_code == 302
    record = request_of(Case.objects.get())
    assert record.filing.sponsor.name == "示例科技有限公司新"  # type: ignore[union-attr]
    task.refresh_from_db()
    assert task.state == TaskState.REPORTING


def test_certificates_of_one_name_are_told_apart(desk: Client, isp: Node) -> None:
    page = desk.get(at(isp, "task_check", pk=check(holding(isp)).pk)).content.decode()
    choice = page.partition('name="found:sponsor.certificate.type"')[2].partition("</select>")[0]
    groups = [group.partition('"')[0::2] for group in choice.split('<optgroup label="')[1:]]
    assert len(groups) > 10
    for nature, options in groups:
        names = re.findall(r"<option[^>]*>([^<]+)", options)
        assert len(names) == len(set(names)), nature
    under = [nature for nature, options in groups if ">组织机构代码证<" in options]
    assert len(under) == len(set(under)) == 7


def test_who_is_behind_an_unfiled_website(desk: Client, isp: Node) -> None:
    site = holding(isp).websites.get()
    first = site.accesses.get().ranges.get().first
    page = desk.get(at(isp, "task", pk=unfiled(isp, address=first).pk))
    assert [each.pk for each in page.context["hosting"].at_address] == [site.pk]
    page = desk.get(at(isp, "task", pk=unfiled(isp, "EXAMPLE101.cn").pk))
    assert [each.pk for each in page.context["hosting"].of_domain] == [site.pk]


def test_the_same_is_reported_of_several_unfiled_websites(desk: Client, isp: Node) -> None:
    listed = [unfiled(isp, f"example-unfiled{n}.cn", ADDRESS + n).pk for n in range(2)]
    where = at(isp, "tasks_unfiled")
    page = desk.get(where, {"chosen": listed})
    assert "上报 2 个未备案网站" in page.content.decode()
    refused = desk.post(where, {"chosen": listed, "result": "1", "opinion": "", "telephone": "1"})
    assert refused.status_code == 422
    desk.post(where, {"chosen": listed, "result": "1", "opinion": "已停止接入"})
    assert Case.objects.filter(kind=Kind.UNFILED_HANDLING, state=State.QUEUED).count() == 2


def test_one_unfiled_website_is_reported_from_its_page(desk: Client, isp: Node) -> None:
    task = unfiled(isp)
    assert desk.post(at(isp, "task_unfiled", pk=task.pk), {"opinion": "x"}).status_code == 422
    desk.post(at(isp, "task_unfiled", pk=task.pk), {"result": "2", "opinion": "已完成备案", "version": task.version})
    task.refresh_from_db()
    assert (task.state, task.done_as) == (TaskState.REPORTING, "已完成备案：已完成备案")


def test_several_tasks_are_given_to_a_person(desk: Client, isp: Node, clerk: User, verifier: User) -> None:
    rows = [task_row(isp, TaskKind.SHELL).pk for _ in range(3)]
    desk.post(at(isp, "tasks_assign"), {"chosen": rows[:2], "person": verifier.pk})
    desk.post(at(isp, "tasks_assign"), {"chosen": rows[2:], "take": "1"})
    assert list(Task.objects.order_by("pk").values_list("assigned_to", flat=True)) == [verifier.pk] * 2 + [clerk.pk]


def test_nobody_outside_the_office_is_given_a_task(desk: Client, isp: Node, office_administrator: User) -> None:
    row = task_row(isp, TaskKind.SHELL)
    desk.post(at(isp, "task_assign", pk=row.pk), {"person": office_administrator.pk})
    row.refresh_from_db()
    assert row.assigned_to is None


def test_empty_shells_are_listed_with_what_puts_them_right(desk: Client, isp: Node) -> None:
    site, kept = holding(isp, 1).websites.get(), holding(isp, 2).websites.get()
    site.accesses.all().delete()
    inspected = shell(isp, 3)
    page = desk.get(at(isp, "shells"))
    assert {row.row.number for row in page.context["page"].rows} == {site.number, inspected.website_number}
    assert kept.number not in {row.row.number for row in page.context["page"].rows}
    desk.post(at(isp, "shell_begin", number=site.number), {"kind": int(Kind.NEW_ACCESS)})
    assert Case.objects.get().typed == {"website": {"filing_number": site.filing_number}}


def test_a_verifier_looks_and_does_not_report(signed_in: SignIn, isp: Node, verifier: User) -> None:
    task = check(holding(isp))
    browser = signed_in(verifier)
    assert "逐项核实并上报" not in browser.get(at(isp, "task", pk=task.pk)).content.decode()
    assert browser.get(at(isp, "task_check", pk=task.pk)).status_code == 403
