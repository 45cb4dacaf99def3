"""The overview says what needs a provider's attention, and nothing when nothing does; the help has its facts."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.utils import timezone

from beian.models import Node, User
from beian.records import Cancelled
from beian.records.notices import CancelledNotice
from bureau.models import CheckTask, UnfiledWebsite
from bureau.services import intake
from interface.models import CallLog, Outcome, ParcelKind, ProviderAccount, RegisteredAddress, Upload
from interface.services import mailbox
from tests.builders import changed, filing
from tests.uploads import stored_upload, upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]

Page = Callable[[str], str]
CALM = "没有需要处理的事项"
BAD_MAIL = ("sponsor.person.email", "no-at-sign")


def call(account: ProviderAccount, code: int | None, operation: str = "isp_upload", reason: str = "示例原因") -> None:
    CallLog.objects.create(
        bureau=account.bureau, account=account, operation=operation, code=code, reason=reason, address="10.0.0.7"
    )


def attention(shown: str) -> str:
    return shown.split('id="attention"')[1].split("</section>")[0]


def test_where_all_is_well_it_is_calm(account: ProviderAccount, page: Page) -> None:
    call(account, 0)
    assert CALM in page("")


def test_one_that_never_called_is_told_how_to_begin(account: ProviderAccount, page: Page) -> None:
    assert "还没有收到过本单位系统的调用" in page("")


STANDINGS = {
    "账号已暂停": {"suspended": True, "suspended_reason": "年度审核材料逾期"},
    "账号已锁定": {"locked_until": datetime.datetime(2999, 1, 1, tzinfo=datetime.UTC)},
    "没有报备权限": {"may_file_websites": False},
    "本单位已退出": {"left_at": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)},
}


@pytest.mark.parametrize("title", STANDINGS)
def test_the_account_s_standing_is_told(account: ProviderAccount, page: Page, title: str) -> None:
    ProviderAccount.objects.filter(pk=account.pk).update(**STANDINGS[title])
    assert title in attention(page(""))


def test_without_addresses_every_call_gets_13(account: ProviderAccount, page: Page) -> None:
    RegisteredAddress.objects.all().delete()
    assert "一切调用都将得到13" in attention(page(""))


def test_why_the_own_system_still_says_waiting(account: ProviderAccount, page: Page) -> None:
    call(account, 13, "isp_download")
    call(account, 0)
    upload_of(account, [changed(filing(1), *BAD_MAIL), changed(filing(2), *BAD_MAIL), filing(3)])
    intake.drain(account.pk)
    shown = attention(page(""))
    assert "2件申请已退回或被拒绝，本单位系统还不知道" in shown
    assert "最近一次调用下载接口" in shown
    assert "得到13" in shown
    assert "tone-warn" in shown
    Outcome.objects.update(queued_at=timezone.now() - datetime.timedelta(days=3))
    assert "tone-bad" in attention(page(""))
    parcel = mailbox.hand_out(account)
    assert parcel is not None
    assert "已下载1次而未确认：2条备案结果" in attention(page(""))
    mailbox.acknowledge(account, parcel.file_name)
    assert CALM in page("")


def test_a_document_that_came_back_whole_is_told_until_its_answer_is_confirmed(
    account: ProviderAccount, page: Page
) -> None:
    call(account, 0)
    stored_upload(account, b"not xml at all")
    intake.drain(account.pk)
    assert "上报序号1整体退回" in attention(page(""))
    parcel = mailbox.hand_out(account)
    assert parcel is not None
    assert "上报序号1整体退回" in attention(page(""))
    mailbox.acknowledge(account, parcel.file_name)
    assert CALM in page("")


def test_what_is_in_hand_is_told(account: ProviderAccount, page: Page) -> None:
    upload = upload_of(account, [filing(1)])
    assert "1份上报正在处理" in attention(page(""))
    Upload.objects.filter(pk=upload.pk).update(problem="OperationalError")
    assert "1份上报处理受阻" in attention(page(""))


def test_a_refused_call_says_why_and_what_to_do_until_one_succeeds(account: ProviderAccount, page: Page) -> None:
    call(account, 13, reason="调用来自10.0.0.7，登记的地址为127.0.0.1")
    shown = page("")
    assert "最近一次调用被拒绝：上报，得到13" in attention(shown)
    assert "核对服务器的出口地址" in attention(shown)
    call(account, 0)
    shown = page("")
    assert "被拒绝" not in attention(shown)
    assert "调用来自10.0.0.7" in shown
    assert "调用来自10.0.0.7" in page("calls/?refused=1")
    assert "共 <strong>1</strong> 条" in page("calls/?refused=1")


def test_the_help_has_the_provider_s_own_facts(account: ProviderAccount, beijing: Node, page: Page) -> None:
    call(account, 0)
    call(account, 13, reason="调用来自10.9.9.9，登记的地址为127.0.0.1")
    record = filing(1)
    address = replace(record.sponsor.address, province=110000, city=110100, county=110101)
    upload_of(account, [replace(record, sponsor=replace(record.sponsor, address=address)), filing(2)])
    intake.drain(account.pk)
    shown = page("help/")
    for fact in ("调用来自10.9.9.9", "127.0.0.1、::1", "10.0.0.7", "在北京市通信管理局", "现有 2 件仍在审核"):
        assert fact in shown


def test_the_help_says_which_operations_need_the_password(page: Page) -> None:
    table = page("help/").split('id="password"')[1].split("</table>")[0]
    rows = [row for row in table.split("<tr>") if "<strong>校验</strong>" in row]
    assert [row.split('scope="row">')[1].split("<")[0] for row in rows] == ["新增接入", "注销主体"]


def test_what_must_be_cut_off_comes_before_all_else(account: ProviderAccount, page: Page) -> None:
    notice = CancelledNotice(what=Cancelled.WEBSITE, number=440000000000002, remark="网站停止运营")
    mailbox.queue_notice(account, ParcelKind.CANCELLED, notice, about="sponsor:440000000000001")
    shown = attention(page(""))
    assert "1条注销通知等待下载" in shown
    assert shown.index("1条注销通知等待下载") < shown.index("信箱中有1条等待下载")


@pytest.mark.parametrize(("days", "late"), [(3, False), (-3, True)])
def test_what_the_bureau_wants_done_is_told(
    account: ProviderAccount, page: Page, supervisor: User, days: int, late: bool
) -> None:
    due = timezone.localdate() + datetime.timedelta(days=days)
    of = {"bureau": account.bureau, "account": account, "due": due}
    CheckTask.objects.create(**of, sponsor_number=440000000000001, sponsor_name="示例主体", created_by=supervisor)
    UnfiledWebsite.objects.create(
        **of, domain="example9.cn", key="example9.cn", address=1, carrier=1, province=440000, detected=due,
        listed_by=supervisor,
    )  # fmt: skip
    shown = attention(page(""))
    assert "1件核实任务待反馈" in shown
    assert "1个未备案网站待反馈" in shown
    assert ("已超过期限" in shown) == late
