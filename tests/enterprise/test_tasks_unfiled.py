"""Unfiled websites: what was done about them, one by one or many at once, with what the bureau asks."""

from __future__ import annotations

from typing import Any

import pytest

from beian.models import Node, User
from beian.services.refusals import Invalid, MovedOn, NotAllowed
from enterprise.models import Case, TaskKind, TaskState
from enterprise.services import unfiled as services
from enterprise.services.contents import request_of
from enterprise.services.unfiled import Handling
from enterprise.services.writing import document_of
from enterprise.workflow import Kind, State
from interface.documents.upload import read_upload
from tests.builders import content
from tests.enterprise.tasked import ADDRESS, CARRIER, in_days, task_row, unfiled

pytestmark = pytest.mark.usefixtures("code_tables")


def handling(**changes: Any) -> Handling:
    values = {"result": 1, "opinion": "已停止接入", "reporter": "冯示例", "telephone": "020-12345678"}
    return Handling(**(values | changes))


def test_what_was_done_travels_with_what_the_bureau_finds_its_entry_by(isp: Node, clerk: User) -> None:
    task = services.report(isp, unfiled(isp).pk, handling(email="feng@example.cn"), clerk)
    assert (task.state, task.done_as) == (TaskState.REPORTING, "已停止接入：已停止接入")
    case = Case.objects.get()
    assert (case.kind, case.state, case.subject) == (Kind.UNFILED_HANDLING, State.QUEUED, "example-unfiled.cn")
    (read,) = read_upload(document_of(isp, [(case.kind, request_of(case))]), content).unfiled_handlings  # type: ignore[list-item]
    assert (read.domain, read.address, read.carrier) == ("example-unfiled.cn", ADDRESS, CARRIER)
    assert (read.provider, read.province, read.result) == (isp.isp_id, isp.province, 1)
    assert (read.listed, read.due) == ("2026-11-01", in_days(5).isoformat())
    assert (read.reporter, read.telephone, read.email) == ("冯示例", "020-12345678", "feng@example.cn")


def test_many_are_reported_together_or_none(isp: Node, clerk: User) -> None:
    listed = [unfiled(isp, f"example-unfiled{n}.cn", ADDRESS + n).pk for n in range(3)]
    other = task_row(isp, TaskKind.SHELL)
    with pytest.raises(Invalid):
        services.report_many(isp, [*listed, other.pk], handling(), clerk)
    assert not Case.objects.exists()
    services.report_many(isp, listed, handling(result=4, opinion="域名未解析到本单位"), clerk)
    assert Case.objects.filter(state=State.QUEUED).count() == 3


def test_everything_that_does_not_fit_is_said_at_once(isp: Node, clerk: User) -> None:
    task = unfiled(isp, due=None)
    wrong = handling(result=77, opinion=" ", telephone="12345", email="nobody", reporter="长" * 129)
    with pytest.raises(Invalid) as refused:
        services.report(isp, task.pk, wrong, clerk)
    assert set(refused.value.errors) == {"result", "opinion", "telephone", "email", "reporter", "due"}


def test_a_day_that_the_bureau_did_not_name_is_asked_for(isp: Node, clerk: User) -> None:
    task = unfiled(isp, due=None)
    services.report(isp, task.pk, handling(due=in_days(3)), clerk)
    assert request_of(Case.objects.get()).due == in_days(3).isoformat()  # type: ignore[union-attr]


def test_who_may_and_only_once(isp: Node, clerk: User, verifier: User) -> None:
    task = unfiled(isp)
    with pytest.raises(NotAllowed):
        services.report(isp, task.pk, handling(), verifier)
    services.report(isp, task.pk, handling(), clerk)
    with pytest.raises(MovedOn):
        services.report(isp, task.pk, handling(), clerk)
