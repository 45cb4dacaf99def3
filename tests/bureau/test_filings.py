"""The filings on file: how one is found, what its page tells, and who may see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from django.utils import timezone

from beian import store
from beian.models import Cancelled, Event, Node, ObjectKind, Sponsor, User
from beian.records import FilingRecord
from beian.records.rows import store_filing
from bureau.models import BureauNotice, CheckState, CheckTask, NoticeKind
from bureau.services import review
from bureau.services.story import tell
from bureau.workflow import State
from interface.models import ProviderAccount
from tests.applications import application_row
from tests.beian.filed import CALLER, on_file
from tests.builders import changed, jpeg_bytes
from tests.bureau.desks import REVIEW
from tests.bureau.matters import application_about, filed, requests_about, sponsor_number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]
FILINGS = "/bureaus/440000/filings/"


@pytest.fixture
def desk(signed_in: Callable[[User], Client], reviewer: User) -> Client:
    return signed_in(reviewer)


@pytest.fixture
def record(guangdong: Node) -> FilingRecord:
    return filed(guangdong)


def get(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def another(bureau: Node) -> None:
    """A second filing, which shares nothing with the first."""
    other = on_file(websites=1)
    moved = replace(
        other,
        sponsor=replace(
            other.sponsor,
            name="样板贸易行",
            number=440000000090001,
            filing_number="粤ICP备2026000077号",
            nature=3,
            address=replace(other.sponsor.address, city=440100, county=440106),
        ),
        websites=(),
    )
    store_filing(bureau, moved)


@pytest.mark.parametrize(
    "text",
    [
        "粤ICP备2026000001号", "粤icp备2026000001", "2026000001", "粤ICP备2026000001号-2", "440000000000001",
        "440000000000002", "example101.cn", "www.example101.cn", "EXAMPLE102.CN", "科技有限公司1", "示",
    ],
)  # fmt: skip
def test_a_filing_is_found_by(desk: Client, guangdong: Node, record: FilingRecord, text: str) -> None:
    another(guangdong)
    shown = get(desk, f"{FILINGS}?text={text}")
    assert record.sponsor.name in shown
    assert f'href="{FILINGS}{sponsor_number(record)}/"' in shown
    assert "样板贸易行" not in shown


@pytest.mark.parametrize(
    "text", ["粤ICP备2026000001号-9", "京ICP备2026000001号", "440000000000999", "example999.cn", "无此名称"]
)
def test_what_is_not_there_is_not_found(desk: Client, record: FilingRecord, text: str) -> None:
    shown = get(desk, f"{FILINGS}?text={text}")
    assert record.sponsor.name not in shown
    assert "没有符合条件的备案" in shown


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("provider={isp}", {"first"}),
        ("nature=3", {"second"}),
        ("city=440100", {"second"}),
        ("state=empty", {"second"}),
        ("state=shell", set()),
        ("state=pending", {"first"}),
        ("state=copy", set()),
        ("reported_to=2026-01-05", {"first", "second"}),
        ("reported_from=2026-01-06", set()),
    ],
)
def test_the_list_is_narrowed(
    desk: Client, guangdong: Node, account: ProviderAccount, record: FilingRecord, query: str, found: set[str]
) -> None:
    another(guangdong)
    application_about(guangdong, record, requests_about(record)["change"])
    shown = get(desk, f"{FILINGS}?{query.format(isp=account.isp_id)}")
    names = {"first": record.sponsor.name, "second": "样板贸易行"}
    assert {each for each, name in names.items() if f">{name}</a>" in shown} == found


def test_a_copy_of_another_province_is_marked(desk: Client, guangdong: Node, record: FilingRecord) -> None:
    Sponsor.objects.held_by(guangdong).update(province=110000)
    assert record.sponsor.name in get(desk, f"{FILINGS}?state=copy")
    assert "外省备案的副本" in get(desk, f"{FILINGS}{sponsor_number(record)}/")


def test_everything_on_file_is_shown_and_persons_are_masked(desk: Client, record: FilingRecord) -> None:
    shown = get(desk, f"{FILINGS}{sponsor_number(record)}/")
    site = record.websites[0]
    for words in (
        record.sponsor.filing_number,
        str(record.sponsor.number),
        site.filing_number,
        str(site.number),
        str(site.accesses[1].number),
        "接入：示例数据中心",
        "真实性核验单 · 主体",
        "示例证书1",
    ):
        assert str(words) in shown
    person = record.sponsor.person
    for secret in (person.certificate_number, person.mobile, person.email, record.sponsor.certificate.number):
        assert str(secret) not in shown


def test_revealing_needs_a_reason_and_is_written_down(desk: Client, reviewer: User, record: FilingRecord) -> None:
    url, mobile = f"{FILINGS}{sponsor_number(record)}/reveal", str(record.sponsor.person.mobile)
    assert desk.post(url, {"reason": " "}).status_code == 422
    assert not Event.objects.filter(verb="reveal").exists()
    shown = desk.post(url, {"reason": "电话核实联系方式"})
    assert mobile in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    part = desk.post(url, {"reason": "电话核实联系方式"}, headers={"HX-Request": "true"}).content.decode()
    assert mobile in part
    assert "<html" not in part
    event = Event.objects.filter(verb="reveal").latest("id")
    assert (event.subject_kind, event.subject, event.actor) == ("sponsor", str(sponsor_number(record)), reviewer)


def test_an_attachment_is_served_to_reviewers_and_noted(desk: Client, reviewer: User, record: FilingRecord) -> None:
    own, other = store.put(jpeg_bytes()), store.put(jpeg_bytes(6))
    url = f"{FILINGS}{sponsor_number(record)}/attachments/"
    assert desk.get(url + own.sha256).content == jpeg_bytes()
    assert desk.get(url + other.sha256).status_code == 404
    assert Event.objects.filter(verb="read_attachments", subject_kind="sponsor", actor=reviewer).count() == 1


def history(text: str) -> str:
    return text.split('id="history"', 1)[1].split("</section>", 1)[0]


def test_the_history_tells_every_application_and_decision(
    desk: Client, guangdong: Node, reviewer: User, record: FilingRecord
) -> None:
    number = sponsor_number(record)
    first = application_row(guangdong, isp_id=CALLER, subject="77", state=State.REFUSED, opinion="核验单不完整")
    tell(first, "refuse", reviewer, reason="核验单不完整")
    made = application_row(guangdong, isp_id=CALLER, subject="77", state=State.APPROVED, sponsor_number=number)
    tell(made, "approve", reviewer)
    changing = application_about(guangdong, record, requests_about(record)["change"])
    tell(changing, "receive")
    review.claim(changing.pk, reviewer)
    stranger = application_row(guangdong)
    tell(stranger, "receive")
    shown = history(get(desk, f"{FILINGS}{number}/"))
    for words in (
        "新增备案：审核拒绝",
        "核验单不完整",
        "新增备案：审核通过",
        "变更备案：受理",
        "主体负责人：姓名、手机号码",
    ):
        assert words in shown
    assert shown.index("变更备案：受理") < shown.index("新增备案：审核通过") < shown.index("新增备案：审核拒绝")
    assert f'href="{REVIEW}{changing.pk}/"' in shown
    assert f"{REVIEW}{stranger.pk}/" not in shown
    assert "领取审核" not in shown
    assert "变更备案：领取审核" in history(get(desk, f"{FILINGS}{number}/?all=1"))


def test_the_history_tells_what_was_written_to_providers(
    desk: Client, guangdong: Node, account: ProviderAccount, supervisor: User, record: FilingRecord
) -> None:
    day = timezone.localdate()
    of = {"bureau": guangdong, "account": account}
    CheckTask.objects.create(
        **of,
        sponsor_number=sponsor_number(record),
        instruction="核实联系电话",
        due=day,
        state=CheckState.REFUSED,
        created_by=supervisor,
        closed_at=timezone.now(),
        faults="电话停机",
    )
    BureauNotice.objects.create(
        **of,
        kind=NoticeKind.CORRECTION,
        number=record.websites[1].number,
        text="限期整改",
        record={},
        sent_by=supervisor,
    )
    CheckTask.objects.create(**of, sponsor_number=5, instruction="别人的任务", due=day, created_by=supervisor)
    shown = history(get(desk, f"{FILINGS}{sponsor_number(record)}/"))
    for words in ("下达给示例接入商", "核实联系电话", "核实不通过", "电话停机", "整改通知", "限期整改"):
        assert words in shown
    assert "别人的任务" not in shown


def test_what_is_under_way_is_listed(desk: Client, guangdong: Node, record: FilingRecord) -> None:
    application = application_about(guangdong, record, requests_about(record)["cancel_website"])
    shown = get(desk, f"{FILINGS}{sponsor_number(record)}/").split('id="pending"', 1)[1]
    assert f"注销网站 {application.pk}" in shown


def test_a_cancelled_filing_keeps_its_history(desk: Client, guangdong: Node, reviewer: User) -> None:
    record = filed(guangdong)
    number = sponsor_number(record)
    application = application_about(guangdong, record, requests_about(record)["cancel_sponsor"], state=State.APPROVED)
    tell(application, "approve", reviewer)
    Sponsor.objects.held_by(guangdong).all().delete()
    Cancelled.objects.create_for(
        guangdong,
        number=number,
        kind=ObjectKind.SPONSOR,
        filing_number=record.sponsor.filing_number,
        sponsor=number,
        reason="网站停止运营",
    )
    shown = get(desk, f"{FILINGS}{number}/")
    for words in (record.sponsor.name, "已注销", "粤ICP备2026000001号", "网站停止运营", "注销主体：审核通过"):
        assert words in shown
    listed = get(desk, f"{FILINGS}cancelled/?text=粤ICP备2026000001号-1")
    assert f'href="{FILINGS}{number}/"' in listed
    assert (
        "粤ICP备2026000001号" not in get(desk, f"{FILINGS}cancelled/?text=粤ICP备2026000009号").split("<tbody", 1)[-1]
    )


def test_filings_of_another_bureau_do_not_exist(desk: Client, guangdong: Node, beijing: Node) -> None:
    record = filed(beijing)
    number = sponsor_number(record)
    Cancelled.objects.create_for(beijing, number=77, kind=ObjectKind.SPONSOR, filing_number="京ICP备2026000077号")
    assert desk.get(f"{FILINGS}{number}/").status_code == 404
    assert desk.get(f"{FILINGS}77/").status_code == 404
    assert desk.post(f"{FILINGS}{number}/reveal", {"reason": "x"}).status_code == 404
    assert record.sponsor.name not in get(desk, FILINGS)
    assert "京ICP备2026000077号" not in get(desk, f"{FILINGS}cancelled/")


def test_the_history_holds_nothing_of_another_bureau(
    desk: Client, guangdong: Node, beijing: Node, outsider: User, record: FilingRecord
) -> None:
    """The same filing stands at two bureaus; each tells what it did itself."""
    number = sponsor_number(record)
    there = application_row(beijing, target=number, isp_id=CALLER)
    tell(there, "refuse", outsider, reason="只属于北京")
    Event.objects.create(
        node=beijing, subject_kind="sponsor", subject=str(number), verb="reveal", correlation=there.correlation
    )
    shown = get(desk, f"{FILINGS}{number}/?all=1")
    assert "只属于北京" not in shown
    assert "查看个人信息" not in history(shown)


@pytest.mark.parametrize("who", ["outsider", "administrator", "operator", "reader"])
@pytest.mark.parametrize("path", ["", "cancelled/", "{number}/", "{number}/attachments/abc"])
def test_nobody_else_reads(
    request: pytest.FixtureRequest,
    signed_in: Callable[[User], Client],
    record: FilingRecord,
    who: str,
    path: str,
) -> None:
    client = signed_in(request.getfixturevalue(who))
    assert client.get(FILINGS + path.format(number=sponsor_number(record))).status_code == 403


def test_a_provider_manager_reads_without_persons_and_applications(
    signed_in: Callable[[User], Client], guangdong: Node, provider_manager: User, record: FilingRecord
) -> None:
    client, number = signed_in(provider_manager), sponsor_number(record)
    application = application_about(guangdong, record, requests_about(record)["change"])
    tell(application, "receive")
    shown = get(client, f"{FILINGS}{number}/?all=1")
    assert "变更备案：受理" in history(shown)
    for hidden in (REVIEW, "显示个人信息", "真实性核验单 · 主体", "/attachments/"):
        assert hidden not in shown
    assert client.post(f"{FILINGS}{number}/reveal", {"reason": "x"}).status_code == 403
    assert client.get(f"{FILINGS}{number}/attachments/abc").status_code == 403
    assert record.sponsor.name in get(client, FILINGS)


def test_a_filing_that_came_from_elsewhere_says_that_there_is_no_history(desk: Client, record: FilingRecord) -> None:
    assert "本局没有这份备案的办理记录" in get(desk, f"{FILINGS}{sponsor_number(record)}/")


def test_an_empty_list_says_what_fills_it(desk: Client, guangdong: Node) -> None:
    assert "备案库是空的" in get(desk, FILINGS)
    assert "没有已注销的备案" in get(desk, f"{FILINGS}cancelled/")


def test_pages_turn_by_key(desk: Client, guangdong: Node, record: FilingRecord) -> None:
    for n in range(25):
        extra = changed(
            changed(on_file(websites=0), "sponsor.number", 440000000095000 + n), "sponsor.filing_number", None
        )
        store_filing(guangdong, replace(extra, sponsor=replace(extra.sponsor, name=f"样板商行{n}")))
    first = get(desk, f"{FILINGS}?size=20")
    assert "共 <strong>26</strong> 条" in first
    following = first.split('rel="next" href="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    assert record.sponsor.name in get(desk, f"{FILINGS}{following}")


def test_only_a_supervisor_is_led_to_closing_and_only_of_one_s_own_province(
    desk: Client, signed_in: Callable[[User], Client], guangdong: Node, supervisor: User, record: FilingRecord
) -> None:
    url = f"{FILINGS}{sponsor_number(record)}/"
    closing = f"/tasks/closures/new/sponsor/{record.sponsor.number}"
    assert closing not in get(desk, url)
    assert closing in get(signed_in(supervisor), url)
    Sponsor.objects.held_by(guangdong).update(province=110000)
    assert closing not in get(signed_in(supervisor), url)
