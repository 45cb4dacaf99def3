"""The wire as it is: a real gunicorn, an independent client (zeep), and bytes written by hand."""

from __future__ import annotations

import base64
import hashlib
import http.client
import io
import re
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import zeep
from lxml import etree

from beian.records import CodeRecord, ResultRecord
from interface import codec, envelope
from interface.client import NoAnswer, NoConnection, NotUnderstood, Parameters, ProviderClient
from interface.codec import Algorithms, SecretKey
from interface.models import CallLog, ProviderAccount, Upload
from interface.services import mailbox
from tests.interface import calling, serving
from tests.interface.calling import DOCUMENT, KEY, PASSWORD, Returned
from tests.interface.serving import Server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_forget_tries")]
V12 = "http://www.w3.org/2003/05/soap-envelope"


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with django_db_blocker.unblock(), serving.gunicorn(tmp_path_factory.mktemp("gunicorn")) as running:
        yield running


@pytest.fixture
def account(transactional_db: None) -> ProviderAccount:
    return calling.account()


@pytest.fixture
def filed(account: ProviderAccount) -> Any:
    return calling.on_file(account, password="n3wPass")


def send(server: Server, body: bytes, operation: str = "isp_download", **headers: str) -> tuple[Any, bytes]:
    """Post a body as it is; names of headers are written with `_`."""
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    named = {"Content-Type": "text/xml; charset=utf-8"} | {k.replace("_", "-"): v for k, v in headers.items()}
    link.request("POST", f"/bureaus/440000/{calling.PATHS[operation]}", body=body, headers=named)
    response = link.getresponse()
    return response, response.read()


def service(server: Server, operation: str) -> Any:
    """The zeep service of an operation's path, made from the WSDL that the server gives."""
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    path = f"/bureaus/440000/{calling.PATHS[operation]}"
    link.request("GET", f"{path}?wsdl")
    document = link.getresponse().read()
    client = zeep.Client(io.BytesIO(document))
    (name,) = client.wsdl.bindings
    return client.create_service(name, server.url + path)


def by_zeep(server: Server, account: ProviderAccount, operation: str, **parameters: Any) -> Returned:
    given: dict[str, Any] = calling.credentials(account) | parameters
    if operation == "isp_querypreviousupload":
        given["ispId"] = given.pop("ispID")
    text = getattr(service(server, operation), operation)(**given)
    root = etree.fromstring(text.partition("?>")[2])
    return Returned(200, int(root.findtext("msg_code") or -1), root.findtext("msg") or "", root)


def unpacked(file: Any) -> bytes:
    """A client of its own making: base64, AES, MD5, unzip."""
    info = io.BytesIO(base64.b64decode(file.findtext("beianInfo")))
    used = Algorithms(encryption=int(file.findtext("encryptAlgorithm")))
    return codec.document(codec.unseal(info, file.findtext("beianInfoHash"), used, KEY)).read()


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "aes"])
def test_zeep_does_all_six_operations(
    server: Server, account: ProviderAccount, filed: Any, key: SecretKey | None
) -> None:
    account.encrypt_downloads = key is not None
    account.save()
    mailbox.queue_filing(account, filed.sponsor.number, about="a")

    def call(operation: str, **parameters: Any) -> Returned:
        return by_zeep(server, account, operation, **parameters)

    assert call("isp_querypreviousupload").text("fileInfos/dataSequence") == "0"
    assert call("isp_upload", **calling.upload_parameters(1, key=key)).code == 0
    previous = call("isp_querypreviousupload")
    assert previous.text("fileInfos/dataSequence") == "1"
    assert unpacked(previous.root.find("fileInfos")) == DOCUMENT
    downloaded = call("isp_download")
    assert filed.sponsor.name.encode("gbk") in unpacked(downloaded.root.find("fileInfos"))
    name = downloaded.text("fileInfos/return_FileName")
    assert call("isp_downloadack", fileName=name).code == 0
    assert call("isp_download").code == 2
    domain = filed.websites[0].domains[0].name
    status = call("isp_querybeianstatus", queryConditionType=0, queryCondition=f"www.{domain}")
    assert status.text("StatusInfo/Wzbah") == filed.websites[0].filing_number
    for password, wrong in (("n3wPass", "0"), ("other", "1")):
        verified = call("isp_verifybamm", baxh=filed.websites[0].filing_number, bamm=password)
        assert verified.text("VerifyRes") == wrong


def own_client(server: Server, **changes: Any) -> ProviderClient:
    values = {
        "endpoint": server.endpoint(),
        "isp_id": 440000000901,
        "user_name": "user440000000901",
        "password": PASSWORD,
        "key": KEY,
    }
    return ProviderClient(Parameters(**values | changes), encrypt=True, seconds=20)


def test_our_own_client_does_too(server: Server, account: ProviderAccount, filed: Any) -> None:
    client = own_client(server)
    account.encrypt_downloads = True
    account.save()
    mailbox.queue_filing(account, filed.sponsor.number, about="a")
    assert client.upload(DOCUMENT, 2).missing == (1,)
    assert [client.upload(DOCUMENT, 1).code for _ in range(2)] == [0, 0]
    previous = client.previous_upload().file
    assert previous is not None
    assert previous.sequence == 1
    assert client.open_document(previous).read() == DOCUMENT
    file = client.download().file
    assert file is not None
    assert filed.sponsor.name.encode("gbk") in client.open_document(file).read()
    assert client.acknowledge(file.file_name).code == 0
    assert client.download().code == 2
    status = client.status(0, filed.websites[0].domains[0].name).status
    assert status is not None
    assert status.not_filed == 0
    assert client.verify_password(filed.sponsor.filing_number, "n3wPass").wrong == 0
    assert client.verify_password(filed.sponsor.filing_number, "x").wrong == 1


def test_our_own_client_says_what_went_wrong(server: Server, account: ProviderAccount) -> None:
    assert own_client(server, password="wrong").download().code == 5
    with pytest.raises(NoConnection):
        own_client(server, endpoint="http://127.0.0.1:9").download()
    with pytest.raises(NoAnswer, match="HTTP"):
        own_client(server, endpoint=f"{server.url}/elsewhere").download()
    with pytest.raises(NotUnderstood, match="Client"):
        own_client(server, endpoint=f"{server.endpoint()}")._exchange("isp_download", calling_nothing())


def calling_nothing() -> envelope.Envelope:
    return envelope.call("isp_nothing", [])


def a_call(account: ProviderAccount) -> bytes:
    return calling.envelope("isp_download", calling.credentials(account))


@pytest.mark.parametrize("action", [None, "", '""', "isp_download", '"urn:isp_download"', "None"])
def test_any_soap_action_will_do(server: Server, account: ProviderAccount, action: str | None) -> None:
    headers = {} if action is None else {"SOAPAction": action}
    response, body = send(server, a_call(account), **headers)
    assert response.getheader("Content-Type") == "text/xml; charset=utf-8"
    assert calling.returned("isp_download", response.status, body).code == 2


def test_the_envelope_has_a_prefix(server: Server, account: ProviderAccount) -> None:
    assert re.search(rb"<\w+:Envelope[ >]", send(server, a_call(account))[1])


def test_soap_12_is_answered_in_kind(server: Server, account: ProviderAccount) -> None:
    body = calling.envelope("isp_download", calling.credentials(account), V12)
    response, answered = send(server, body, Content_Type='application/soap+xml; charset=utf-8; action="x"')
    assert response.getheader("Content-Type") == "application/soap+xml; charset=utf-8"
    assert etree.fromstring(answered).tag == f"{{{V12}}}Envelope"
    assert calling.returned("isp_download", response.status, answered).code == 2


@pytest.mark.parametrize(
    ("namespace", "status"), [("http://schemas.xmlsoap.org/soap/envelope/", 500), (V12, 400)], ids=["1.1", "1.2"]
)
def test_what_is_no_call_gets_a_fault_and_is_logged(
    server: Server, account: ProviderAccount, namespace: str, status: int
) -> None:
    response, body = send(server, calling.envelope("isp_nothing", {}, namespace))
    assert response.status == status
    assert etree.fromstring(body)[0][0].tag == f"{{{namespace}}}Fault"
    log = CallLog.objects.get()
    assert log.code is None
    assert "isp_nothing" in log.reason


@pytest.mark.parametrize("body", [b"", b"<html>", b"\x00" * 100, b"<!DOCTYPE a []><a/>"])
def test_rubbish_gets_a_fault_too(server: Server, account: ProviderAccount, body: bytes) -> None:
    response, answered = send(server, body)
    assert response.status == 500
    assert etree.fromstring(answered)[0][0].tag.endswith("}Fault")


def test_an_operation_of_another_path_is_no_operation_here(server: Server, account: ProviderAccount) -> None:
    body = calling.envelope("isp_verifybamm", calling.credentials(account))
    assert send(server, body, "isp_download")[0].status == 500


def raw(server: Server, head: str, *parts: bytes) -> bytes:
    """Write a request by hand and read all that comes back until the server closes."""
    path = f"/bureaus/440000/{calling.PATHS['isp_download']}"
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as link:
        link.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{head}\r\n\r\n".encode())
        for part in parts:
            link.sendall(part)
        received = b""
        while piece := link.recv(65536):
            received += piece
    return received


def test_a_chunked_body_without_length_is_read(server: Server, account: ProviderAccount) -> None:
    body = a_call(account)
    chunks = [b"%x\r\n%b\r\n" % (len(body[at : at + 100]), body[at : at + 100]) for at in range(0, len(body), 100)]
    head = "Content-Type: text/xml; charset=utf-8\r\nTransfer-Encoding: chunked\r\nConnection: close"
    head_received, _, answered = raw(server, head, *chunks, b"0\r\n\r\n").partition(b"\r\n\r\n")
    assert head_received.startswith(b"HTTP/1.1 200")
    assert calling.returned("isp_download", 200, answered).code == 2


def test_connection_close_is_answered_with_one(server: Server, account: ProviderAccount) -> None:
    body = a_call(account)
    head = f"Content-Type: text/xml\r\nContent-Length: {len(body)}\r\nConnection: close"
    assert b"\r\nconnection: close\r\n" in raw(server, head, body).lower()


def test_a_client_that_asks_before_it_sends_is_told_to_go_on(server: Server, account: ProviderAccount) -> None:
    body = a_call(account)
    head = f"Content-Type: text/xml\r\nContent-Length: {len(body)}\r\nExpect: 100-continue\r\nConnection: close"
    received = raw(server, head, body)
    assert received.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200")


def test_a_connection_may_be_kept(server: Server, account: ProviderAccount) -> None:
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    path = f"/bureaus/440000/{calling.PATHS['isp_download']}"
    for _ in range(3):
        link.request("POST", path, body=a_call(account), headers={"Content-Type": "text/xml"})
        assert calling.returned("isp_download", 200, link.getresponse().read()).code == 2


@pytest.mark.parametrize("query", ["wsdl", "WSDL", "wsdl=1", "Wsdl"])
@pytest.mark.parametrize("operation", ["isp_upload", "isp_querybeianstatus", "isp_verifybamm"])
def test_the_wsdl_names_the_public_address(
    server: Server, account: ProviderAccount, operation: str, query: str
) -> None:
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    path = f"/bureaus/440000/{calling.PATHS[operation]}"
    link.request("GET", f"{path}?{query}")
    response = link.getresponse()
    assert response.getheader("Content-Type") == "text/xml; charset=utf-8"
    assert f'location="https://beian.example{path}"'.encode() in response.read()


def test_a_get_without_wsdl_is_no_page(server: Server, account: ProviderAccount) -> None:
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    link.request("GET", f"/bureaus/440000/{calling.PATHS['isp_upload']}")
    response = link.getresponse()
    assert response.status == 405
    assert (response.getheader("Content-Type") or "").startswith("text/plain")


@pytest.mark.slow
def test_a_document_of_fifty_megabytes_goes_in_and_comes_back(server: Server, account: ProviderAccount) -> None:
    noise = base64.b64encode(b"".join(hash_of(n) for n in range(700_000)))
    document = DOCUMENT + noise + b" " * (codec.MAX_DOCUMENT - len(DOCUMENT) - len(noise))
    client = own_client(server)
    before = server.peak_memory()
    assert client.upload(document, 1).code == 0
    assert Upload.objects.get().document_size == codec.MAX_DOCUMENT
    file = client.previous_upload().file
    assert file is not None
    assert client.open_document(file).read() == document
    assert server.peak_memory() - before < 60 * 2**20


def hash_of(number: int) -> bytes:
    return hashlib.sha512(b"%d" % number).digest()[:54]


def test_many_calls_at_once_are_all_answered(server: Server, account: ProviderAccount) -> None:
    for number in range(20):
        result = ResultRecord(codes=(CodeRecord(code=1001),), operation=1, subject=str(number))
        mailbox.queue_result(account, result, about=str(number))
    names: list[str] = []

    def fetch() -> None:
        file = own_client(server).download().file
        assert file is not None
        names.append(file.file_name)

    threads = [threading.Thread(target=fetch) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names) == 8
    assert len(set(names)) == 1
