"""A provider's people see their own provider's data at its own bureau, and nothing else of anybody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client

from beian.models import Membership, Node, Role, User
from bureau.models import Application
from bureau.services import intake
from interface.models import CallLog, Parcel, ProviderAccount, Upload
from interface.services import mailbox
from tests.builders import changed, filing
from tests.conftest import make_account
from tests.uploads import upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]

MINE = "/bureaus/440000/mine/"
LISTS = ("", "records/", "uploads/", "mailbox/", "mailbox/confirmed/", "calls/", "help/")


@dataclass
class Other:
    """Another provider of the same bureau, with something on every page."""

    record: Application
    upload: Upload
    parcel: Parcel
    waiting: Application


@pytest.fixture
def other(guangdong: Node) -> Other:
    account = make_account(guangdong, 440000000009, "示例另一家")
    upload = upload_of(account, [changed(filing(3), "sponsor.person.email", "no-at-sign")])
    intake.drain(account.pk)
    parcel = mailbox.hand_out(account)
    assert parcel is not None
    upload_of(account, [changed(filing(4), "sponsor.person.email", "no-at-sign")])
    intake.drain(account.pk)
    CallLog.objects.create(bureau=guangdong, account=account, operation="isp_upload", code=13, reason="另一家的说明")
    record, waiting = Application.objects.order_by("id")
    return Other(record, upload, parcel, waiting)


@pytest.mark.parametrize("path", LISTS)
def test_every_page_is_there_for_a_provider_that_did_nothing_yet(page: Callable[[str], str], path: str) -> None:
    assert "<h1>" in page(path)


@pytest.mark.parametrize("path", LISTS)
def test_no_list_holds_anything_of_another_provider(page: Callable[[str], str], other: Other, path: str) -> None:
    shown = page(path)
    for trace in (other.record.sponsor_name, other.waiting.sponsor_name, "另一家", other.parcel.file_name, "1009"):
        assert trace not in shown


def test_nothing_of_another_provider_opens_by_its_address(
    other: Other, reader: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(reader)
    for path in (
        f"records/{other.record.pk}/", f"uploads/{other.upload.sequence}/", f"mailbox/{other.parcel.pk}/",
        f"records/{Application.objects.latest('pk').pk + 1}/",
    ):  # fmt: skip
        assert client.get(MINE + path).status_code == 404, path


def test_a_search_finds_nothing_of_another_provider(page: Callable[[str], str], other: Other) -> None:
    assert other.record.sponsor_name not in page(f"records/?q={other.record.first_domain}")
    assert "没有符合条件的申请" in page(f"records/?subject={other.record.subject}")


@pytest.mark.parametrize("path", LISTS)
def test_a_stranger_signs_in_first(guangdong: Node, path: str) -> None:
    assert Client().get(MINE + path)["Location"].startswith("/login?next=")


@pytest.mark.parametrize("path", LISTS)
def test_another_bureau_is_closed(
    beijing_account: ProviderAccount, reader: User, signed_in: Callable[[User], Client], path: str
) -> None:
    assert signed_in(reader).get(f"/bureaus/110000/mine/{path}").status_code == 403


def test_the_bureau_s_own_pages_are_closed(reader: User, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(reader)
    for path in ("review/", "providers/", "calls/", "mailboxes/", "people/"):
        assert client.get(f"/bureaus/440000/{path}").status_code == 403, path


def test_a_reader_s_role_at_the_bureau_itself_opens_nothing(
    person: Callable[..., User], guangdong: Node, account: ProviderAccount, signed_in: Callable[[User], Client]
) -> None:
    assert signed_in(person("misplaced", guangdong, Role.PROVIDER_READER)).get(MINE).status_code == 403


def test_another_role_at_the_provider_opens_nothing(
    person: Callable[..., User], account: ProviderAccount, signed_in: Callable[[User], Client]
) -> None:
    assert signed_in(person("clerk", account.provider, Role.REVIEWER)).get(MINE).status_code == 403


def test_a_provider_without_an_account_here_has_no_pages_here(
    guangdong: Node, signed_in: Callable[[User], Client]
) -> None:
    node = Node.objects.create(code="provider:440000000077", kind="provider", name="未开户", province=440000)
    user = User.objects.create(username="early", name="早来的人")
    Membership.objects.create(user=user, node=node, role=Role.PROVIDER_READER)
    assert signed_in(user).get(MINE).status_code == 404


def test_the_pages_only_read(page: Callable[[str], str], reader: User, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(reader)
    assert {client.post(MINE + path).status_code for path in LISTS} == {405}


def test_sign_in_leads_to_the_overview(reader: User, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(reader)
    assert client.get("/home")["Location"] == MINE
    shown = client.get(MINE).content.decode()
    assert "接入商查询员" in shown
    assert "备案审核" not in shown
