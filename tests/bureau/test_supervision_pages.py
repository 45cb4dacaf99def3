"""The pages of supervision, as inspectors and supervisors use them, and as others may not."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from beian import calendar
from beian.models import BlacklistEntry, Event, Node, Role, Sponsor, User
from beian.records import CheckResultRecord
from beian.records.rows import filings
from bureau.models import BureauNotice, CheckTask, NoticeKind, UnfiledWebsite
from bureau.services import automatic, blacklist, forced
from bureau.services.notices import Draft, send
from interface.models import ProviderAccount
from tests.builders import changed, filing
from tests.bureau.supervision import TASKS, check_task_row, download, on_file, tomorrow, unfiled_row, yesterday
from tests.conftest import make_account
from tests.uploads import upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]

LISTS = ("checks/", "unfiled/", "notices/", "blacklist/", "closures/")
SAID = ("还没有核实任务", "名单上没有网站", "还没有下发过通知", "黑名单是空的", "没有责令关闭过")


@pytest.fixture
def inspector(person: Callable[..., User], guangdong: Node) -> User:
    """Deng inspects in Guangdong."""
    return person("deng", guangdong, Role.INSPECTOR)


@pytest.fixture
def desk(inspector: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(inspector)


@pytest.fixture
def chief(supervisor: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(supervisor)


@pytest.fixture
def sponsor(account: ProviderAccount) -> Sponsor:
    return on_file(account)


def body(client: Client, path: str) -> str:
    response = client.get(TASKS + path)
    assert response.status_code == 200, path
    return response.content.decode()


def words(page: str) -> str:
    """The page without its tags: what differs is marked inside words."""
    return re.sub("<[^>]+>", "", page)


def task_links(page: str) -> int:
    """Count the check tasks that a list leads to."""
    return len(re.findall(rf'href="{TASKS}checks/[0-9]+/"', page))


def report(account: ProviderAccount, sponsor: Sponsor, **changes: object) -> None:
    """Let the provider find the filing as it is on file, but for `changes` (path → value)."""
    found = filings(sponsor.holder, [sponsor.number], isp_id=account.isp_id)[sponsor.number]
    for path, value in changes.items():
        found = changed(found, path.replace("__", "."), value)
    record = CheckResultRecord(
        verdict=1,
        checker="示例核验员",
        checked="2026-11-20",
        provider=account.isp_id,
        opinion="2",
        faults="手机号码已停用",
        filing=found,
    )
    automatic.handle_check_results(upload_of(account), [record])


@pytest.mark.parametrize(("path", "said"), list(zip(LISTS, SAID, strict=True)))
def test_an_empty_list_says_what_to_do(chief: Client, guangdong: Node, path: str, said: str) -> None:
    page = body(chief, path)
    assert 'class="empty"' in page
    assert said in page
    assert "没有符合条件的" in body(chief, f"{path}?q=zzz")


@pytest.mark.parametrize("who", ["reviewer", "provider_manager", "administrator", "outsider", "operator"])
def test_nobody_else_gets_in(
    request: pytest.FixtureRequest, signed_in: Callable[[User], Client], guangdong: Node, who: str
) -> None:
    client = signed_in(request.getfixturevalue(who))
    for path in (*LISTS, "checks/new", "unfiled/import", "notices/new/correction", "closures/new"):
        assert client.get(TASKS + path).status_code == 403, path
        assert client.post(TASKS + path).status_code == 403, path


def test_an_inspector_neither_bars_nor_closes(desk: Client, account: ProviderAccount, sponsor: Sponsor) -> None:
    for path in ("blacklist/new/sponsor", "closures/", "closures/new", f"closures/new/sponsor/{sponsor.number}"):
        assert desk.get(TASKS + path).status_code == 403, path
        assert desk.post(TASKS + path, {"reason": "示例"}).status_code == 403, path
    page = body(desk, "blacklist/")
    assert "列入主体" not in page
    assert f"{TASKS}closures/" not in page
    assert Sponsor.objects.held_by(account.bureau).exists()


def test_another_bureaus_things_do_not_exist(desk: Client, beijing_account: ProviderAccount, guangdong: Node) -> None:
    task, website = check_task_row(beijing_account), unfiled_row(beijing_account)
    order = Event.objects.create(
        node=beijing_account.bureau, subject_kind="sponsor", subject="1", verb="close_sponsor", correlation=task_id()
    )
    for path in (f"checks/{task.pk}/", f"checks/{task.pk}/withdraw", f"unfiled/{website.pk}/"):
        assert desk.get(TASKS + path).status_code == 404, path
    assert desk.post(f"{TASKS}checks/{task.pk}/seen").status_code == 404
    assert order.pk
    assert "示例科技" not in body(desk, "checks/")
    assert "example-unfiled" not in body(desk, "unfiled/")


def task_id() -> str:
    return "00000000-0000-4000-8000-000000000001"


def test_filings_are_chosen_and_given_out(desk: Client, account: ProviderAccount, sponsor: Sponsor) -> None:
    assert "请先选择接入商" in body(desk, "checks/new")
    chosen = f"checks/new?provider={account.isp_id}"
    page = body(desk, chosen)
    assert sponsor.name in page
    assert sponsor.name not in body(desk, f"{chosen}&text=没有的名称")
    assert sponsor.name in body(desk, f"{chosen}&text={sponsor.filing_number}")
    answer = desk.post(
        TASKS + chosen, {"chosen": [sponsor.pk], "due": tomorrow().isoformat(), "instruction": "请核实证件"}
    )
    assert answer.status_code == 302
    assert CheckTask.objects.get().sponsor_number == sponsor.number
    assert "已有任务" in body(desk, chosen)


def test_what_is_wrong_with_a_choice_is_said_and_the_choice_kept(
    desk: Client, account: ProviderAccount, sponsor: Sponsor
) -> None:
    url = f"{TASKS}checks/new?provider={account.isp_id}"
    nothing = desk.post(url, {"due": tomorrow().isoformat()})
    assert nothing.status_code == 422
    assert "请至少选择一个备案" in nothing.content.decode()
    past = desk.post(url, {"chosen": [sponsor.pk], "due": yesterday().isoformat()})
    assert "期限不能早于今天" in past.content.decode()
    assert re.search(rf'value="{sponsor.pk}" data-row checked', past.content.decode())
    assert not CheckTask.objects.exists()


def test_a_result_is_shown_beside_the_filing_with_persons_hidden(
    desk: Client, account: ProviderAccount, sponsor: Sponsor, inspector: User
) -> None:
    url = f"{TASKS}checks/new?provider={account.isp_id}"
    desk.post(url, {"chosen": [sponsor.pk], "due": tomorrow().isoformat()})
    report(account, sponsor, sponsor__person__mobile="16000009999", websites__0__name="示例网站改名")
    task = CheckTask.objects.get()
    assert task_links(body(desk, "checks/?state=unread")) == 1
    page = body(desk, f"checks/{task.pk}/")
    assert "核实不通过" in page
    assert "信息有误，已通知变更（2）" in page
    assert "手机号码已停用" in page
    assert "示例网站改名" in words(page)
    assert "16000009999" not in words(page)
    refused = desk.post(f"{TASKS}checks/{task.pk}/reveal", {"reason": ""})
    assert refused.status_code == 422
    assert "16000009999" not in words(refused.content.decode())
    shown = desk.post(f"{TASKS}checks/{task.pk}/reveal", {"reason": "电话核实"})
    assert "16000009999" in words(shown.content.decode())
    assert Event.objects.filter(subject_kind="check_task", verb="reveal", actor=inspector, reason="电话核实").exists()
    assert desk.post(f"{TASKS}checks/{task.pk}/seen").status_code == 302
    assert task_links(body(desk, "checks/?state=unread")) == 0


def test_a_task_is_withdrawn_with_a_reason(desk: Client, account: ProviderAccount, sponsor: Sponsor) -> None:
    desk.post(f"{TASKS}checks/new?provider={account.isp_id}", {"chosen": [sponsor.pk], "due": tomorrow().isoformat()})
    url = f"{TASKS}checks/{CheckTask.objects.get().pk}/withdraw"
    assert desk.post(url, {"reason": ""}).status_code == 422
    assert desk.post(url, {"reason": "下错了"}, follow=True).content.decode().count("不会再收到它") == 1
    assert CheckTask.objects.get().state == "withdrawn"


def test_the_lists_are_narrowed(desk: Client, account: ProviderAccount) -> None:
    check_task_row(account, 1)
    check_task_row(account, 2, due=yesterday())
    unfiled_row(account, 1)
    unfiled_row(account, 2, due=yesterday())
    overdue = body(desk, "checks/?state=overdue")
    assert "示例科技有限公司2" in overdue
    assert "示例科技有限公司1" not in overdue
    late = body(desk, "unfiled/?state=overdue")
    assert "example-unfiled2.cn" in late
    assert "example-unfiled1.cn" not in late
    assert "已超期" in late


def test_an_unfiled_website_is_entered_by_form(desk: Client, account: ProviderAccount) -> None:
    typed = {
        "domain": "例子.cn",
        "address": "198.18.0.9",
        "isp_id": account.isp_id,
        "carrier": 440000000001,
        "detected": "2026-11-20",
        "due": tomorrow().isoformat(),
    }
    wrong = desk.post(f"{TASKS}unfiled/new", {**typed, "address": "300.1.1.1", "domain": "x"})
    assert wrong.status_code == 422
    assert {"不是域名。", "应为IPv4地址，例如203.0.113.8。"} <= set(re.findall(r"[^<>]+。", wrong.content.decode()))
    assert desk.post(f"{TASKS}unfiled/new", typed).status_code == 302
    website = UnfiledWebsite.objects.get()
    assert (website.domain, website.dotted) == ("例子.cn", "198.18.0.9")
    again = desk.post(f"{TASKS}unfiled/new", typed)
    assert "尚未反馈" in again.content.decode()
    assert "例子.cn" in body(desk, f"unfiled/{website.pk}/")


def test_a_file_with_bad_rows_is_shown_row_by_row(desk: Client, account: ProviderAccount) -> None:
    assert desk.get(f"{TASKS}unfiled/template.csv").content.decode("utf-8-sig").startswith("域名,IP地址")
    text = f"域名,IP地址,接入商标识,运营商标识,处理时限\nx,1.2.3,{account.isp_id},1,{tomorrow()}\n"
    answer = desk.post(f"{TASKS}unfiled/import", {"file": SimpleUploadedFile("list.csv", text.encode())})
    assert answer.status_code == 422
    assert "需要更正的行" in answer.content.decode()
    good = text.replace("x,1.2.3", "example1.cn,198.18.0.1")
    answer = desk.post(f"{TASKS}unfiled/import", {"file": SimpleUploadedFile("list.csv", good.encode())})
    assert answer.status_code == 302
    wrong = desk.post(f"{TASKS}unfiled/import", {"file": SimpleUploadedFile("list.xlsx", b"PK")})
    assert "扩展名为csv" in wrong.content.decode()
    assert UnfiledWebsite.objects.count() == 1


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_each_kind_of_notice_is_written_on_its_page(
    desk: Client, account: ProviderAccount, sponsor: Sponsor, kind: NoticeKind
) -> None:
    website = sponsor.websites.get()
    typed = {
        "isp_id": account.isp_id,
        "filing_number": sponsor.filing_number if kind == "sponsor_inspection" else website.filing_number,
        "text": "示例说明",
        "result": "1",
        "checked": "2026-11-20",
        "domain": "example-bad.cn",
        "address": "198.18.0.9",
    }
    assert "下发通知" in body(desk, f"notices/new/{kind}")
    empty = desk.post(f"{TASKS}notices/new/{kind}", {"text": ""})
    assert empty.status_code == 422
    assert "请选择接入商" in empty.content.decode()
    assert desk.post(f"{TASKS}notices/new/{kind}", typed).status_code == 302
    assert BureauNotice.objects.get().kind == kind
    assert "排队待取" in body(desk, "notices/")
    download(account)
    assert "已确认收到" in body(desk, "notices/?delivery=acknowledged")
    assert "没有符合条件的" in body(desk, "notices/?delivery=queued")


def test_the_blacklist_is_kept(chief: Client, account: ProviderAccount) -> None:
    number = filing(1).sponsor.certificate.number
    typed = {"name": "示例科技", "certificate_type": 1, "certificate_number": number, "reason": "冒用证件"}
    assert chief.post(f"{TASKS}blacklist/new/sponsor", typed).status_code == 302
    again = chief.post(f"{TASKS}blacklist/new/sponsor", typed)
    assert "列入黑名单：冒用证件" in again.content.decode()
    entry = BlacklistEntry.objects.get()
    page = body(chief, "blacklist/")
    assert "示例科技" in page
    assert number not in page
    chief.post(f"{TASKS}blacklist/{entry.pk}/", {"name": "示例科技", "reason": "冒用他人证件"})
    chief.post(f"{TASKS}blacklist/{entry.pk}/remove", {"reason": "已更正"})
    operations = [each.operation for each in download(account).blacklisted_sponsors]
    assert operations == [0, 1, 2]
    assert chief.get(f"{TASKS}blacklist/{entry.pk}/").status_code == 404


def test_a_sponsor_is_closed_and_its_receipts_come_in(
    chief: Client, account: ProviderAccount, sponsor: Sponsor
) -> None:
    assert sponsor.name in body(chief, f"closures/new?text={sponsor.filing_number}")
    confirm = f"closures/new/sponsor/{sponsor.number}"
    page = body(chief, confirm)
    assert "示例接入商" in page
    assert sponsor.filing_number in page
    assert chief.post(TASKS + confirm, {"reason": ""}).status_code == 422
    answer = chief.post(TASKS + confirm, {"reason": "涉嫌诈骗", "bar": "on"}, follow=True)
    text = answer.content.decode()
    assert "1 家中 0 家已确认" in text
    assert "0 / 1 家已确认" in body(chief, "closures/")
    assert [notice.number for notice in download(account).cancelled] == [sponsor.number]
    assert "1 家都已确认" in body(chief, "closures/")
    assert BlacklistEntry.objects.get().reason == "涉嫌诈骗"
    gone = chief.get(TASKS + confirm, follow=True).content.decode()
    assert "不在本局的备案中" in gone


def test_without_the_box_nothing_is_barred(chief: Client, sponsor: Sponsor) -> None:
    website = sponsor.websites.get()
    chief.post(f"{TASKS}closures/new/website/{website.number}", {"reason": "违法内容"})
    assert not BlacklistEntry.objects.exists()
    assert not sponsor.websites.exists()


def test_the_only_domain_of_a_website_is_not_closed_alone(chief: Client, sponsor: Sponsor) -> None:
    number = sponsor.websites.get().domains.get().number
    page = body(chief, f"closures/new/domain/{number}")
    assert "请责令关闭网站" in page
    assert '<form class="form"' not in page


def test_everything_is_sent_again(
    provider_manager: User, signed_in: Callable[[User], Client], account: ProviderAccount, sponsor: Sponsor
) -> None:
    client, home = signed_in(provider_manager), f"/bureaus/440000/providers/{account.isp_id}/"
    assert "同步下发…" in client.get(home).content.decode()
    url = f"{home}send-again/filings"
    assert client.post(url, {"reason": ""}).status_code == 422
    assert "已排队" in client.post(url, {"reason": "数据丢失"}, follow=True).content.decode()
    assert "无需再次下发" in client.post(url, {"reason": "再来"}, follow=True).content.decode()
    assert [each.sponsor.number for each in download(account).synchronised] == [sponsor.number]
    assert Event.objects.get(subject_kind="account", verb="synchronise").reason == "数据丢失"
    assert client.post(f"{home}send-again/codes", {"reason": "代码表更新"}).status_code == 302
    assert download(account).code_tables
    assert client.get(f"{home}send-again/nothing").status_code == 404


def live(account: ProviderAccount, actor: User, seeds: range) -> None:
    """Something of everything for each seed."""
    for seed in seeds:
        sponsor = on_file(account, seed=seed)
        check_task_row(account, 100 + seed)
        unfiled_row(account, seed)
        draft = Draft(filing_number=sponsor.filing_number or "", text="示例")
        send(account.bureau, actor, account.isp_id, NoticeKind.CORRECTION, draft)
        blacklist.bar_domain(account.bureau, actor, f"example-barred{seed}.cn", "示例", "示例")
        doomed = on_file(account, seed=500 + seed)
        forced.close(account.bureau, actor, forced.Closing.SPONSOR, doomed.number, "示例理由")


def test_queries_do_not_grow(chief: Client, account: ProviderAccount, supervisor: User) -> None:
    make_account(account.bureau, 440000000009, "示例接入商九")
    paths = (*LISTS, f"checks/new?provider={account.isp_id}", "closures/new?text=示例")

    def counted() -> list[int]:
        found = []
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                body(chief, path)
            found.append(len(captured))
        return found

    body(chief, "checks/")
    calendar.current()  # kept for minutes, so that only some page would pay for it
    live(account, supervisor, range(1, 2))
    few = counted()
    live(account, supervisor, range(2, 6))
    assert counted() == few
    assert max(few) <= 22
