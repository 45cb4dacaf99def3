"""Check tasks: given out to a provider, closed by what it found, seen by an inspector."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from beian.models import Event, Node, Role, Sponsor, User
from beian.records import CheckResultRecord
from beian.records.rows import filings
from beian.services.refusals import Invalid, MovedOn
from bureau.models import CheckState, CheckTask
from bureau.services import automatic, check_tasks
from bureau.services.findings_of_checks import found
from interface.models import Outcome, ProviderAccount
from tests.builders import changed
from tests.bureau.supervision import download, on_file, results, tomorrow, yesterday
from tests.conftest import make_account
from tests.uploads import upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]


@pytest.fixture
def inspector(person: Callable[..., User], guangdong: Node) -> User:
    """Deng inspects in Guangdong."""
    return person("deng", guangdong, Role.INSPECTOR)


@pytest.fixture
def sponsor(account: ProviderAccount) -> Sponsor:
    return on_file(account)


def task_of(account: ProviderAccount, inspector: User, sponsor: Sponsor, instruction: str = "请核实证件") -> CheckTask:
    made = check_tasks.create(account.bureau, inspector, account.isp_id, [sponsor.number], tomorrow(), instruction)
    return made[0]


def result_of(account: ProviderAccount, sponsor: Sponsor, **changes: object) -> CheckResultRecord:
    """What the provider reports of a filing that it found as it is on file."""
    filing = filings(sponsor.holder, [sponsor.number], isp_id=account.isp_id)[sponsor.number]
    values = {
        "verdict": 0,
        "checker": "示例核验员",
        "checked": "2026-11-20",
        "provider": account.isp_id,
        "opinion": "信息准确",
        "filing": filing,
    }
    return CheckResultRecord(**(values | changes))  # type: ignore[arg-type]


def report(account: ProviderAccount, *records: CheckResultRecord) -> automatic.Tally:
    return automatic.handle_check_results(upload_of(account, []), records)


def test_the_provider_downloads_the_filing_with_what_to_look_at(
    account: ProviderAccount, inspector: User, sponsor: Sponsor
) -> None:
    task = task_of(account, inspector, sponsor)
    (sent,) = download(account).check_tasks
    assert sent.filing.sponsor.number == sponsor.number
    assert [website.number for website in sent.filing.websites] == [w.number for w in sponsor.websites.all()]
    assert sent.instruction == f"请核实证件\n请于{tomorrow():%Y-%m-%d}前反馈核实结果。"
    assert task.state == CheckState.OPEN


def test_one_task_may_be_open_for_a_sponsor_at_a_provider(
    account: ProviderAccount, inspector: User, sponsor: Sponsor
) -> None:
    task_of(account, inspector, sponsor)
    with pytest.raises(Invalid) as refused:
        task_of(account, inspector, sponsor)
    assert "已有" in refused.value.errors["chosen"][0]
    assert CheckTask.objects.count() == 1


def test_another_provider_may_have_a_task_about_the_same_sponsor(
    account: ProviderAccount, inspector: User, sponsor: Sponsor
) -> None:
    task_of(account, inspector, sponsor)
    other = make_account(account.bureau, 440000000009, "示例接入商九")
    on_file(other, seed=2)
    second = Sponsor.objects.held_by(account.bureau).get(name="示例科技有限公司2")
    check_tasks.create(account.bureau, inspector, other.isp_id, [second.number], tomorrow(), "")
    assert CheckTask.objects.open().count() == 2


def test_all_of_a_choice_is_given_out_or_none(account: ProviderAccount, inspector: User, sponsor: Sponsor) -> None:
    other = make_account(account.bureau, 440000000009, "示例接入商九")
    strange = on_file(other, seed=2)
    with pytest.raises(Invalid) as refused:
        check_tasks.create(account.bureau, inspector, account.isp_id, [sponsor.number, strange.number], yesterday(), "")
    assert refused.value.errors == {
        "due": ["期限不能早于今天。"],
        "chosen": [f"编号{strange.number}：该单位没有接入此备案的任何网站。"],
    }
    assert not CheckTask.objects.exists()
    assert not Outcome.objects.exists()


def test_a_filing_of_another_holder_cannot_be_given_out(
    account: ProviderAccount, inspector: User, beijing_account: ProviderAccount
) -> None:
    elsewhere = on_file(beijing_account, seed=3)
    with pytest.raises(Invalid):
        check_tasks.create(account.bureau, inspector, account.isp_id, [elsewhere.number], tomorrow(), "")


def test_a_result_closes_the_task_and_keeps_what_was_on_file(
    account: ProviderAccount, inspector: User, sponsor: Sponsor
) -> None:
    task = task_of(account, inspector, sponsor)
    tally = report(account, result_of(account, sponsor, verdict=1, faults="证件住所不符"))
    task.refresh_from_db()
    assert (tally.records, tally.returned) == (1, 0)
    assert (task.state, task.faults, task.checker) == (CheckState.REFUSED, "证件住所不符", "示例核验员")
    assert task.on_file["sponsor"]["number"] == sponsor.number
    assert task.result_unread
    assert not results(account)
    assert [event.verb for event in Event.objects.filter(subject_kind="check_task").order_by("id")] == [
        "create",
        "close",
    ]


def test_after_a_result_the_filing_can_be_given_out_again(
    account: ProviderAccount, inspector: User, sponsor: Sponsor
) -> None:
    task_of(account, inspector, sponsor)
    report(account, result_of(account, sponsor))
    task_of(account, inspector, sponsor)
    assert CheckTask.objects.open().count() == 1


def test_a_result_that_nobody_asked_for_comes_back(account: ProviderAccount, sponsor: Sponsor) -> None:
    tally = report(account, result_of(account, sponsor))
    assert tally.returned == 1
    (answer,) = results(account)
    assert str(sponsor.number) in (answer.remark or "")
    assert answer.subject is None


def test_of_two_results_for_one_task_the_second_comes_back(
    account: ProviderAccount, inspector: User, sponsor: Sponsor
) -> None:
    task = task_of(account, inspector, sponsor)
    tally = report(account, result_of(account, sponsor), result_of(account, sponsor, verdict=1))
    task.refresh_from_db()
    assert (tally.returned, task.state) == (1, CheckState.PASSED)


def test_another_providers_task_is_not_closed(account: ProviderAccount, inspector: User, sponsor: Sponsor) -> None:
    task = task_of(account, inspector, sponsor)
    other = make_account(account.bureau, 440000000009, "示例接入商九")
    report(other, replace(result_of(account, sponsor), provider=other.isp_id))
    task.refresh_from_db()
    assert task.state == CheckState.OPEN


def test_a_result_in_the_name_of_another_provider_comes_back(
    account: ProviderAccount, inspector: User, sponsor: Sponsor
) -> None:
    task = task_of(account, inspector, sponsor)
    tally = report(account, result_of(account, sponsor, provider=440000000009))
    task.refresh_from_db()
    assert (tally.returned, task.state) == (1, CheckState.OPEN)


def test_what_was_found_differs_only_in_what_the_wire_can_say(account: ProviderAccount, sponsor: Sponsor) -> None:
    filed = filings(sponsor.holder, [sponsor.number])[sponsor.number]
    # What a result has no room for is missing from it.
    said = changed(filed, "sponsor.filing_number", None)
    said = changed(said, "sponsor.reported_by", None)
    said = changed(said, "websites.0.languages", ())
    said = changed(said, "websites.0.accesses.0.provider", None)
    assert found(filed, said).differences == ()
    moved = changed(said, "sponsor.certificate.address", "广东省深圳市示例路999号")
    (delta,) = found(filed, moved).differences
    assert delta.path == ("sponsor", "certificate", "address")


def test_a_website_of_which_nothing_was_said_is_named_not_compared(account: ProviderAccount) -> None:
    sponsor = on_file(account, seed=4, websites=2)
    filed = filings(sponsor.holder, [sponsor.number])[sponsor.number]
    compared = found(filed, replace(filed, websites=filed.websites[:1]))
    assert compared.differences == ()
    assert compared.unsaid == filed.websites[1:]


def test_a_task_not_fetched_yet_is_taken_back_when_withdrawn(
    account: ProviderAccount, inspector: User, sponsor: Sponsor
) -> None:
    task = task_of(account, inspector, sponsor)
    _, unread = check_tasks.withdraw(account.bureau, task.pk, inspector, "下错了")
    assert unread
    assert not Outcome.objects.filter(account=account, parcel=None, left_out="").exists()
    with pytest.raises(MovedOn):
        check_tasks.withdraw(account.bureau, task.pk, inspector, "再来一次")


def test_a_task_that_was_fetched_says_so_when_withdrawn(
    account: ProviderAccount, inspector: User, sponsor: Sponsor
) -> None:
    task = task_of(account, inspector, sponsor)
    download(account)
    _, unread = check_tasks.withdraw(account.bureau, task.pk, inspector, "不再需要")
    assert not unread
    assert report(account, result_of(account, sponsor)).returned == 1


def test_the_first_inspector_who_looks_is_noted(
    account: ProviderAccount, inspector: User, supervisor: User, sponsor: Sponsor
) -> None:
    task = task_of(account, inspector, sponsor)
    with pytest.raises(MovedOn):
        check_tasks.note_seen(account.bureau, task.pk, inspector)
    report(account, result_of(account, sponsor))
    check_tasks.note_seen(account.bureau, task.pk, inspector)
    seen = check_tasks.note_seen(account.bureau, task.pk, supervisor)
    assert (seen.seen_by, CheckTask.objects.unread().count()) == (inspector, 0)


def test_overdue_means_open_and_past_its_day(account: ProviderAccount, inspector: User, sponsor: Sponsor) -> None:
    task = task_of(account, inspector, sponsor)
    assert not CheckTask.objects.overdue().exists()
    CheckTask.objects.filter(pk=task.pk).update(due=yesterday())
    assert CheckTask.objects.overdue().get().is_overdue
    report(account, result_of(account, sponsor))
    assert not CheckTask.objects.overdue().exists()
