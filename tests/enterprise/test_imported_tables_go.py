"""Imported tables hold personal data: three months after they were worked off they go, and repeat nothing since."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beian import store
from beian.models import Node, User
from enterprise.models import Case, ImportRun, ImportState
from enterprise.services import importing
from enterprise.services.imported_tables import KEPT, remove_old_tables
from enterprise.tasks import remove_old_material
from tests.enterprise.test_import_cases import cells, sheet

pytestmark = pytest.mark.usefixtures("code_tables")


def worked_off(isp: Node, clerk: User, data: bytes) -> ImportRun:
    run = importing.start(isp, clerk, "台账.xlsx", data)
    importing.work(run.pk)
    return ImportRun.objects.get(pk=run.pk)


def aged(run: ImportRun, days: int = 1) -> None:
    ImportRun.objects.filter(pk=run.pk).update(finished_at=timezone.now() - KEPT - timedelta(days=days))


def test_nothing_goes_before_its_time(isp: Node, clerk: User) -> None:
    run = worked_off(isp, clerk, sheet(cells(1)))
    aged(run, days=-1)
    assert remove_old_tables() == 0
    assert store.get(run.content)


def test_what_is_not_worked_off_stays(isp: Node, clerk: User) -> None:
    run = importing.start(isp, clerk, "台账.xlsx", sheet(cells(1)))
    aged(run)
    assert remove_old_tables() == 0


def test_files_and_problems_go_and_the_cases_stay(isp: Node, clerk: User) -> None:
    run = worked_off(isp, clerk, sheet(cells(1), {"主体·主办者名称": "示例"}))
    assert run.problems
    aged(run)
    assert remove_old_material() == 1
    for sha256 in (run.content, run.answer):
        with pytest.raises(store.Missing):
            store.get(sha256)
    run.refresh_from_db()
    assert (run.state, run.problems) == (ImportState.DONE, [])
    assert Case.objects.filter(provider=isp).count() == run.made
    assert remove_old_tables() == 0


def test_files_that_a_dying_run_left_go_with_the_next(isp: Node, clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    run = worked_off(isp, clerk, sheet(cells(1)))
    aged(run)
    with monkeypatch.context() as patch:
        patch.setattr("enterprise.services.imported_tables.remove_orphans", lambda gone: None)
        remove_old_tables()
    assert store.get(run.content)
    remove_old_tables()
    for sha256 in (run.content, run.answer):
        with pytest.raises(store.Missing):
            store.get(sha256)


def test_the_same_table_comes_again_and_makes_nothing_twice(isp: Node, clerk: User) -> None:
    data = sheet(cells(1))
    aged(worked_off(isp, clerk, data))
    remove_old_tables()
    again = worked_off(isp, clerk, data)
    assert (again.made, again.repeated) == (0, 1)
    assert store.get(again.content) == data


def test_the_same_bytes_in_a_younger_import_stay(isp: Node, clerk: User) -> None:
    data = sheet(cells(1))
    aged(worked_off(isp, clerk, data))
    worked_off(isp, clerk, data)
    assert remove_old_tables() == 1
    assert store.get(ImportRun.objects.latest("pk").content) == data


def test_the_page_says_that_they_are_gone(isp: Node, clerk: User, client: Client) -> None:
    run = worked_off(isp, clerk, sheet(cells(1)))
    aged(run)
    remove_old_tables()
    client.force_login(clerk)
    page = client.get(reverse("enterprise:import", kwargs={"isp": isp.isp_id, "run_id": run.pk}))
    assert "三个月的保存期限" in page.content.decode()
    assert "下载结果" not in page.content.decode()
