"""Pages under attack: rubbish in every parameter, text that is markup, rows of another bureau, other hosts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import get_resolver, reverse

from beian.models import Membership, Node, Role, User
from beian.web.navigation import kwargs_of
from bureau.models import Application, RefusalReason
from bureau.workflow import State
from enterprise.access_api import FOR_TOKENS
from interface.models import ProviderAccount
from tests import builders
from tests.applications import application_row
from tests.beian.test_access import Url, nobodys, walk
from tests.beian.url_examples import MAKERS, load
from tests.bureau.desks import REVIEW
from tests.interface import calling

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]

RUBBISH = (
    "\0",
    "²",
    "9" * 30,
    "9" * 5000,
    "-1",
    "1e9",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "\U0001f600𠮷\u202e",
    "%s%n{}{{7*7}}",
    "x" * 100_000,
    "../../etc/passwd",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
)
# Every name that a page reads from its query or its form, and some that none does.
NAMES = """
    q text name number page size sort after before kind provider city due claimed received_from received_to state
    province region code operation address at_from at_to chosen verdict confirmed version reasons opinion reason
    next title isp_id user_name network query up switch role roles username password old new again is_superuser
    id pk holder
""".split()  # noqa: SIM905 - forty quotes would help nobody


@pytest.fixture(scope="module", autouse=True)
def _examples() -> None:
    load()


@pytest.fixture
def account(db: None) -> ProviderAccount:
    """The account of the other attacks; no server runs here that would have to see it."""
    return calling.account()


@pytest.fixture
def isp(account: ProviderAccount) -> Node:
    """The provider whose system it is."""
    return account.provider


@pytest.fixture
def mighty(guangdong: Node, ministry: Node, isp: Node) -> User:
    """Somebody with every role there is in Guangdong, at the ministry and at a provider; examples know the name."""
    user = User.objects.create(username="nobody", name="Mighty")
    for role in Role:
        Membership.objects.create(user=user, node=ministry if role == Role.OPERATOR else guangdong, role=role)
        Membership.objects.create(user=user, node=isp, role=role)
    return user


def urls() -> list[Any]:
    return [pytest.param(url, id=url.name) for url in walk(get_resolver()) if not url.name.startswith("interface:")]


def address_of(url: Url, guangdong: Node, isp: Node) -> str:
    home = isp if url.whose == "isp" else guangdong
    own = MAKERS[url.name](home) if url.name in MAKERS else nobodys(url)
    return reverse(url.name, kwargs=own | (kwargs_of(home) if url.whose else {}))


@pytest.mark.parametrize("url", urls())
def test_rubbish_in_every_parameter_breaks_no_page(
    url: Url, mighty: User, guangdong: Node, isp: Node, ministry: Node, signed_in: Callable[[User], Client]
) -> None:
    client, address = signed_in(mighty), address_of(url, guangdong, isp)
    for rubbish in RUBBISH:
        values = dict.fromkeys(NAMES, rubbish)
        short = {name: value[:3000] for name, value in values.items()}
        for answer in (
            client.get(address, short),
            client.post(address, values),
        ):
            assert answer.status_code < 500 or answer.status_code == 503, rubbish[:40]
            assert b"<script>alert" not in getattr(answer, "content", b"")
        client.force_login(mighty)  # some of them sign out
    mighty.refresh_from_db()
    assert not getattr(mighty, "is_superuser", False)


@pytest.mark.parametrize("url", urls())
def test_a_form_without_its_token_is_refused_everywhere(
    url: Url, mighty: User, guangdong: Node, isp: Node, ministry: Node
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(mighty)
    answer = client.post(address_of(url, guangdong, isp), {"confirmed": "1"})
    refused = {401, 405} if url.name.removeprefix("enterprise:") in FOR_TOKENS else {403, 405}
    assert answer.status_code in refused


@pytest.mark.parametrize("part", ["999999999999999999999999", "-1", "%00", "²", "0"])
def test_rows_with_impossible_numbers_are_not_found(part: str, mighty: User, signed_in: Any, guangdong: Node) -> None:
    client = signed_in(mighty)
    for path in (f"{REVIEW}{part}/", f"/bureaus/440000/providers/{part}/", f"/bureaus/{part}/review/"):
        assert client.get(path).status_code == 404


def markup(number: int) -> str:
    return f'"><img src=x onerror=alert({number})><script>alert({number})</script>'


def hostile_filing() -> Any:
    """Every text of a filing is markup, the home page is a script."""
    filing = builders.filing(77)
    person = replace(filing.sponsor.person, name=markup(1)[:60], email=markup(2)[:60])
    sponsor = replace(
        filing.sponsor,
        name=markup(3),
        person=person,
        remark=markup(4),
        certificate=replace(filing.sponsor.certificate, address=markup(5)),
        address=replace(filing.sponsor.address, detail=markup(6)),
    )
    website = filing.websites[0]
    domains = (replace(website.domains[0], name=markup(7)),)
    website = replace(
        website, name=markup(8), home_page="javascript:alert(9)", domains=domains, remark=markup(10), person=person
    )
    return replace(filing, sponsor=sponsor, websites=(website,))


def test_uploaded_markup_is_text_on_every_page(mighty: User, signed_in: Any, guangdong: Node) -> None:
    client = signed_in(mighty)
    found = application_row(guangdong, hostile_filing(), provider_name=markup(11))
    pages = [client.get(REVIEW), client.get(f"{REVIEW}{found.pk}/")]
    pages.append(client.post(f"{REVIEW}{found.pk}/reveal", {"reason": "other"}))
    pages.append(client.post(f"{REVIEW}{found.pk}/reveal", {"reason": "other"}, headers={"HX-Request": "true"}))
    pages.append(client.post(f"{REVIEW}bulk", {"chosen": [found.pk], "verdict": "refuse"}))
    for page in pages:
        text = page.content.decode()
        assert "<img src=x" not in text
        assert "<script>alert" not in text
        assert not re.search(r'(?:href|src|action)="\s*javascript:', text)
    assert any("&lt;img src=x" in page.content.decode() for page in pages)


def test_nothing_of_another_bureau_is_reached(mighty: User, signed_in: Any, guangdong: Node, beijing: Node) -> None:
    """Its applications: by number, in bulk, revealed, by the hash of an attachment."""
    client = signed_in(mighty)
    theirs, own = application_row(beijing), application_row(guangdong)
    sha256 = builders.filing(1).attachments[0].content.sha256
    for path in ("", "claim", "decide", "withdraw", "reveal", "release", "renew", "take-over"):
        address = f"{REVIEW}{theirs.pk}/{path}"
        answer = client.post(address, {"reason": "x", "version": "1"}) if path else client.get(address)
        assert answer.status_code == 404, path
    assert client.get(f"{REVIEW}{theirs.pk}/attachments/{sha256}").status_code == 404
    assert client.get(f"{REVIEW}{own.pk}/attachments/{'0' * 64}").status_code == 404
    client.post(
        f"{REVIEW}bulk", {"chosen": [theirs.pk], "verdict": "refuse", "confirmed": "1", "text": "x", "reasons": []}
    )
    theirs.refresh_from_db()
    assert (theirs.state, theirs.claimed_by) == (State.PENDING, None)


def test_reasons_of_another_bureau_cannot_be_chosen_or_changed(
    mighty: User, signed_in: Any, guangdong: Node, beijing: Node
) -> None:
    client = signed_in(mighty)
    theirs = RefusalReason.objects.create(bureau=beijing, title="北京", text="北京的理由")
    for path in ("", "move", "switch"):
        assert client.post(f"{REVIEW}reasons/{theirs.pk}/{path}", {"title": "x", "text": "x"}).status_code == 404
    own = application_row(guangdong)
    client.post(
        f"{REVIEW}bulk", {"chosen": [own.pk], "verdict": "refuse", "confirmed": "1", "reasons": [str(theirs.pk)]}
    )
    assert Application.objects.get(pk=own.pk).state == State.PENDING


def test_a_session_that_somebody_else_chose_is_not_taken_over(reviewer: User) -> None:
    client = Client()
    client.cookies["sessionid"] = "chosen-by-an-attacker-0000000000"
    client.post("/login", {"username": reviewer.username, "password": "wrong"}, REMOTE_ADDR="192.0.2.9")
    assert not Session.objects.filter(session_key="chosen-by-an-attacker-0000000000").exists()
    client.force_login(reviewer)
    assert client.cookies["sessionid"].value != "chosen-by-an-attacker-0000000000"


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_HOST", "HTTP_X_HOST", "HTTP_FORWARDED"])
def test_no_header_changes_the_host(header: str, reviewer: User) -> None:
    answer = Client().get("/home", headers={}, **{header: "evil.example"})
    assert "evil.example" not in answer.get("Location", "")


def test_an_upload_of_files_is_no_form(reviewer: User) -> None:
    """No page takes files: many of them cost nothing much and break nothing."""
    client = Client(raise_request_exception=False)
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="f{n}"; filename="a{n}"\r\n\r\nx\r\n' for n in range(5000)
    )
    answer = client.generic("POST", "/login", parts + "--b--\r\n", content_type="multipart/form-data; boundary=b")
    assert answer.status_code in (200, 400)
    fields = "&".join(f"a{n}=1" for n in range(50_000))
    answer = client.generic("POST", "/login", fields, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    answer = client.generic(
        "POST", "/login", b"a=" + b"x" * 6_000_000, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in (400, 413)
