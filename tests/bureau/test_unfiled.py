"""Unfiled websites: listed to a provider one by one or from a file, closed by what it did."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from beian.checks.names import dotted_address
from beian.models import Event, User
from beian.records import UnfiledHandlingRecord
from beian.services.refusals import Invalid, MovedOn
from bureau.models import UnfiledState, UnfiledWebsite
from bureau.services import intake, unfiled
from bureau.services.unfiled import Item
from bureau.services.unfiled_file import BadFile, BadRow, import_file
from interface.models import Outcome, ProviderAccount
from tests.bureau.supervision import download, results, tomorrow, yesterday
from tests.conftest import make_account
from tests.uploads import upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]

ADDRESS = dotted_address("198.18.0.9") or 0
CARRIER = 440000000001
HEADER = "域名,IP地址,接入商标识,运营商标识,处理时限\r\n"


def item(account: ProviderAccount, **changes: Any) -> Item:
    values = {
        "domain": "example-unfiled.cn",
        "address": ADDRESS,
        "carrier": CARRIER,
        "isp_id": account.isp_id,
        "due": tomorrow(),
        "detected": timezone.localdate(),
        "province": 440000,
    }
    return Item(**(values | changes))


def listed(account: ProviderAccount, actor: User, **changes: Any) -> UnfiledWebsite:
    return unfiled.list_items(account.bureau, actor, [item(account, **changes)])[0]


def handling(account: ProviderAccount, **changes: Any) -> UnfiledHandlingRecord:
    values = {
        "domain": "example-unfiled.cn",
        "address": ADDRESS,
        "carrier": CARRIER,
        "provider": account.isp_id,
        "province": 440000,
        "result": 1,
        "opinion": "已停止接入",
        "listed": "2026-11-20",
        "due": "2026-11-30",
        "reporter": "示例上报人",
        "telephone": "020-00000001",
    }
    return UnfiledHandlingRecord(**(values | changes))


def report(account: ProviderAccount, *records: UnfiledHandlingRecord) -> list[list[int]]:
    """Upload what was done and have it processed; gives the codes of each that came back."""
    upload_of(account, unfiled_handlings=records)
    intake.drain(account.pk)
    found = [[entry.code for entry in result.codes] for result in results(account)]
    Outcome.objects.filter(account=account, kind="results").update(left_out="looked at")
    return found


def test_the_provider_downloads_it_with_its_deadline(account: ProviderAccount, supervisor: User) -> None:
    website = listed(account, supervisor)
    (sent,) = download(account).unfiled_websites
    assert (sent.number, sent.domain, sent.address) == (website.pk, "example-unfiled.cn", ADDRESS)
    assert (sent.carrier, sent.provider, sent.province) == (CARRIER, account.isp_id, 440000)
    assert sent.remark == f"请于{tomorrow():%Y-%m-%d}前处理并反馈结果。"


def test_what_was_done_closes_it(account: ProviderAccount, supervisor: User) -> None:
    website = listed(account, supervisor)
    assert report(account, handling(account)) == []
    website.refresh_from_db()
    assert (website.state, website.handling, website.opinion) == (UnfiledState.HANDLED, 1, "已停止接入")
    assert (website.reporter, website.reporter_telephone) == ("示例上报人", "020-00000001")
    verbs = Event.objects.filter(subject_kind="unfiled_website").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["list", "close"]


def test_a_domain_matches_in_either_spelling(account: ProviderAccount, supervisor: User) -> None:
    website = listed(account, supervisor, domain="示例.cn")
    assert report(account, handling(account, domain="XN--FSQ092H.cn")) == []
    website.refresh_from_db()
    assert website.state == UnfiledState.HANDLED


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"domain": "example-other.cn"}, [5005]),
        ({"address": ADDRESS + 1}, [5005]),
        ({"provider": 440000000009}, [5005]),
        ({"result": 77}, [5007]),
        ({"domain": "example-other.cn", "result": 77}, [5005, 5007]),
    ],
)
def test_what_does_not_fit_comes_back(
    account: ProviderAccount, supervisor: User, changes: dict[str, object], expected: list[int]
) -> None:
    website = listed(account, supervisor)
    assert report(account, handling(account, **changes)) == [expected]
    website.refresh_from_db()
    assert website.state == UnfiledState.OPEN


def test_what_was_reported_comes_back_the_second_time(account: ProviderAccount, supervisor: User) -> None:
    listed(account, supervisor)
    assert report(account, handling(account)) == []
    assert report(account, handling(account)) == [[5006]]


def test_twice_in_one_document_counts_once(account: ProviderAccount, supervisor: User) -> None:
    website = listed(account, supervisor)
    assert report(account, handling(account), handling(account, result=2)) == [[5006]]
    website.refresh_from_db()
    assert website.handling == 1


def test_another_provider_cannot_close_it(account: ProviderAccount, supervisor: User) -> None:
    website = listed(account, supervisor)
    other = make_account(account.bureau, 440000000009, "示例接入商九")
    assert report(other, handling(other)) == [[5005]]
    website.refresh_from_db()
    assert website.state == UnfiledState.OPEN


def test_after_it_was_handled_it_can_be_listed_and_handled_again(account: ProviderAccount, supervisor: User) -> None:
    listed(account, supervisor)
    report(account, handling(account))
    again = listed(account, supervisor)
    assert report(account, handling(account, result=2)) == []
    again.refresh_from_db()
    assert (again.state, again.handling) == (UnfiledState.HANDLED, 2)


def test_the_answer_names_no_number_that_could_be_somebodys(account: ProviderAccount, supervisor: User) -> None:
    upload_of(account, unfiled_handlings=[handling(account)])
    intake.drain(account.pk)
    (result,) = results(account)
    assert result.subject is None
    assert (result.remark or "").startswith("第1条未备案处理结果（example-unfiled.cn，198.18.0.9）未受理。")


def test_what_cannot_be_listed_is_said_all_at_once(account: ProviderAccount, supervisor: User) -> None:
    listed(account, supervisor)
    items = [
        item(account),
        item(account, domain="example-new.cn", due=yesterday()),
        item(account, isp_id=440000000077),
        item(account, domain="example-new.cn"),
    ]
    with pytest.raises(Invalid) as refused:
        unfiled.list_items(account.bureau, supervisor, items)
    assert {place: len(said) for place, said in refused.value.errors.items()} == {"0": 1, "1": 1, "2": 1, "3": 1}
    assert UnfiledWebsite.objects.count() == 1


def test_a_provider_elsewhere_is_not_this_bureaus(
    account: ProviderAccount, supervisor: User, beijing_account: ProviderAccount
) -> None:
    with pytest.raises(Invalid, match="没有账号"):
        unfiled.list_items(account.bureau, supervisor, [item(beijing_account)])


def test_withdrawn_before_it_was_fetched_it_is_never_told(account: ProviderAccount, supervisor: User) -> None:
    website = listed(account, supervisor)
    _, unread = unfiled.withdraw(account.bureau, website.pk, supervisor, "误报")
    assert unread
    assert not Outcome.objects.filter(account=account, left_out="").exists()
    assert report(account, handling(account)) == [[5005]]
    with pytest.raises(MovedOn):
        unfiled.withdraw(account.bureau, website.pk, supervisor, "误报")


def test_overdue_is_open_and_past_its_day(account: ProviderAccount, supervisor: User) -> None:
    website = listed(account, supervisor)
    UnfiledWebsite.objects.update(due=yesterday())
    assert UnfiledWebsite.objects.overdue().get() == website


def row(account: ProviderAccount, domain: str = "example1.cn", due: datetime.date | None = None) -> str:
    return f"{domain},198.18.0.9,{account.isp_id},{CARRIER},{due or tomorrow()}\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_listed_whole(account: ProviderAccount, supervisor: User, encoding: str) -> None:
    content = (HEADER + row(account) + row(account, "示例.cn")).encode(encoding)
    made = import_file(account.bureau, supervisor, content)
    assert [website.domain for website in made] == ["example1.cn", "示例.cn"]
    assert made[0].province == 440000
    assert len(download(account).unfiled_websites) == 2


def test_columns_come_in_any_order_and_dates_with_strokes(account: ProviderAccount, supervisor: User) -> None:
    day = tomorrow()
    text = f"处理时限,域名,备注,IP地址,运营商标识,接入商标识,所属省,检测日期\r\n{day.year}/{day.month}/{day.day},"
    text += f"EXAMPLE1.cn,随便写,198.18.0.9,{CARRIER},{account.isp_id},110000,2026-11-01\r\n"
    (made,) = import_file(account.bureau, supervisor, text.encode())
    assert (made.due, made.domain, made.province, made.detected) == (
        day,
        "example1.cn",
        110000,
        datetime.date(2026, 11, 1),
    )


def test_every_bad_row_is_reported_and_none_is_listed(account: ProviderAccount, supervisor: User) -> None:
    text = (
        HEADER
        + row(account)
        + "不是域名,999.1.1.1,abc,,明天\r\n"
        + "\r\n"
        + row(account, "a.cn").replace(",198", ",x198")
    )
    with pytest.raises(BadFile) as refused:
        import_file(account.bureau, supervisor, text.encode())
    assert [(bad.line, len(bad.problems)) for bad in refused.value.rows] == [(3, 5), (5, 1)]
    assert refused.value.message == "2行有误，整个文件没有导入。请更正后重新上传。"
    assert not UnfiledWebsite.objects.exists()


def test_what_the_bureau_knows_is_reported_by_line_too(account: ProviderAccount, supervisor: User) -> None:
    listed(account, supervisor, domain="example1.cn")
    text = HEADER + row(account) + row(account, "example2.cn") + row(account, "example2.cn")
    with pytest.raises(BadFile) as refused:
        import_file(account.bureau, supervisor, text.encode())
    assert refused.value.rows[1] == BadRow(4, "example2.cn", ("与第3行重复。",))
    assert refused.value.rows[0].line == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "第一行缺少列"),
        ("域名,IP地址\r\n".encode(), "第一行缺少列：接入商标识、运营商标识、处理时限"),
        (HEADER.encode(), "文件中没有网站"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "无法识别的文件"),
        (b"x" * 1_048_577, "文件过大"),
        (HEADER.encode() + b'"never closed', "不是合法的CSV"),
    ],
)
def test_what_is_no_list_is_said(account: ProviderAccount, supervisor: User, content: bytes, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        import_file(account.bureau, supervisor, content)
