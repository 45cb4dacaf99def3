"""A bureau, or a proxy before it, that answers what no database takes: noted like any call without an answer."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from enterprise.gateway import calls, fetching
from enterprise.gateway.steps import Step
from enterprise.models import Call, Connection
from tests.enterprise import scripted_bureau as script

pytestmark = pytest.mark.django_db


class _Binary(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.wfile.write(b"\x15\x03\x01\x00\x02\x02\x16\r\n")
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def binary(connection: Connection) -> Iterator[Connection]:
    """A connection to something that speaks no HTTP."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Binary) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        Connection.objects.update(endpoint=f"http://127.0.0.1:{server.server_address[1]}")
        connection.refresh_from_db()
        yield connection
        server.shutdown()


def test_it_is_noted_as_no_answer(binary: Connection) -> None:
    assert fetching.step(binary.pk) == Step.WAITING
    assert Call.objects.get().error.startswith("NoConnection")
    binary.refresh_from_db()
    assert "程序错误" not in binary.downloads_wait_because
    assert binary.downloads_wait_because


def test_the_page_that_tries_a_call_has_an_answer(binary: Connection) -> None:
    with pytest.raises(calls.CallFailed):
        calls.Line(binary, by="魏").status(0, "example.cn")
    assert Call.objects.get(test=True).error


def test_a_file_that_is_no_base64_is_fetched_again(connection: Connection) -> None:
    with script.scripted_bureau() as bureau:
        Connection.objects.update(endpoint=bureau.endpoint)
        file = script._file("P1", "中文", script.digest(b"x"))
        bureau.plan("isp_download", script.code(0, extra=file))
        assert fetching.step(connection.pk) == Step.WAITING
    connection.refresh_from_db()
    assert "P1" in connection.downloads_wait_because
    assert Call.objects.get().file_name == "P1"
