"""A forced cancellation holds its parcel until everything is cut: by whom, when, line by line."""

from __future__ import annotations

import pytest
from django.utils import timezone

from beian.models import AddressRange, Event, Node, Sponsor, User
from beian.records import Cancelled, as_json
from beian.records.notices import CancelledNotice
from beian.services.refusals import Invalid, MovedOn, NotAllowed
from enterprise.models import Cut, CutKind, Incoming, Task, TaskKind, TaskState
from enterprise.services import closures, tasks
from tests.enterprise.tasked import closure, holding, incoming, task_row

pytestmark = pytest.mark.usefixtures("code_tables")


def test_every_domain_and_address_of_ours_is_noted(isp: Node) -> None:
    task = closure(holding(isp, websites=2))
    lines = list(task.cuts.values_list("kind", "name"))
    assert lines == [
        (CutKind.DOMAIN, "example101.cn"),
        (CutKind.DOMAIN, "example102.cn"),
        (CutKind.ADDRESS, "198.18.0.101"),
        (CutKind.ADDRESS, "198.18.0.102"),
    ]


def test_of_a_closed_website_only_its_own_lines_are_noted(isp: Node) -> None:
    task = closure(holding(isp, websites=2), website=True)
    assert set(task.cuts.values_list("name", flat=True)) == {"example101.cn", "198.18.0.101"}


def test_an_access_of_another_provider_is_not_ours_to_cut(isp: Node) -> None:
    sponsor = holding(isp)
    site = sponsor.websites.get()
    site.accesses.update(isp_id=isp.isp_id + 1)
    assert not closure(sponsor).cuts.exists()


def test_an_address_that_others_are_filed_at_is_marked(isp: Node) -> None:
    first, second = holding(isp, 1), holding(isp, 2)
    same = AddressRange.objects.held_by(isp).get(access__website__sponsor=first)
    AddressRange.objects.held_by(isp).filter(access__website__sponsor=second).update(first=same.first, last=same.last)
    assert closure(first).cuts.get(kind=CutKind.ADDRESS).shared


def test_the_parcel_is_held_until_the_last_line_is_cut(isp: Node, clerk: User) -> None:
    parcel = incoming(isp)
    task = closure(holding(isp), parcel=parcel)
    assert tasks.holding(parcel)
    domain, address = task.cuts.all()
    before = timezone.now()
    closures.cut(isp, task.pk, [domain.pk], clerk, by_name="网络运维 周示例", note="已删除解析")
    assert tasks.holding(parcel)
    closed = closures.cut(isp, task.pk, [address.pk], clerk)
    assert not tasks.holding(parcel)
    domain.refresh_from_db()
    assert (domain.done_by, domain.done_by_name, domain.note) == (clerk, "网络运维 周示例", "已删除解析")
    assert domain.done_at is not None
    assert domain.done_at >= before
    assert (closed.state, closed.done_by_name) == (TaskState.DONE, "Feng")
    verbs = Event.objects.filter(subject_kind="task", subject=str(task.pk)).values_list("verb", flat=True)
    assert list(verbs) == ["cut", "cut", "finish"]


def test_two_closures_of_one_parcel_both_hold_it(isp: Node, clerk: User) -> None:
    parcel = incoming(isp)
    first, second = (closure(holding(isp, seed), parcel=parcel) for seed in (1, 2))
    closures.cut(isp, first.pk, list(first.cuts.values_list("pk", flat=True)), clerk)
    assert tasks.holding(parcel)
    closures.cut(isp, second.pk, list(second.cuts.values_list("pk", flat=True)), clerk)
    assert not tasks.holding(parcel)


def test_the_ordering_system_reports_what_it_cut(isp: Node) -> None:
    task = closure(holding(isp))
    assert not closures.report_cut(isp, by_name="订单系统", domain="example999.cn")
    (line,) = closures.report_cut(isp, by_name="订单系统", domain="EXAMPLE101.cn", note="工单 42")
    assert (line.name, line.done_by_name, line.done_by) == ("example101.cn", "订单系统", None)
    (line,) = closures.report_cut(isp, by_name="订单系统", address=task.cuts.get(kind=CutKind.ADDRESS).first)
    task.refresh_from_db()
    assert (task.state, task.done_by_name) == (TaskState.DONE, "订单系统")


def test_a_line_of_another_task_or_provider_is_none(isp: Node, clerk: User) -> None:
    task, other = closure(holding(isp, 1)), closure(holding(isp, 2))
    with pytest.raises(Invalid):
        closures.cut(isp, task.pk, list(other.cuts.values_list("pk", flat=True)), clerk)
    stranger = Node.objects.create(code="provider:440000000099", kind="provider", name="示例", province=440000)
    with pytest.raises(MovedOn):
        closures.cut(stranger, task.pk, list(task.cuts.values_list("pk", flat=True)), None)
    assert not closures.report_cut(stranger, by_name="x", domain="example101.cn")
    assert not Cut.objects.exclude(done_at=None).exists()


def test_what_our_copy_never_had_is_closed_with_a_word(isp: Node, clerk: User) -> None:
    parcel = incoming(isp)
    sponsor = holding(isp)
    sponsor.websites.get().delete()
    task = closure_of_nothing(sponsor, parcel)
    with pytest.raises(Invalid):
        closures.nothing_to_cut(isp, task.pk, clerk, " ")
    assert tasks.holding(parcel)
    closures.nothing_to_cut(isp, task.pk, clerk, "查过接入系统，没有该主体的网站")
    assert not tasks.holding(parcel)


def closure_of_nothing(sponsor: Sponsor, parcel: Incoming) -> Task:
    """A closure of something to which our copy has no access."""
    content = as_json(CancelledNotice(what=Cancelled.SPONSOR, number=sponsor.number))
    task = task_row(sponsor.holder, TaskKind.CLOSURE, content, holds=True, incoming=parcel)
    assert closures.note(task) == 0
    return task


def test_lines_that_are_left_cannot_be_talked_away(isp: Node, clerk: User) -> None:
    task = closure(holding(isp))
    with pytest.raises(Invalid):
        closures.nothing_to_cut(isp, task.pk, clerk, "不用停")
    with pytest.raises(Invalid):
        tasks.handle(isp, task.pk, clerk, "不用停")


def test_opened_again_every_line_is_looked_at_once_more(isp: Node, clerk: User) -> None:
    parcel = incoming(isp)
    task = closure(holding(isp), parcel=parcel)
    lines = list(task.cuts.values_list("pk", flat=True))
    closures.cut(isp, task.pk, lines, clerk)
    with pytest.raises(MovedOn):
        closures.cut(isp, task.pk, lines, clerk)
    tasks.reopen(isp, task.pk, clerk, "机房说还能访问")
    assert tasks.holding(parcel)
    assert task.cuts.filter(done_at=None).count() == 2


def test_an_agent_cuts_nothing(isp: Node, agent_person: User) -> None:
    task = closure(holding(isp))
    with pytest.raises(NotAllowed):
        closures.cut(isp, task.pk, list(task.cuts.values_list("pk", flat=True)), agent_person)
