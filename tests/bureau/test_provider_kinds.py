"""A provider reads its requests of every kind: what it asked, and no more of a filing than it may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from beian.models import Access, Node
from beian.records import Cancelled, FilingRecord
from bureau.workflow import State
from interface.models import ProviderAccount
from tests.beian.filed import CALLER, change
from tests.builders import changed
from tests.bureau.matters import application_about, cancellation, filed, requests_about

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables", "account")]
KINDS = ["new_website", "new_access", "change", "cancel_access", "cancel_website", "cancel_sponsor"]
Page = Callable[[str], str]


@pytest.fixture
def record(guangdong: Node) -> FilingRecord:
    return filed(guangdong)


@pytest.mark.parametrize("state", [State.PENDING, State.FORWARDED, State.RETURNED, State.APPROVED, State.REFUSED])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_page(guangdong: Node, record: FilingRecord, page: Page, kind: str, state: State) -> None:
    application = application_about(guangdong, record, requests_about(record)[kind], state=state)
    shown = page(f"records/{application.pk}/")
    assert application.get_kind_display() in shown
    assert application.get_kind_display() in page("records/")
    for secret in (record.sponsor.person.mobile, record.sponsor.certificate.number, "16000009999"):
        assert str(secret) not in shown
    for of_reviewers in ("/filings/", "显示个人信息", "所属备案的现有内容"):
        assert of_reviewers not in shown


def test_a_change_shows_what_it_changes(guangdong: Node, record: FilingRecord, page: Page) -> None:
    application = application_about(guangdong, record, requests_about(record)["change"])
    assert "示例<ins>新</ins>人" in page(f"records/{application.pk}/")


def test_what_was_returned_tells_nothing_of_a_filing_that_may_be_anybody_s(
    guangdong: Node, record: FilingRecord, page: Page
) -> None:
    """Whoever guesses a number learns from 1048 that it is not his, and nothing else."""
    asked = change(changed(record, "sponsor.superior", "示例猜测"), websites=())
    guess = replace(asked, sponsor=replace(asked.sponsor, name="示例猜测名称"))
    application = application_about(guangdong, record, guess, state=State.RETURNED)
    shown = page(f"records/{application.pk}/")
    assert "示例猜测" in shown
    assert "示例集团1" not in shown
    closing = cancellation(Cancelled.SPONSOR, record.sponsor.number)
    application = application_about(guangdong, record, closing, state=State.RETURNED)
    assert "example102.cn" not in page(f"records/{application.pk}/").split("申请内容</h2>", 1)[1]


def test_of_a_cancelled_sponsor_only_one_s_own_websites_are_shown(
    guangdong: Node, record: FilingRecord, page: Page
) -> None:
    own = [each.number for each in record.websites[1].accesses if each.provider == CALLER]
    Access.objects.held_by(guangdong).filter(number__in=own).delete()
    application = application_about(guangdong, record, cancellation(Cancelled.SPONSOR, record.sponsor.number))
    shown = page(f"records/{application.pk}/").split("申请内容</h2>", 1)[1]
    assert "example101.cn" in shown
    assert "example102.cn" not in shown


@pytest.mark.parametrize("left", [1, 0])
def test_beside_a_change_only_one_s_own_websites_are_shown(
    guangdong: Node, record: FilingRecord, page: Page, left: int
) -> None:
    """Of a filing to which it gives no access any more a provider sees nothing but what it asked."""
    own = [each.number for site in record.websites[left:] for each in site.accesses if each.provider == CALLER]
    asked = change(changed(record, "sponsor.superior", "示例新上级"), websites=())
    application = application_about(guangdong, record, asked)
    assert "example102.cn" in page(f"records/{application.pk}/").split("申请内容</h2>", 1)[1]
    Access.objects.held_by(guangdong).filter(number__in=own).delete()
    shown = page(f"records/{application.pk}/").split("申请内容</h2>", 1)[1]
    assert "<ins>" in shown
    assert ("example101.cn" in shown) == bool(left)
    assert "example102.cn" not in shown


def test_before_an_access_is_granted_those_of_others_are_not_shown(
    guangdong: Node, account: ProviderAccount, record: FilingRecord, page: Page
) -> None:
    application = application_about(guangdong, record, requests_about(record)["new_access"])
    shown = page(f"records/{application.pk}/")
    assert "198.18.0.88" in shown
    assert "示例数据中心" not in shown


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("new_website", "网站备案号在粤ICP备2026000001号之下"),
        ("new_access", "接入已记入备案"),
        ("change", "备案已按申请变更"),
        ("cancel_access", "接入已取消"),
        ("cancel_website", "网站已注销"),
        ("cancel_sponsor", "主体及其网站已注销"),
    ],
)
def test_what_came_of_an_approval_is_told(
    guangdong: Node, record: FilingRecord, page: Page, kind: str, words: str
) -> None:
    request, number = requests_about(record)[kind], record.sponsor.filing_number
    application_about(guangdong, record, request, state=State.APPROVED, filing_number=number)
    assert f"已审核通过，{words}" in page("records/")


def test_a_request_is_found_by_the_number_that_it_named(guangdong: Node, record: FilingRecord, page: Page) -> None:
    application_about(guangdong, record, requests_about(record)["new_website"])
    assert record.sponsor.name in page(f"records/?subject={record.sponsor.filing_number}")
    assert record.sponsor.name not in page("records/?subject=粤ICP备2026000009号")
