"""Sponsors' accounts: registered by a code, signed in with two factors, and nobody learns who has one."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import pyotp
import pytest
from django.core.cache import cache
from django.test import Client

from beian.models import Mail, Node, User
from beian.web.throttle import connection as redis_connection
from enterprise.models import SponsorAccount
from enterprise.services import second_factor
from tests.conftest import PASSWORD
from tests.enterprise.applying_in_steps import page_url
from tests.enterprise.conftest import make_sponsor

NEW_PASSWORD = "一个很长的新密码 2026"


@pytest.fixture(autouse=True)
def nothing_counted() -> Iterator[None]:
    redis_connection().flushdb()
    cache.clear()
    yield
    redis_connection().flushdb()


def ask(client: Client, node: Node, name: str, email: str, **more: str) -> str:
    """Ask for a code; gives what the letter says."""
    answer = client.post(page_url(node, name), {"email": email, **more})
    assert answer.status_code == 302, answer.content.decode()
    letter = Mail.objects.latest("id")
    assert letter.to == email.lower()
    return letter.body or ""


def code_in(letter: str) -> str:
    found = re.search(r"\d{6}", letter)
    assert found, letter
    return found[0]


def answers(code: str, **more: str) -> dict[str, str]:
    return {"code": code, "name": "王示例", "new": NEW_PASSWORD, "again": NEW_PASSWORD, **more}


def sign_in(client: Client, node: Node, email: str, password: str = PASSWORD, **more: str) -> object:
    return client.post(page_url(node, "sign_in"), {"email": email, "password": password, **more})


def signed_in_as(client: Client) -> int | None:
    found = client.session.get("_auth_user_id")
    return int(found) if found else None


def test_an_address_that_can_tell_its_code_becomes_an_account(isp: Node) -> None:
    client = Client()
    letter = ask(client, isp, "register", "Wang@Example5.cn")
    page = client.post(page_url(isp, "register_confirm"), answers(code_in(letter)))
    assert page.status_code == 302
    account = SponsorAccount.objects.get()
    assert account.user.username == f"{isp.isp_id}/wang@example5.cn"
    assert account.email_proved_at is not None
    assert signed_in_as(client) == account.user_id
    assert client.get(page_url(isp, "account")).status_code == 200


def test_pages_do_not_tell_whether_an_address_has_an_account(isp: Node, sponsor_account: SponsorAccount) -> None:
    for name in ("register", "reset"):
        pages = []
        for email in (sponsor_account.email, "nobody@example9.cn"):
            client = Client()
            ask(client, isp, name, email)
            page = client.post(page_url(isp, f"{name}_confirm"), answers("000000")).content.decode()
            pages.append(re.sub(r"[\w.]+@example\d.cn|csrf\w+\" value=\"\w+\"", "", page))
        assert pages[0].split("<main")[1] == pages[1].split("<main")[1]


def test_registering_an_address_twice_opens_nothing(isp: Node, sponsor_account: SponsorAccount) -> None:
    client = Client()
    letter = ask(client, isp, "register", sponsor_account.email)
    assert "已经注册" in letter
    assert not re.search(r"\d{6}", letter)
    for code in ("", "000000"):
        client.post(page_url(isp, "register_confirm"), answers(code))
    assert SponsorAccount.objects.count() == 1
    assert signed_in_as(client) is None


def test_a_code_is_tried_six_times_and_serves_one_purpose(isp: Node) -> None:
    client = Client()
    letter = ask(client, isp, "register", "wang@example5.cn")
    code = code_in(letter)
    assert client.post(page_url(isp, "reset_confirm"), answers(code))["Location"] == page_url(isp, "reset")
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(6):
        assert client.post(page_url(isp, "register_confirm"), answers(wrong)).status_code == 422
    assert client.post(page_url(isp, "register_confirm"), answers(code)).status_code == 429
    assert not SponsorAccount.objects.exists()


def test_letters_to_an_address_are_counted(isp: Node) -> None:
    for _ in range(5):
        ask(Client(), isp, "register", "wang@example5.cn")
    refused = Client().post(page_url(isp, "register"), {"email": "wang@example5.cn"})
    assert refused.status_code == 429
    assert Mail.objects.count() == 5


def test_a_forgotten_password_is_set_anew_and_other_sessions_end(isp: Node, sponsor_account: SponsorAccount) -> None:
    elsewhere, client = Client(), Client()
    elsewhere.force_login(sponsor_account.user)
    code = code_in(ask(client, isp, "reset", sponsor_account.email))
    assert client.post(page_url(isp, "reset_confirm"), answers(code)).status_code == 302
    assert elsewhere.get(page_url(isp, "account")).status_code == 302
    sign_in(client, isp, sponsor_account.email, NEW_PASSWORD)
    assert signed_in_as(client) == sponsor_account.user_id


def test_signing_in_gives_a_new_session_and_leads_back(isp: Node, sponsor_account: SponsorAccount) -> None:
    client = Client()
    arrived = client.get(page_url(isp, "account"))
    assert arrived["Location"] == f"{page_url(isp, 'sign_in')}?next={page_url(isp, 'account')}"
    client.get(page_url(isp, "sign_in"))
    session = client.session
    session["seen"] = 1
    session.save()
    before = client.session.session_key
    answer = sign_in(client, isp, f" {sponsor_account.email.upper()} ", next=page_url(isp, "account"))
    assert answer["Location"] == page_url(isp, "account")  # type: ignore[index]
    assert client.session.session_key != before
    away = sign_in(Client(), isp, sponsor_account.email, next="https://evil.example/")
    assert away["Location"] == page_url(isp, "portal_home")  # type: ignore[index]


def test_wrong_passwords_are_counted_and_told_alike(
    isp: Node, sponsor_account: SponsorAccount, settings: object
) -> None:
    told = []
    for email in (sponsor_account.email, "nobody@example9.cn"):
        page = sign_in(Client(), isp, email, "wrong").content.decode()  # type: ignore[attr-defined]
        told.append("邮箱或密码不正确" in page)
    assert told == [True, True]
    for _ in range(10):
        last = sign_in(Client(), isp, sponsor_account.email, "wrong")
    assert last.status_code == 429  # type: ignore[attr-defined]
    client = Client()
    sign_in(client, isp, sponsor_account.email)
    assert signed_in_as(client) is None


def test_a_sponsor_has_no_way_past_the_second_factor(isp: Node, sponsor_account: SponsorAccount) -> None:
    client = Client()
    page = client.post("/login", {"username": sponsor_account.user.username, "password": PASSWORD})
    assert page.status_code == 200
    assert signed_in_as(client) is None


def test_an_account_opens_its_own_provider_only(
    isp: Node, sponsor_account: SponsorAccount, beijing_account: object
) -> None:
    other = beijing_account.provider  # type: ignore[attr-defined]
    client = Client()
    sign_in(client, other, sponsor_account.email)
    assert signed_in_as(client) is None
    make_sponsor(other, sponsor_account.email, "同一邮箱")
    sign_in(client, other, sponsor_account.email)
    assert client.get(page_url(other, "account")).status_code == 200
    assert client.get(page_url(isp, "account")).status_code == 403


def set_up(client: Client, node: Node) -> tuple[str, list[str]]:
    """Set the second factor up; gives the secret and the recovery codes."""
    page = client.get(page_url(node, "account_second_factor")).content.decode()
    assert "<svg" in page
    assert "style=" not in page.split("<svg")[1].split("</svg>")[0]
    secret = client.session["new_second_factor"]
    done = client.post(page_url(node, "account_second_factor"), {"code": pyotp.TOTP(secret).now()}).content.decode()
    codes = re.findall(r"<li>([a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4})</li>", done)
    assert len(codes) == 10
    return secret, codes


def test_the_second_factor_is_asked_for_and_a_code_is_taken_once(
    isp: Node, sponsor_account: SponsorAccount, signed_in: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, _ = set_up(signed_in(sponsor_account.user), isp)
    now = time.time() + 60
    monkeypatch.setattr(second_factor.time, "time", lambda: now)
    code = pyotp.TOTP(secret).at(int(now))
    client = Client()
    answer = sign_in(client, isp, sponsor_account.email)
    assert answer["Location"] == page_url(isp, "sign_in_code")  # type: ignore[index]
    assert signed_in_as(client) is None
    assert client.get(page_url(isp, "account")).status_code == 302
    client.post(page_url(isp, "sign_in_code"), {"code": code})
    assert signed_in_as(client) == sponsor_account.user_id
    replay = Client()
    sign_in(replay, isp, sponsor_account.email)
    page = replay.post(page_url(isp, "sign_in_code"), {"code": code})
    assert "已经用过" in page.content.decode()
    assert signed_in_as(replay) is None


def test_a_recovery_code_opens_once(
    isp: Node, sponsor_account: SponsorAccount, signed_in: Callable[[User], Client]
) -> None:
    _, codes = set_up(signed_in(sponsor_account.user), isp)
    for expected in (sponsor_account.user_id, None):
        client = Client()
        sign_in(client, isp, sponsor_account.email)
        client.post(page_url(isp, "sign_in_code"), {"code": codes[0].upper()})
        assert signed_in_as(client) == expected
    sponsor_account.refresh_from_db()
    assert len(sponsor_account.recovery_codes) == 9
    assert codes[1] not in str(sponsor_account.recovery_codes)


def test_codes_of_the_second_factor_are_counted(
    isp: Node, sponsor_account: SponsorAccount, signed_in: Callable[[User], Client]
) -> None:
    set_up(signed_in(sponsor_account.user), isp)
    client = Client()
    sign_in(client, isp, sponsor_account.email)
    statuses = [client.post(page_url(isp, "sign_in_code"), {"code": "000000"}).status_code for _ in range(7)]
    assert statuses[-1] == 429


def test_the_code_page_is_only_for_who_gave_the_password(isp: Node, sponsor_account: SponsorAccount) -> None:
    assert Client().get(page_url(isp, "sign_in_code"))["Location"] == page_url(isp, "sign_in")


def test_the_second_factor_goes_with_the_password_and_the_holder_is_told(
    isp: Node, sponsor_account: SponsorAccount, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(sponsor_account.user)
    set_up(client, isp)
    client.post(page_url(isp, "account_second_factor_off"), {"password": "wrong"})
    sponsor_account.refresh_from_db()
    assert sponsor_account.second_factor is not None
    client.post(page_url(isp, "account_second_factor_off"), {"password": PASSWORD})
    sponsor_account.refresh_from_db()
    assert sponsor_account.second_factor is None
    assert Mail.objects.latest("id").to == sponsor_account.email


def test_another_address_is_proved_before_it_counts(
    isp: Node, sponsor_account: SponsorAccount, stranger_account: SponsorAccount, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(sponsor_account.user)
    taken = ask(client, isp, "account_email", stranger_account.email, password=PASSWORD)
    assert "已用于另一个账号" in taken
    code = code_in(ask(client, isp, "account_email", "new@example6.cn", password=PASSWORD))
    client.post(page_url(isp, "account_email_confirm"), {"code": code})
    sponsor_account.refresh_from_db()
    assert sponsor_account.email == "new@example6.cn"
    assert User.objects.get(pk=sponsor_account.user_id).username == f"{isp.isp_id}/new@example6.cn"
    assert Mail.objects.latest("id").to == "shen@example1.cn"
    again = Client()
    sign_in(again, isp, "new@example6.cn")
    assert signed_in_as(again) == sponsor_account.user_id


def test_signing_out_leads_to_the_providers_front_page(
    isp: Node, sponsor_account: SponsorAccount, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(sponsor_account.user)
    assert client.post("/logout")["Location"] == page_url(isp, "front")
    assert "注册账号" in client.get(page_url(isp, "front")).content.decode()


def test_what_the_office_sets_is_kept_and_wrong_addresses_are_told(
    isp: Node, office_administrator: User, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(office_administrator)
    values = {"telephone": "020-80000009", "default_ranges": "198.18.9.1-198.18.9.9\n198.18.8.0/30"}
    assert client.post(page_url(isp, "settings"), {**values, "default_methods": ["3"]}).status_code == 302
    settings = isp.office_settings
    assert settings.default_ranges[0] == {"first": "198.18.9.1", "last": "198.18.9.9"}
    assert settings.default_methods == ["3"]
    wrong = client.post(page_url(isp, "settings"), {"default_ranges": "198.18.9"})
    assert "不是IPv4地址" in wrong.content.decode()
    assert "020-80000009" in Client().get(page_url(isp, "front")).content.decode()
