"""The documents of the gateway on their pages: what went out, what came in, what was called."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from beian import store
from beian.models import Event, Node, User
from enterprise.gateway import fetching, uploading
from enterprise.models import Call, Case, Connection, Incoming, IncomingState, Outgoing
from interface.models import ProviderAccount
from tests.enterprise.gateways import in_process, queued
from tests.enterprise.test_connection_page import SignIn, text, url
from tests.enterprise.url_examples_connection import make_incoming, make_outgoing

Made = Callable[..., Connection]


@pytest.fixture
def admin(signed_in: SignIn, office_administrator: User) -> Client:
    return signed_in(office_administrator)


@pytest.fixture
def uploaded(connection: Connection, account: ProviderAccount, isp: Node, monkeypatch: pytest.MonkeyPatch) -> Outgoing:
    """Two cases, taken by the bureau in one document."""
    in_process(monkeypatch, account)
    queued(isp, 2)
    uploading.drain(connection.pk)
    return Outgoing.objects.get()


def test_a_document_shows_its_cases(uploaded: Outgoing, isp: Node, admin: Client) -> None:
    listed = text(admin, url(isp, "outgoing/"))
    assert f"outgoing/{uploaded.pk}/" in listed
    shown = text(admin, url(isp, f"outgoing/{uploaded.pk}/"))
    for case in Case.objects.all():
        assert case.reference in shown
    assert uploaded.payload_hash in shown
    assert "管局已接收" in shown


def test_an_administrator_gets_the_file_and_says_why(
    uploaded: Outgoing, isp: Node, admin: Client, office_administrator: User
) -> None:
    address = url(isp, f"outgoing/{uploaded.pk}/")
    assert admin.post(address, {}).status_code == 422
    response = admin.post(address, {"reason": "与管局核对"})
    assert response.content == store.get(uploaded.content)
    assert "attachment" in response["Content-Disposition"]
    event = Event.objects.get(subject_kind="outgoing", verb="handed_over")
    assert (event.actor, event.reason) == (office_administrator, "与管局核对")


def test_others_read_about_a_document_and_get_no_file(
    uploaded: Outgoing, isp: Node, signed_in: SignIn, clerk: User
) -> None:
    client = signed_in(clerk)
    assert "由系统管理员下载" in text(client, url(isp, f"outgoing/{uploaded.pk}/"))
    assert client.post(url(isp, f"outgoing/{uploaded.pk}/"), {"reason": "x"}).status_code == 404
    assert not Event.objects.filter(verb="handed_over").exists()


def test_calls_are_listed_and_narrowed(uploaded: Outgoing, connection: Connection, isp: Node, admin: Client) -> None:
    fetching.step(connection.pk)
    Call.objects.create(connection=connection, operation="isp_upload", code=13, message="来源地址")
    shown = text(admin, url(isp, "calls/"))
    assert "isp_upload" not in shown.partition("<tbody")[2]
    assert "没有在管局登记" in shown or "未在管局登记" in shown
    only = text(admin, url(isp, "calls/?operation=isp_download"))
    assert "来源地址" not in only.partition("<tbody")[2].partition("</tbody")[0]
    wrong = text(admin, url(isp, "calls/?wrong=1"))
    assert wrong.partition("<tbody")[2].partition("</tbody")[0].count("<tr") == 1


def test_calls_go_on_page_by_page(connection: Connection, isp: Node, admin: Client) -> None:
    Call.objects.bulk_create(
        Call(connection=connection, operation="isp_download", code=2, message=f"第{n}次") for n in range(60)
    )
    first = admin.get(url(isp, "calls/")).context["page"]
    second = admin.get(url(isp, "calls/") + first.next_url).context["page"]
    assert [call.message for call in first.objects][:1] == ["第59次"]
    assert [call.message for call in second.objects] == [f"第{n}次" for n in range(9, -1, -1)]


def test_a_document_that_could_not_be_applied_can_be_tried_again(
    connection: Connection, isp: Node, admin: Client
) -> None:
    incoming = make_incoming(isp, state=IncomingState.FAILED, problem="处理时出错")
    address = url(isp, f"incoming/{incoming.pk}/")
    assert "处理时出错" in text(admin, address)
    assert f"incoming/{incoming.pk}/" in text(admin, url(isp, "incoming/?state=failed"))
    assert admin.post(f"{address}again").status_code == 302
    incoming.refresh_from_db()
    # The bytes are no document of the interface: it fails again, and says why.
    assert incoming.state == IncomingState.FAILED
    assert incoming.problem != "处理时出错"


def test_what_a_document_held_is_told(connection: Connection, isp: Node, admin: Client) -> None:
    incoming = make_incoming(isp, state=IncomingState.ACKNOWLEDGED, summary={"results": 3, "opinions": 1})
    assert "备案结果3条、审核意见1条" in text(admin, url(isp, "incoming/"))
    assert "备案结果" in text(admin, url(isp, f"incoming/{incoming.pk}/"))


def test_documents_of_another_provider_are_not_there(
    beijing_account: ProviderAccount, connection: Connection, isp: Node, admin: Client
) -> None:
    theirs, came = make_outgoing(beijing_account.provider), make_incoming(beijing_account.provider)
    assert admin.get(url(isp, f"outgoing/{theirs.pk}/")).status_code == 404
    assert admin.get(url(isp, f"incoming/{came.pk}/")).status_code == 404
    assert admin.post(url(isp, f"incoming/{came.pk}/again")).status_code == 404
    assert not Incoming.objects.filter(pk=came.pk).exclude(problem="").exists()


def test_every_section_of_a_download_has_a_name() -> None:
    from dataclasses import fields

    from enterprise.views.connection.incoming import SECTIONS
    from interface.documents.download import DownloadDocument

    assert set(SECTIONS) == {field.name for field in fields(DownloadDocument)} - {"version", "unread"}


def test_an_expired_file_is_said_to_be_gone(connection: Connection, isp: Node, admin: Client) -> None:
    from django.utils import timezone

    outgoing = make_outgoing(isp)
    Outgoing.objects.filter(pk=outgoing.pk).update(removed_at=timezone.now())
    assert "已按保存期限删除" in text(admin, url(isp, f"outgoing/{outgoing.pk}/"))
