"""Requests whose frame lies: lengths, chunks, heads. Each gets an answer, none gets another's bytes."""

from __future__ import annotations

import pytest

from interface.models import CallLog, ProviderAccount, Upload
from tests.hostile import wire
from tests.interface import calling
from tests.interface.serving import Server

pytestmark = [pytest.mark.django_db(transaction=True)]


def an_upload(account: ProviderAccount, sequence: int = 1) -> bytes:
    return calling.envelope("isp_upload", calling.credentials(account) | calling.upload_parameters(sequence))


def chunks(body: bytes, size: int = 200) -> bytes:
    return b"".join(
        b"%x\r\n%b\r\n" % (len(body[at : at + size]), body[at : at + size]) for at in range(0, len(body), size)
    )


# What the server itself refuses: no application is asked, so there is no row in the log of calls.
REFUSED_HEADS = {
    "both length and chunks": ("Content-Length: 5", "Transfer-Encoding: chunked"),
    "a negative length": ("Content-Length: -1",),
    "a length with a sign": ("Content-Length: +5",),
    "a length of digits that are none of ASCII": ("Content-Length: \xb2",),
    "two lengths": ("Content-Length: 5", "Content-Length: 6"),
    "two lengths in one": ("Content-Length: 5, 6",),
    "a length of letters": ("Content-Length: five",),
    "a length of five thousand digits": (f"Content-Length: {'9' * 5000}",),
    "an unknown coding": ("Transfer-Encoding: rot13",),
    "chunked twice": ("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
    "a coding with a tab": ("Transfer-Encoding: \tchunked, identity",),
    "a huge header": (f"X-Huge: {'x' * 100_000}",),
    "very many headers": tuple(f"X-{number}: x" for number in range(5000)),
    "a header over two lines": ("X-Folded: a", " b"),
    "a space before the colon": ("Content-Length : 5",),
    "a NUL in a header": ("X-Nul: a\0b",),
    "an expectation we cannot meet": ("Content-Length: 5", "Expect: the-unexpected"),
}


@pytest.mark.parametrize("lines", REFUSED_HEADS.values(), ids=REFUSED_HEADS)
def test_a_head_that_lies_is_refused_by_the_server(
    server: Server, account: ProviderAccount, lines: tuple[str, ...]
) -> None:
    answer = wire.exchange(server.port, wire.head(*lines), b"<abc>", half_close=True)
    assert 400 <= answer.status < 600
    assert b"Traceback" not in answer.body
    assert answer.seconds < 3


def test_a_length_beyond_the_body_is_answered_and_explained(server: Server, account: ProviderAccount) -> None:
    body = an_upload(account)
    answer = wire.exchange(server.port, wire.head(f"Content-Length: {len(body) + 1}"), body, half_close=True)
    assert answer.is_fault
    assert "之前就结束了" in CallLog.objects.latest("id").reason
    assert not Upload.objects.exists()


def test_a_length_below_the_body_is_answered_and_the_rest_is_no_request(
    server: Server, account: ProviderAccount
) -> None:
    body = an_upload(account)
    answer = wire.exchange(server.port, wire.head(f"Content-Length: {len(body) - 9}", "Connection: keep-alive"), body)
    assert answer.is_fault
    assert not Upload.objects.exists()


@pytest.mark.parametrize("end", ["", "0\r\n", "zz\r\n\r\n", "-1\r\n\r\n", "ffffffffffffffffffff\r\n", "5\r\nab"])
def test_chunks_that_do_not_end_well_are_no_upload(server: Server, account: ProviderAccount, end: str) -> None:
    head = wire.head("Transfer-Encoding: chunked")
    answer = wire.exchange(server.port, head, chunks(an_upload(account)), end.encode(), half_close=True)
    assert answer.is_fault or 400 <= answer.status < 500
    assert not Upload.objects.exists()


def test_chunks_of_one_byte_are_an_upload(server: Server, account: ProviderAccount) -> None:
    head = wire.head("Transfer-Encoding: chunked")
    assert wire.exchange(server.port, head, chunks(an_upload(account), 1), b"0\r\n\r\n").code == 0


def test_what_follows_a_call_on_its_connection_is_not_taken_for_part_of_it(
    server: Server, account: ProviderAccount
) -> None:
    """Two uploads and something that is none, in one packet."""
    parts = [
        wire.head(f"Content-Length: {len(body)}", "Connection: keep-alive") + body
        for body in (an_upload(account, 1), an_upload(account, 2))
    ]
    answer = wire.exchange(server.port, b"".join(parts) + b"GET /smuggled HTTP/9.9\r\n\r\n")
    assert answer.body.count(b"&lt;msg_code&gt;0&lt;") == 2
    assert list(Upload.objects.values_list("sequence", flat=True).order_by("sequence")) == [1, 2]
    assert CallLog.objects.count() == 2


@pytest.mark.parametrize("version", ["1.0", "0.9", "2.0", "9.9"])
def test_any_version_of_http_is_answered(server: Server, account: ProviderAccount, version: str) -> None:
    body = an_upload(account)
    answer = wire.exchange(server.port, wire.head(f"Content-Length: {len(body)}", version=version), body)
    assert answer.code == 0 if version == "1.0" else answer.status == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "POST\t", "\0", "get"])
def test_other_methods_get_no_page_and_no_stack(server: Server, account: ProviderAccount, method: str) -> None:
    answer = wire.exchange(server.port, wire.head("Content-Length: 0", method=method))
    assert 400 <= answer.status < 500
    assert b"Traceback" not in answer.body


@pytest.mark.parametrize("host", ["evil.example", "localhost:99999", "", "a b", "localhost\r\nHost: evil.example"])
def test_a_host_that_is_not_ours_is_refused_and_never_repeated(
    server: Server, account: ProviderAccount, host: str
) -> None:
    start = b"POST %b HTTP/1.1\r\n" % wire.PATH.encode()
    answer = wire.exchange(
        server.port, start + f"Host: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
    )
    assert answer.status in (400, 500)
    assert b"evil" not in answer.body


@pytest.mark.parametrize(
    "path",
    [
        "/" + "a" * 60_000,
        "/%00",
        "/\xff",
        "//evil.example/",
        "/bureaus/99999999999999999999/x",
        "/../../etc/passwd",
        "/static/../../etc/passwd",
        "/static/%2e%2e/%2e%2e/manage.py",
    ],
)
def test_strange_paths_are_not_found(server: Server, account: ProviderAccount, path: str) -> None:
    answer = wire.exchange(server.port, wire.head(path=path, method="GET"))
    assert answer.status in (301, 302, 400, 404, 414)
    assert b"Traceback" not in answer.body
    assert "location: //" not in answer.head.lower()


@pytest.mark.parametrize("charset", ["hex", "rot13", "utf-16", "idna", "x-unheard-of", "zlib_codec", "unicode_escape"])
def test_a_charset_that_is_none_breaks_nothing(server: Server, account: ProviderAccount, charset: str) -> None:
    """Also where the query would be decoded by it; a call says what it thinks of it."""
    said = f"; charset={charset}".encode()
    for path, method, body in (
        ("/login?next=/%E4%BD%A0", "GET", b""),
        ("/login?next=/%E4%BD%A0", "POST", b"username=%E4&password=x"),
        (f"{wire.PATH}?q=%E4%BD%A0", "POST", an_upload(account)),
    ):
        head = wire.head(f"Content-Length: {len(body)}", path=path, method=method)
        answer = wire.exchange(server.port, head.replace(b"; charset=utf-8", said), body)
        assert answer.status in (200, 403) or answer.is_fault
        assert "Content-Type: text/html\r\nContent-Length" not in answer.head  # the server's own words for a crash
