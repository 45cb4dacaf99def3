"""The connection's page says how both loops stand, why, and what a person can do about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from beian.models import Event, Node, User
from enterprise.gateway import settling, uploading, waiting
from enterprise.models import Call, Connection, Outgoing, OutgoingState
from enterprise.views.connection.loops import loops_of
from interface.models import ProviderAccount
from tests.conftest import AES_IV, AES_KEY, INTERFACE_PASSWORD
from tests.enterprise.conftest import make_sponsor
from tests.enterprise.gateways import in_process, queued
from tests.enterprise.url_examples_connection import make_outgoing

SignIn = Callable[[User], Client]
ENTERED = {
    "endpoint": "https://beian.example.gov.cn/ISPWebService/upDownLoad",
    "user_name": "isp-new",
    "password": "a password",
    "aes_key": "0123456789abcdef",
    "aes_iv": "fedcba9876543210",
    "poll_seconds": "30",
    "active": "on",
}


def url(provider: Node, rest: str = "") -> str:
    return f"/isp/{provider.isp_id}/connection/{rest}"


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return str(response.content.decode())


@pytest.fixture
def admin(signed_in: SignIn, office_administrator: User) -> Client:
    return signed_in(office_administrator)


def test_without_parameters_it_says_what_to_do(isp: Node, admin: Client, signed_in: SignIn, clerk: User) -> None:
    assert "录入通信参数" in text(admin, url(isp))
    assert "请系统管理员录入" in text(signed_in(clerk), url(isp))


def test_an_administrator_enters_the_parameters(isp: Node, admin: Client, office_administrator: User) -> None:
    assert admin.post(url(isp, "parameters"), ENTERED).status_code == 302
    connection = Connection.objects.get(provider=isp)
    # As a WSDL says it, with the service behind it, is as good.
    assert connection.endpoint == "https://beian.example.gov.cn"
    assert (connection.password, connection.aes_key, connection.poll_seconds) == ("a password", "0123456789abcdef", 30)
    event = Event.objects.get(subject_kind="connection", verb="set_parameters")
    assert event.actor == office_administrator
    assert "a password" not in str(event.data)


def test_secrets_are_never_shown_and_stay_when_left_empty(connection: Connection, isp: Node, admin: Client) -> None:
    for address in (url(isp), url(isp, "parameters"), url(isp, "history/")):
        shown = text(admin, address)
        for secret in (INTERFACE_PASSWORD, AES_KEY, AES_IV):
            assert secret not in shown, address
    assert "已设置" in text(admin, url(isp))
    kept = {**ENTERED, "password": "", "aes_key": "", "aes_iv": ""}
    assert admin.post(url(isp, "parameters"), kept).status_code == 302
    connection.refresh_from_db()
    assert (connection.password, connection.aes_key, connection.user_name) == (INTERFACE_PASSWORD, AES_KEY, "isp-new")


def test_all_that_does_not_fit_is_said_beside_the_field(connection: Connection, isp: Node, admin: Client) -> None:
    wrong = {**ENTERED, "endpoint": "ftp://example.cn", "aes_key": "short", "poll_seconds": "0"}
    response = admin.post(url(isp, "parameters"), wrong)
    assert response.status_code == 422
    errors = response.context["form"].errors
    assert {"endpoint", "aes_key", "poll_seconds"} <= set(errors)
    # What was typed is still there, except what is secret.
    assert "ftp://example.cn" in response.content.decode()
    assert "fedcba9876543210" not in response.content.decode()
    connection.refresh_from_db()
    assert connection.user_name != "isp-new"


def test_a_loop_that_waits_says_until_when(connection: Connection, isp: Node, admin: Client) -> None:
    queued(isp, 2)
    waiting.uploads(connection.pk, "管局只在08:00至18:00受理上报。", until=timezone.now() + timedelta(hours=3))
    shown = text(admin, url(isp, "status"))
    assert "排队2件：管局只在08:00至18:00受理上报。" in shown
    assert "自动继续" in shown
    assert admin.post(url(isp, "act/go_on")).status_code == 302
    connection.refresh_from_db()
    assert connection.uploads_wait_until is None


def test_what_needs_a_person_has_one_button(connection: Connection, isp: Node, admin: Client) -> None:
    waiting.stop(connection.pk, "请核对认证密码。", password=True)
    shown = text(admin, url(isp))
    assert "请核对认证密码。" in shown
    assert shown.count("已处理，继续") >= 1
    assert "未到达，重新上报" not in shown
    admin.post(url(isp, "act/go_on"))
    connection.refresh_from_db()
    assert (connection.stopped, connection.password_refused) == (False, False)


def test_a_doubt_is_settled_by_a_person(connection: Connection, isp: Node, admin: Client) -> None:
    outgoing = make_outgoing(isp, 1, OutgoingState.SENDING)
    Outgoing.objects.filter(pk=outgoing.pk).update(in_doubt=True, tries=1)
    waiting.stop(connection.pk, "第1号文件是否到达无法判断。")
    shown = text(admin, url(isp))
    assert "已到达" in shown
    assert shown.count(f'name="document" value="{outgoing.pk}"') == 2
    assert admin.post(url(isp, "act/arrived"), {"document": outgoing.pk}).status_code == 302
    outgoing.refresh_from_db()
    assert outgoing.state == OutgoingState.ACCEPTED
    assert "人工核实：文件已到达" in text(admin, url(isp, "history/"))


@pytest.mark.parametrize("act", ["arrived", "resend"])
def test_a_page_that_is_out_of_date_settles_nothing(connection: Connection, isp: Node, admin: Client, act: str) -> None:
    outgoing = make_outgoing(isp, 1, OutgoingState.SENDING)
    Outgoing.objects.filter(pk=outgoing.pk).update(in_doubt=True, tries=1)
    waiting.stop(connection.pk, "第1号文件是否到达无法判断。")
    for stale in ({"document": outgoing.pk + 1}, {"document": "9" * 5000}, {}):
        response = admin.post(url(isp, f"act/{act}"), stale)
        assert response.status_code == 409
        assert "需要核实的已经是另一份文件（第1号）" in response.content.decode()
        assert "未到达，重新上报" in response.content.decode()
    Outgoing.objects.filter(pk=outgoing.pk).update(in_doubt=False, tries=1, code=4)
    response = admin.post(url(isp, f"act/{act}"), {"document": outgoing.pk})
    assert response.status_code == 409
    assert "现在没有需要人工核实是否到达的上报文件" in response.content.decode()
    outgoing.refresh_from_db()
    assert (outgoing.state, outgoing.tries) == (OutgoingState.SENDING, 1)


def test_nobody_looking_into_the_mailbox_is_noticed(connection: Connection) -> None:
    assert "gateway进程" in loops_of(connection).downloads.text
    connection.last_looked_at = timezone.now()
    assert loops_of(connection).downloads.tone == "good"
    connection.last_looked_at = timezone.now() - timedelta(minutes=10)
    assert "gateway进程" in loops_of(connection).downloads.text


def test_a_drift_and_how_it_was_settled_is_told(connection: Connection, isp: Node, admin: Client) -> None:
    outgoing = make_outgoing(isp, 8, OutgoingState.SENDING)
    waiting.tell(connection, "drift", ours=7, bureau=9)
    settling.renumbered(connection.pk, outgoing.pk, 9)
    shown = text(admin, url(isp, "history/"))
    assert "本系统最近为第7号，管局为第9号。" in shown
    assert "原为第8号，按管局的序号改编" in shown


def test_every_event_of_the_connection_has_words(
    connection: Connection, account: ProviderAccount, isp: Node, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_process(monkeypatch, account)
    Connection.objects.update(last_sequence=None)
    queued(isp, 1)
    uploading.drain(connection.pk)
    shown = text(admin, url(isp, "history/"))
    assert "首次联系，采用管局的序号" in shown
    assert "管局最近受理的是第0号" in shown


@pytest.mark.parametrize(
    ("operation", "asked", "said"),
    [
        ("isp_querypreviousupload", {}, "管局最近受理的是第1号文件"),
        ("isp_download", {}, "信箱是空的"),
        ("isp_upload", {}, "第1号文件此前已受理"),
        ("isp_downloadack", {}, "调用已到达管局"),
        ("isp_querybeianstatus", {"condition_type": "0", "condition": "example1.cn"}, "未备案"),
        ("isp_verifybamm", {"filing_number": "粤ICP备2026000001号", "password": "abc"}, "密码错误"),
    ],
)
def test_each_operation_can_be_tried(
    operation: str,
    asked: dict[str, Any],
    said: str,
    connection: Connection,
    account: ProviderAccount,
    isp: Node,
    admin: Client,
    office_administrator: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_process(monkeypatch, account)
    queued(isp, 1)
    uploading.drain(connection.pk)
    response = admin.post(url(isp, "try"), {"operation": operation, **asked})
    assert response.status_code == 200
    call = Call.objects.filter(operation=operation, test=True).latest("pk")
    assert call.by == office_administrator.name
    page = response.content.decode()
    result = page.partition('class="trial-result"')[2].partition("</section>")[0]
    assert said in result
    # A trial of an upload repeats the last one: nothing new came of it.
    assert Outgoing.objects.count() == 1
    account.refresh_from_db()
    assert account.last_sequence == 1


def test_a_call_without_an_answer_says_what_to_look_at(connection: Connection, isp: Node, admin: Client) -> None:
    page = admin.post(url(isp, "try"), {"operation": "isp_querypreviousupload"}).content.decode()
    assert "无应答" in page
    assert "请检查网络、接口地址和防火墙" in page


def test_what_a_trial_asks_is_checked(connection: Connection, isp: Node, admin: Client) -> None:
    response = admin.post(url(isp, "try"), {"operation": "isp_querybeianstatus", "condition_type": "0"})
    assert response.status_code == 422
    assert not Call.objects.exists()
    assert admin.post(url(isp, "try"), {"operation": "rm"}).status_code == 404


def test_what_is_wrong_with_a_trial_stands_beside_its_fields(connection: Connection, isp: Node, admin: Client) -> None:
    # The page puts in only what is answered with 200.
    response = admin.post(url(isp, "try"), {"operation": "isp_verifybamm"}, headers={"hx-request": "true"})
    assert response.status_code == 200
    section = response.content.decode().partition('id="try-isp_verifybamm"')[2].partition("</section>")[0]
    for name in ("filing_number", "password"):
        assert f'href="#isp_verifybamm_{name}"' in section
    assert section.count('class="field-error"') == 2
    assert not Call.objects.exists()


def test_both_sides_are_compared(
    connection: Connection, account: ProviderAccount, isp: Node, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_process(monkeypatch, account)
    htmx = {"hx-request": "true"}
    assert "双方一致" in admin.post(url(isp, "sequence"), headers=htmx).content.decode()
    account.last_sequence = 4
    account.save(update_fields=["last_sequence"])
    answered = admin.post(url(isp, "sequence"), headers=htmx).content.decode()
    assert "本系统记录的是第0号" in answered
    assert admin.post(url(isp, "sequence")).status_code == 302


def test_who_may_what(
    connection: Connection, isp: Node, signed_in: SignIn, clerk: User, verifier: User, agent_person: User,
    office_supervisor: User,
) -> None:  # fmt: skip
    sponsor = make_sponsor(isp, "wu@example3.cn", "吴示例").user
    for person in (verifier, agent_person, sponsor):
        assert signed_in(person).get(url(isp)).status_code == 403
    for person in (clerk, office_supervisor):
        client = signed_in(person)
        assert "修改参数" not in text(client, url(isp))
        assert client.get(url(isp, "parameters")).status_code == 403
        assert client.post(url(isp, "try"), {"operation": "isp_download"}).status_code == 403
    assert signed_in(clerk).post(url(isp, "act/go_on")).status_code == 403
    assert signed_in(office_supervisor).post(url(isp, "act/go_on")).status_code == 302
    assert not Call.objects.exists()


def test_another_providers_connection_is_no_business_of_ours(
    connection: Connection, beijing_account: ProviderAccount, signed_in: SignIn, office_administrator: User
) -> None:
    client = signed_in(office_administrator)
    assert client.get(url(beijing_account.provider)).status_code == 403
