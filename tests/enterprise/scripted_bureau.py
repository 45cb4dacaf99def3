"""A bureau that misbehaves by script: honest until told otherwise, one behaviour a call.

It is no relation of our bureau: numbers, hashes and mailbox are kept here anew, from the specification.

    bureau.plan("isp_upload", lost, lost, code(999), garbage)
"""

from __future__ import annotations

import base64
import hashlib
import io
import threading
import time
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from lxml import etree

NAMESPACE = "http://www.miibeian.gov.cn"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
OK, NOTHING, OUT_OF_SEQUENCE = 0, 2, 14


@dataclass(frozen=True)
class Reply:
    """What goes back: nothing at all where `cut`."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/xml; charset=utf-8"
    cut: bool = False


Honest = Callable[[], Reply]
Behaviour = Callable[["Call", Honest], Reply]
CUT = Reply(cut=True)


@dataclass(frozen=True)
class Call:
    """A call as it came."""

    operation: str
    parameters: dict[str, str]

    @property
    def number(self) -> int:
        return int(self.parameters["dataSequence"])

    @property
    def document(self) -> bytes:
        """The uploaded document, unpacked."""
        zipped = base64.b64decode(self.parameters["beianInfo"])
        with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
            return archive.read(archive.namelist()[0])


@dataclass
class Parcel:
    """A document in the mailbox; what is sent of it can be made wrong."""

    name: str
    content: bytes
    hash: str

    @classmethod
    def of(cls, name: str, document: bytes) -> Parcel:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, document)
        return cls(name, buffer.getvalue(), digest(buffer.getvalue()))


def digest(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data).digest()).decode()


def returned(operation: str, code: int, message: str = "说明", extra: str = "") -> Reply:
    """An answer as the specification writes it."""
    inner = f'<?xml version="1.0" encoding="GBK"?><return version="V.3.0"><msg_code>{code}</msg_code>'
    inner += f"<msg>{message}</msg>{extra}</return>"
    root = etree.Element(f"{{{SOAP}}}Envelope", nsmap={"S": SOAP})
    wrapper = etree.SubElement(etree.SubElement(root, f"{{{SOAP}}}Body"), f"{{{NAMESPACE}}}{operation}Response")
    etree.SubElement(wrapper, "return").text = inner
    return Reply(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def lost(call: Call, honest: Honest) -> Reply:
    """It arrives, and the line breaks before the answer."""
    honest()
    return CUT


def never(call: Call, honest: Honest) -> Reply:
    """The line breaks before it arrives."""
    return CUT


def code(number: int, message: str = "说明", extra: str = "") -> Behaviour:
    """Answer a code, whatever comes."""
    return lambda call, honest: returned(call.operation, number, message, extra)


def out_of_sequence(*missing: int) -> Behaviour:
    """Answer 14 with these missing numbers."""
    named = "".join(f"<dataSequence>{each}</dataSequence>" for each in missing)
    return code(OUT_OF_SEQUENCE, "请首先上载漏报的数据", f"<dataSequences>{named}</dataSequences>")


def garbage(call: Call, honest: Honest) -> Reply:
    """It arrives, and what comes back is none of ours."""
    honest()
    return Reply(b"\x00\xff<<not xml")


def empty(call: Call, honest: Honest) -> Reply:
    """It arrives, and nothing stands in the answer."""
    honest()
    return Reply(b"")


def half(call: Call, honest: Honest) -> Reply:
    """It arrives, and the answer breaks off in the middle."""
    body = honest().body
    return Reply(body[: len(body) // 2])


def proxy_page(call: Call, honest: Honest) -> Reply:
    """A proxy answers in its place."""
    return Reply(b"<html><body><h1>502 Bad Gateway</h1></body></html>", 502, "text/html")


def login_page(call: Call, honest: Honest) -> Reply:
    """It arrives, and somebody's page comes back with 200."""
    honest()
    return Reply(b"<!DOCTYPE html><html><body>please sign in</body></html>", 200, "text/html")


def fault(call: Call, honest: Honest) -> Reply:
    """It is not taken for a call."""
    body = f'<s:Envelope xmlns:s="{SOAP}"><s:Body><s:Fault><faultcode>s:Server</faultcode>'
    body += "<faultstring>NullPointerException</faultstring></s:Fault></s:Body></s:Envelope>"
    return Reply(body.encode(), 500)


def slow(seconds: float) -> Behaviour:
    """It arrives, and the answer takes its time."""

    def behave(call: Call, honest: Honest) -> Reply:
        answer = honest()
        time.sleep(seconds)
        return answer

    return behave


@dataclass
class ScriptedBureau:
    """The bureau's memory: what it accepted, what waits in the mailbox, every call that came."""

    accepted: dict[int, Call] = field(default_factory=dict)
    parcels: list[Parcel] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    repeats: int = 0
    refuses: Callable[[Call], int | None] = field(default=lambda call: None)
    _plans: dict[str, deque[Behaviour]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    endpoint: str = ""

    def plan(self, operation: str, *behaviours: Behaviour) -> None:
        """Behave so at the next calls of an operation, one after another; then honestly again."""
        self._plans.setdefault(operation, deque()).extend(behaviours)

    @property
    def last(self) -> int:
        """The number last accepted."""
        return max(self.accepted, default=0)

    def documents(self) -> list[bytes]:
        """The documents accepted, in their order."""
        return [self.accepted[number].document for number in sorted(self.accepted)]

    def forget_after(self, number: int) -> None:
        """Lose what was accepted later, as from a backup."""
        self.accepted = {each: call for each, call in self.accepted.items() if each <= number}

    def answer(self, call: Call) -> Reply:
        """Behave as planned, or answer honestly."""
        self.calls.append(call)
        plan = self._plans.get(call.operation)
        honest = lambda: self._honest(call)  # noqa: E731
        return plan.popleft()(call, honest) if plan else honest()

    def _honest(self, call: Call) -> Reply:
        with self._lock:
            return getattr(self, f"_{call.operation}", self._unknown)(call)

    def _unknown(self, call: Call) -> Reply:
        return returned(call.operation, 999, "没有这个接口")

    def _isp_upload(self, call: Call) -> Reply:
        if (refused := self.refuses(call)) is not None:
            return returned(call.operation, refused, f"拒绝{refused}")
        before = self.accepted.get(call.number)
        if call.number == self.last and before and _hash(before) == _hash(call):
            self.repeats += 1
            return returned(call.operation, OK)
        if call.number != self.last + 1:
            return out_of_sequence(*range(self.last + 1, max(call.number, self.last + 2)))(call, lambda: CUT)
        self.accepted[call.number] = call
        return returned(call.operation, OK)

    def _isp_querypreviousupload(self, call: Call) -> Reply:
        last = self.accepted.get(self.last)
        content = last.parameters["beianInfo"] if last else ""
        return returned(
            call.operation, OK, extra=_file("U.xml" if last else "", content, _hash(last) if last else "", self.last)
        )

    def _isp_download(self, call: Call) -> Reply:
        if not self.parcels:
            return returned(call.operation, NOTHING)
        parcel = self.parcels[0]
        return returned(
            call.operation, OK, extra=_file(parcel.name, base64.b64encode(parcel.content).decode(), parcel.hash)
        )

    def _isp_downloadack(self, call: Call) -> Reply:
        name = call.parameters["fileName"]
        if self.parcels and self.parcels[0].name == name:
            self.parcels.pop(0)
            self.acknowledged.append(name)
            return returned(call.operation, OK)
        return returned(call.operation, OK if name in self.acknowledged else 999)


def _hash(call: Call) -> str:
    return call.parameters["beianInfoHash"]


def _file(name: str, content: str, checksum: str, number: int | None = None) -> str:
    sequence = "" if number is None else f"<dataSequence>{number}</dataSequence>"
    return (
        "<fileInfos><hashAlgorithm>0</hashAlgorithm><compressionFormat>0</compressionFormat>"
        f"<encryptAlgorithm>0</encryptAlgorithm>{sequence}<return_FileName>{name}</return_FileName>"
        f"<beianInfo>{content}</beianInfo><beianInfoHash>{checksum}</beianInfoHash></fileInfos>"
    )


def _read(body: bytes) -> Call:
    (wrapper,) = etree.fromstring(body, etree.XMLParser(huge_tree=True)).find(f"{{{SOAP}}}Body")
    parameters = {etree.QName(each).localname: each.text or "" for each in wrapper}
    return Call(etree.QName(wrapper).localname, parameters)


@contextmanager
def scripted_bureau() -> Iterator[ScriptedBureau]:
    """Run a scripted bureau on a port of its own."""
    bureau = ScriptedBureau()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            reply = bureau.answer(_read(self.rfile.read(int(self.headers["Content-Length"]))))
            if reply.cut:
                self.close_connection = True
                return
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: Any) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        bureau.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield bureau
        finally:
            server.shutdown()
