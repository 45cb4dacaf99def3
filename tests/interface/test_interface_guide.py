"""docs/interface.md says what is so: its numbers are computed anew, its examples sent, its tables compared."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from lxml import etree

from beian.checks import attachments
from beian.codes import read_table
from beian.demo.manifest import write
from beian.models import User
from beian.result_codes import messages
from bureau.demo import manifest
from bureau.models import Application
from bureau.services import claims, decide, intake
from bureau.services.defects import OPEN_KINDS
from bureau.workflow import State
from interface import body, codec
from interface.codec import SecretKey
from interface.documents.download import SECTIONS as DOWNLOADED
from interface.documents.kinds import PLACES
from interface.documents.upload import MOST_RECORDS, SECTIONS, read_upload
from interface.models import CallLog, Parcel, ProviderAccount, Upload
from interface.services import mailbox, uploads
from interface.wsdl import OPERATIONS, SERVICES
from tests.interface import calling, serving
from tests.interface.calling import Caller
from tests.interface.documents_support import MemoryStore
from tests.interface.serving import Server

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "interface.md"
EXAMPLE = ROOT / "docs" / "examples" / "file_one_website.py"
TEXT = GUIDE.read_text(encoding="utf-8")


def blocks(kind: str) -> list[str]:
    """The fenced blocks of a kind, such as ```text proof."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def table(*header: str) -> list[list[str]]:
    """The rows of the table whose header begins like this."""
    after = TEXT[TEXT.index("| " + " | ".join(header)) :].splitlines()[2:]
    rows = after[: next(at for at, line in enumerate(after) if not line.startswith("|"))]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]


def words(text: str) -> list[str]:
    """What stands in backticks."""
    return re.findall(r"`([^`]+)`", text)


@pytest.fixture
def example_account(db: None) -> ProviderAccount:
    """The account that the guide speaks of."""
    isp_id, user_name, password, key, offset = (words(row[2])[0] for row in table("parameter"))
    return calling.account(int(isp_id), user_name=user_name, password=password, aes_key=key, aes_iv=offset)


@pytest.mark.parametrize("block", blocks("text proof"))
def test_proofs_of_the_password(block: str) -> None:
    given = dict(line.split(maxsplit=1) for line in block.splitlines())
    digest = hashlib.md5((given["password"] + given["randVal"]).encode("gbk"))
    assert given["MD5"] == digest.hexdigest()
    assert given["pwdHash"] == base64.b64encode(digest.digest()).decode()


def printed_payload() -> dict[str, str]:
    """The values of the payload's example; long ones stand on lines of their own."""
    (block,) = blocks("text payload")
    return {name: "".join(value.split()) for name, value in re.findall(r"^(\S[^:]*):((?:.|\n(?=  ))*)", block, re.M)}


def computed_payload() -> dict[str, Any]:
    """What the guide's own code computes."""
    (code,) = blocks("python payload")
    names: dict[str, Any] = {}
    exec(code, names)
    return names


def test_the_payload_is_what_its_code_computes() -> None:
    assert printed_payload() == {name: str(value) for name, value in computed_payload()["values"].items()}


@pytest.mark.parametrize(("name", "algorithm"), [("plain", "0"), ("AES", "1")])
def test_the_payload_is_accepted(example_account: ProviderAccount, name: str, algorithm: str) -> None:
    printed = printed_payload()
    info, hash_ = printed[f"beianInfo, {name}"], printed["beianInfoHash"]
    (proof, _) = blocks("text proof")
    caller = Caller(example_account)
    sent = {
        **dict(line.split(maxsplit=1) for line in proof.splitlines() if line.startswith(("randVal", "pwdHash"))),
        "beianInfo": info,
        "beianInfoHash": hash_,
        "dataSequence": "1",
        "encryptAlgorithm": algorithm,
        "compressionFormat": "0",
    }
    assert caller("isp_upload", **sent).code == 0
    with uploads.open_document(Upload.objects.get()) as document:
        assert document.read() == computed_payload()["document"]
    key = SecretKey(example_account.aes_key, example_account.aes_iv)
    assert codec.seal(computed_payload()["zipped"], key if name == "AES" else None).info == info


def test_the_call_is_answered_as_printed(example_account: ProviderAccount) -> None:
    (request,), (expected,) = blocks("xml request"), blocks("xml return")
    response = Caller(example_account).post("isp_download", request.encode())
    returned = etree.fromstring(response.content).findtext(".//return") or ""
    assert "".join(returned.split("\n")) == "".join(expected.split("\n"))


class Wrong:
    """A call in which everything is wrong, and how each fault is mended."""

    def __init__(self, account: ProviderAccount, environment: Callable[..., None]) -> None:
        self.account = account
        self.parameters = {"randVal": "x", "hashAlgorithm": "9", "userName": "nobody", "pwdHash": "x"}
        self.caller = Caller(account, address="192.0.2.1")
        environment(maintenance="upload,download")
        now = timezone.localtime()
        account.suspended, account.may_file_websites = True, False
        account.hours_from, account.hours_to = (time((now + timedelta(hours=n)).hour) for n in (2, 3))
        account.save()
        self.mend = {
            16: lambda: self.drop("randVal"),
            10: lambda: self.drop("hashAlgorithm"),
            4: lambda: self.drop("userName"),
            13: lambda: setattr(self.caller, "address", "127.0.0.1"),
            12: lambda: self.change(suspended=False),
            5: lambda: self.drop("pwdHash"),
            19: lambda: self.change(may_file_websites=True),
            901: lambda: environment(maintenance=""),
            902: lambda: environment(maintenance=""),
            20: lambda: self.change(hours_from=None),
        }

    def drop(self, name: str) -> None:
        del self.parameters[name]

    def change(self, **values: Any) -> None:
        ProviderAccount.objects.filter(pk=self.account.pk).update(**values)

    def codes(self, operation: str, **more: str) -> list[int]:
        """Call, mend what was complained of, call again; give the complaints."""
        complaints = []
        while (code := self.caller(operation, **more | self.parameters).code) in self.mend:
            complaints.append(code)
            self.mend.pop(code)()
        return complaints


@pytest.mark.parametrize(("operation", "not_there"), [("isp_upload", {902}), ("isp_download", {901, 20})])
def test_the_order_of_checks(db: None, environment: Callable[..., None], operation: str, not_there: set[int]) -> None:
    (order,) = blocks("text order")
    expected = [code for code in map(int, order.split()) if code not in not_there]
    more = calling.upload_parameters(1) if operation == "isp_upload" else {}
    assert Wrong(calling.account(), environment).codes(operation, **more) == expected


def test_every_return_code_is_explained_in_its_words() -> None:
    rows = {int(code): text for code, text, *_ in table("code", "message")}
    assert rows == {code: text for code, text in messages().items() if code < 1000}


def test_paths_and_operations() -> None:
    rows = {words(path)[0]: words(operations) for path, operations in table("path", "operations")}
    assert rows == {f"/{each.path}": [operation.name for operation in each.operations] for each in SERVICES}


def test_parameters_of_the_operations() -> None:
    caller = {"ispID", "ispId", "userName", "randVal", "pwdHash"}
    told = {words(row[0])[0]: words(row[1]) for row in table("operation", "parameters")}
    assert told == {
        name: [each for each, _ in operation.parameters if each not in caller] for name, operation in OPERATIONS.items()
    }


def test_limits() -> None:
    env, verification_form = settings.ENV, read_table("attachment_purpose")[1]
    (entry_name,) = re.findall(r"\{1,(\d+)\}", codec._ENTRY_NAME.pattern)
    expected = [
        codec.MAX_DOCUMENT,
        MOST_RECORDS,
        int(entry_name),
        mailbox.MOST_PIECES,
        mailbox.MOST_BYTES,
        *(env.upload_backlog, env.lock_tries, env.lock_minutes, env.password_tries, env.password_tries_overall),
        body.SECONDS,
        *(verification_form.extra["max_kb"], attachments.SCAN_MAX_KB),
    ]
    numbers = [int(re.match(r"[\d,]+", value)[0].replace(",", "")) for _, value in table("limit", "value")]  # type: ignore[index]
    assert numbers == expected


def test_what_is_open() -> None:
    rows = {words(place)[0]: answer == "yes" for _, place, answer in table("kind", "place")}
    assert rows == {place: kind in OPEN_KINDS for kind, place in PLACES.items() if place.startswith("ICP/")}


def test_every_request_has_an_example_that_reads_as_one() -> None:
    rows = [
        (words(place)[0], re.findall(r"\]\((.+?)\)", example)[0]) for _, place, example in table("request", "record")
    ]
    assert [place for place, _ in rows] == [PLACES[kind] for kind, _ in SECTIONS.values()]
    for place, example in rows:
        text = (GUIDE.parent / example).read_text(encoding="utf-8")
        text = text.replace("{case:015d}", "440099000000001").replace("{case}", "1").replace("{isp_id}", "440000000001")
        sent = ('<?xml version="1.0" encoding="GBK"?>\n' + text).encode("gbk")
        document = read_upload(sent, MemoryStore().put)
        assert [PLACES[kind] for kind in document.kinds] == [place]


def test_every_section_of_a_download_is_explained() -> None:
    told = [words(row[0])[0] for row in table("section", "what it holds")]
    places = {"JCDM/Jcdm_xx", *("/".join(place.split("/")[:2]) for place, _ in DOWNLOADED.values())}
    assert sorted(told) == sorted(places)


def test_names_of_the_wire_are_spelled_as_in_the_schemas() -> None:
    known: set[str] = set()
    for schema in (ROOT / "schemas").glob("*.xsd"):
        known |= {str(name) for name in etree.parse(str(schema)).xpath("//*[local-name()='element']/@name")}
    prose = re.sub(r"^```.*?^```$", "", TEXT, flags=re.MULTILINE | re.DOTALL)
    looks_like_one = re.compile(r"[A-Z][A-Za-z]*(?:_[a-z]+)*(?:/[A-Z][A-Za-z_]*)*")
    names = [each for word in words(prose) if looks_like_one.fullmatch(word) for each in word.split("/")]
    assert len(names) > 60
    assert not {name for name in names if name not in known}


def test_links_lead_somewhere() -> None:
    titles = re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}
    links = re.findall(r"\]\(([^)]+)\)", TEXT)
    assert links
    for link in links:
        file, _, anchor = link.partition("#")
        assert (GUIDE.parent / file).exists(), link
        assert file or anchor in anchors, link


def test_the_example_needs_nothing_but_python() -> None:
    source = EXAMPLE.read_text(encoding="utf-8")
    modules = re.findall(r"^(?:import|from) (\w+)", source, re.MULTILINE)
    assert not set(modules) - sys.stdlib_module_names
    assert len(source.splitlines()) < 120


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with django_db_blocker.unblock(), serving.gunicorn(tmp_path_factory.mktemp("gunicorn")) as running:
        yield running


def run_example(folder: Path, base_url: str, account: ProviderAccount) -> subprocess.CompletedProcess[str]:
    """Run the example as a reader of the guide would, on a demo.json with this account."""
    path = write(folder, manifest.describe(base_url, [], [account]))
    command = [sys.executable, "-I", "-X", "utf8", str(EXAMPLE), str(path)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60)


def approve(application: Application, reviewer: User) -> None:
    claims.claim(application.pk, reviewer)
    decide.approve(application.pk, reviewer, None, "同意")


@pytest.mark.django_db(transaction=True)
def test_the_example_files_a_website_and_fetches_the_decision(
    server: Server, tmp_path: Path, code_tables: None, account: ProviderAccount, reviewer: User
) -> None:
    first = run_example(tmp_path, server.url, account)
    assert first.returncode == 0, first.stderr
    assert re.fullmatch(r"case (\d+): uploaded as number 1\n", first.stdout)
    intake.process(Upload.objects.get())
    application = Application.objects.get()
    assert (application.state, application.findings) == (State.PENDING, [])
    approve(application, reviewer)

    second = run_example(tmp_path, server.url, account)
    assert second.returncode == 0, second.stderr
    assert "uploaded as number 2" in second.stdout
    assert f"case {application.subject}: 1001 " in second.stdout
    assert "filed: 粤ICP备" in second.stdout
    kept = sorted(path.name for path in (tmp_path / "downloads").iterdir())
    parcels = list(Parcel.objects.order_by("file_name"))
    assert kept == [parcel.file_name for parcel in parcels]
    assert len(kept) == 2
    assert all(parcel.acknowledged_at for parcel in parcels)


@pytest.mark.django_db(transaction=True)
def test_the_example_is_told_why_it_is_refused(server: Server, tmp_path: Path, account: ProviderAccount) -> None:
    account.addresses.all().delete()
    refused = run_example(tmp_path, server.url, account)
    assert refused.returncode == 1
    assert "13 非本省授权的报备单位" in refused.stderr


@pytest.mark.django_db(transaction=True)
def test_the_example_repeats_an_upload_whose_answer_was_lost(
    server: Server, tmp_path: Path, account: ProviderAccount
) -> None:
    with losing_one_answer(server.url) as between:
        done = run_example(tmp_path, f"http://127.0.0.1:{between.server_port}", account)
    assert done.returncode == 0, done.stderr
    assert "uploaded as number 1" in done.stdout
    assert Upload.objects.count() == 1
    assert list(CallLog.objects.filter(operation="isp_upload").values_list("code", flat=True)) == [0, 0]


@contextmanager
def losing_one_answer(url: str) -> Iterator[ThreadingHTTPServer]:
    """A proxy before `url` that hangs up once, when an upload was answered."""
    lost: list[bytes] = []

    class Proxy(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            onward = urllib.request.Request(url + self.path, sent, {"Content-Type": self.headers["Content-Type"]})
            with urllib.request.urlopen(onward, timeout=30) as answer:
                received = answer.read()
            if b"isp_upload" in sent and not lost:
                lost.append(received)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(received)))
            self.end_headers()
            self.wfile.write(received)

        def log_message(self, *args: object) -> None:
            """Be quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as proxy:
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield proxy
        proxy.shutdown()
