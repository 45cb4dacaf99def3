"""What a sponsor is told of how far a case is: all states, under all conditions of the connection."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from beian.models import Event, Node, User
from enterprise.models import Appointment, Call, Case, Connection, CounterSettings, Outgoing, SponsorAccount
from enterprise.queries.timeline import VERBS, Known, Link, history, known
from enterprise.services import cases, progress
from enterprise.services.assigning import assign
from enterprise.services.cases import Correction
from enterprise.services.contents import SILENT, request_of
from enterprise.services.progress import HEADLINES, STEP_OF, Progress, Standing, Turn
from enterprise.workflow import CHANGES, Kind, State
from tests.enterprise.conftest import case_in

pytestmark = pytest.mark.django_db  # the calendar stands there

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # a Friday, ten in the morning in Shanghai
EARLIER = NOW - timedelta(days=3)

LINKS: dict[str, Link | None] = {
    "none": None,
    "well": Link(looked_at=NOW - timedelta(minutes=3)),
    "never looked": Link(),
    "not looked for a day": Link(looked_at=NOW - timedelta(days=1)),
    "inactive": Link(active=False, looked_at=NOW - timedelta(minutes=1)),
    "stopped": Link(stopped=True, looked_at=NOW),
    "out of hours": Link(uploads_wait_until=NOW + timedelta(hours=1), refused=20, looked_at=NOW),
    "maintenance": Link(uploads_wait_until=NOW + timedelta(hours=1), refused=901, looked_at=NOW),
    "no answer": Link(uploads_wait_until=NOW + timedelta(minutes=1), refused=None, looked_at=NOW),
    "another refusal": Link(uploads_wait_until=NOW + timedelta(minutes=1), refused=15, looked_at=NOW),
    "downloads put off": Link(downloads_wait_until=NOW + timedelta(minutes=9), looked_at=NOW),
}
KINDS = (Kind.NEW_FILING, Kind.CHANGE, Kind.MATERIAL)
DUES = (None, date(2026, 11, 19), date(2026, 11, 20), date(2026, 12, 8))


def all_known() -> Iterator[tuple[str, Known]]:
    """Every state and condition, a kind of each sort; with the columns of an earlier try left behind in all of them."""
    for state, kind, (name, link) in itertools.product(State, KINDS, LINKS.items()):
        for due, behind, person, number in itertools.product(
            DUES[::2], (False, True), (None, False, True), ("", "粤ICP备2026000001号")
        ):
            yield (
                f"{state} {kind} {name}",
                Known(
                    state=state,
                    kind=kind,
                    begun_at=EARLIER,
                    submitted_at=EARLIER,
                    precheck_due=date(2026, 11, 25),
                    checked_at=EARLIER if person is not None else None,
                    in_person=person,
                    verified_at=EARLIER if person else None,
                    queued_at=EARLIER,
                    sequence=7,
                    uploaded_at=EARLIER,
                    acknowledged_at=EARLIER,
                    decision_due=due,
                    answered_at=EARLIER,
                    filing_number=number,
                    held_because="字段超长",
                    behind=behind,
                    link=link,
                ),
            )


def words(told: Progress) -> str:
    return "\n".join([told.headline, *(sentence for step in told.steps for sentence in step.says), told.looked])


SHOWN: dict[str, frozenset[State]] = {
    "第 7 号上报文件": frozenset({State.UPLOADED, State.ACKNOWLEDGED, State.RETURNED, State.REFUSED, State.FILED}),
    "管局应答：已接收": frozenset({State.ACKNOWLEDGED, State.RETURNED, State.REFUSED, State.FILED}),
    "起在管局": frozenset({State.ACKNOWLEDGED}),
    "个工作日内办结": frozenset({State.ACKNOWLEDGED}),
    "现在不能确定": frozenset({State.UPLOADED}),
    "取回结果：": frozenset({State.RETURNED, State.REFUSED, State.FILED}),
    "审核通过": frozenset({State.FILED}),
    "粤ICP备2026000001号": frozenset({State.FILED}),
    "初审应在": frozenset({State.SUBMITTED}),
    "列入上报队列。": frozenset({State.QUEUED, State.VERIFIED}),
    "轮到时自动发出": frozenset({State.QUEUED}),
    "最近一次查看": frozenset({State.UPLOADED, State.ACKNOWLEDGED, State.FILED}),
    "之后才会继续": frozenset({State.QUEUED}),
    "报备时间": frozenset({State.QUEUED}),
}
"""Words that may stand in some states only, whatever else is known."""

NEVER = ("审核中", "正在审核", "正在办理", "即将", "很快", "字段超长")
"""What nobody here can know, and what is for the office alone."""


def test_no_sentence_contradicts_what_is_known() -> None:
    for name, it in all_known():
        said = words(progress.tell(it, NOW))
        for phrase, states in SHOWN.items():
            assert phrase not in said or it.state in states, (name, phrase)
        assert not [phrase for phrase in NEVER if phrase in said], name


def test_the_steps_stand_in_their_order() -> None:
    for name, it in all_known():
        told = progress.tell(it, NOW)
        if it.state == State.ABANDONED:
            assert [step.name for step in told.steps] == ["written", "abandoned"]
            continue
        standings = [step.standing for step in told.steps]
        now = [index for index, each in enumerate(standings) if each in (Standing.NOW, Standing.STUCK)]
        place = now[0] if now else len(standings)
        assert len(now) <= 1, name
        assert all(each in (Standing.DONE, Standing.SKIPPED) for each in standings[:place]), name
        assert all(each == Standing.AHEAD for each in standings[place + 1 :]), name
        assert all(not step.says for step in told.steps if step.standing == Standing.AHEAD), name
        if now:
            assert told.steps[place].name == STEP_OF[it.state], name


def test_a_connection_that_does_nothing_promises_nothing() -> None:
    for name, it in all_known():
        said = words(progress.tell(it, NOW))
        if it.link is None or not it.link.active:
            assert "再试" not in said, name
            assert "自动发出" not in said, name
        if (it.link and (it.link.stopped or it.link.uploads_wait_until)) or it.behind:
            assert "没有等待的原因" not in said, name


def test_a_look_long_ago_is_said_to_be_one() -> None:
    waiting = {State.UPLOADED, State.ACKNOWLEDGED}
    for name, it in all_known():
        told = progress.tell(it, NOW)
        if it.state in waiting and it.kind not in SILENT:
            assert told.looked, name
            fresh = (
                it.link is not None and it.link.looked_at is not None and it.link.looked_at > NOW - timedelta(hours=1)
            )
            assert told.stale != fresh, name
        if it.state not in waiting | {State.FILED}:
            assert not told.looked, name


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (date(2026, 12, 8), "还有 12 个工作日"),
        (date(2026, 11, 20), "最后一天"),
        (date(2026, 11, 19), "已过 1 个工作日"),
        (None, ""),
    ],
)
def test_the_bureaus_days_are_counted(due: date | None, said: str) -> None:
    it = Known(
        state=State.ACKNOWLEDGED, kind=Kind.NEW_FILING, begun_at=EARLIER, acknowledged_at=EARLIER, decision_due=due
    )
    told = words(progress.tell(it, NOW))
    assert said in told
    assert ("逾期不等于通过" in told) == (due == date(2026, 11, 19))


def test_a_filing_without_its_number_waits_for_the_data() -> None:
    it = Known(state=State.FILED, kind=Kind.NEW_FILING, begun_at=EARLIER, answered_at=EARLIER, link=LINKS["well"])
    told = progress.tell(it, NOW)
    assert "备案数据还没有收到" in words(told)
    assert "3 分钟前" in told.looked
    done = progress.tell(replace(it, filing_number="粤ICP备2026000001号"), NOW)
    assert done.headline == "已备案：粤ICP备2026000001号"
    assert (done.looked, done.steps[-1].standing) == ("", Standing.DONE)


def test_every_state_has_words_and_every_way_a_name() -> None:
    assert set(HEADLINES) == set(State)
    assert set(STEP_OF) == set(State) - {State.ABANDONED}
    assert {change.verb for change in CHANGES} <= set(VERBS)


@pytest.mark.parametrize(
    ("age", "said"),
    [(20, "不到 1 分钟前"), (60, "1 分钟前"), (7_200, "2 小时前"), (172_800, "2 天前")],
)
def test_how_long_ago(age: int, said: str) -> None:
    assert progress.ago(timedelta(seconds=age)) == said


def test_what_an_earlier_try_left_behind_is_not_told(isp: Node, clerk: User, connection: Connection) -> None:
    case = case_in(isp, State.SUBMITTED)
    Case.objects.filter(pk=case.pk).update(
        uploaded_at=EARLIER,
        acknowledged_at=EARLIER,
        decision_due=date(2026, 11, 1),
        answered_at=EARLIER,
        document=Outgoing.objects.create(provider=isp, sequence=3, content="c", size=1, records=1, payload_hash="h"),
    )
    it = known(Case.objects.get(pk=case.pk))
    assert (it.sequence, it.uploaded_at, it.acknowledged_at, it.decision_due, it.answered_at) == (None,) * 5


def test_a_check_before_the_sending_back_does_not_count(isp: Node, clerk: User) -> None:
    case = case_in(isp, State.SUBMITTED)
    cases.pass_check(isp, case.pk, clerk)
    assert known(Case.objects.get(pk=case.pk)).in_person is True
    cases.send_back(isp, case.pk, [Correction("websites.0.name", "请写全称")], clerk)
    cases.submit(isp, case.pk, request_of(Case.objects.get(pk=case.pk)), None)
    it = known(Case.objects.get(pk=case.pk))
    assert (it.checked_at, it.in_person, it.again) == (None, None, True)


def test_why_the_queue_waits_is_read_from_the_last_call(isp: Node, connection: Connection) -> None:
    case = case_in(isp, State.QUEUED)
    connection.uploads_wait_until = timezone.now() + timedelta(minutes=30)
    connection.save()
    Call.objects.create(connection=connection, operation="isp_upload", code=20)
    told = progress.of(case)
    assert "不在管局规定的报备时间内" in words(told)
    assert told.turn == Turn.SYSTEM


def test_a_case_behind_another_says_so(isp: Node, connection: Connection) -> None:
    first, second = case_in(isp, State.QUEUED, 1), case_in(isp, State.QUEUED, 2)
    Case.objects.filter(pk=first.pk).update(state=State.UPLOADED)
    Case.objects.filter(pk=second.pk).update(subject=first.subject, answered_as=first.answered_as)
    assert "还没有结果" in words(progress.of(Case.objects.get(pk=second.pk)))
    assert first.reference not in words(progress.of(Case.objects.get(pk=second.pk)))


def test_the_history_names_nobody_of_the_office(isp: Node, clerk: User, sponsor_account: SponsorAccount) -> None:
    case = case_in(isp, State.SUBMITTED, account=sponsor_account)
    assign(isp, case.pk, clerk, clerk)
    cases.pass_check(isp, case.pk, clerk)
    told = history(Case.objects.get(pk=case.pk))
    assert [each.title for each in told] == ["接入商初审通过", "提交接入商", "开始填写"]
    assert clerk.name not in " ".join(each.actor for each in told)
    assert Event.objects.filter(subject=str(case.pk), verb="assign").exists()


def test_what_was_to_be_corrected_stays_in_the_history(isp: Node, clerk: User) -> None:
    case = case_in(isp, State.SUBMITTED)
    cases.send_back(isp, case.pk, [Correction("websites.0.name", "请写全称")], clerk, "还有几处")
    last = history(Case.objects.get(pk=case.pk))[0]
    assert (last.title, last.actor) == ("退回修改", "接入商")
    assert last.detail == "网站1·网站名称\n还有几处"


def test_somebody_to_come_knows_when_and_where(isp: Node, clerk: User, verifier: User) -> None:
    case = case_in(isp, State.SUBMITTED)
    cases.pass_check(isp, case.pk, clerk)
    assert "还没有预约" in words(progress.of(Case.objects.get(pk=case.pk)))
    CounterSettings.objects.create(provider=isp, place="示例路1号")
    at = timezone.now() + timedelta(days=2)
    Appointment.objects.create(provider=isp, case=case, starts_at=at, made_by=verifier)
    assert f"已预约 {timezone.localtime(at):%Y-%m-%d %H:%M}，地点：示例路1号" in words(
        progress.of(Case.objects.get(pk=case.pk))
    )
    assert "预约的时间已过" in words(progress.of(Case.objects.get(pk=case.pk), at + timedelta(hours=1)))
