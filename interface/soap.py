"""SOAP envelopes, incoming: a stream of bytes becomes a `Call`, or is refused as none.

The envelope is parsed as it arrives, in pieces. Short parameters are kept as text; the parameters
named in `payloads` are base64-decoded into a temporary file on the way, so that 70 MB in one
element never stand in memory. The operation is the name of the Body's child; SOAPAction is not even
looked at, because clients quote it, omit it, or send "None".

SOAP forbids a document type declaration, so the first one ends the reading before any entity could
be declared. What else a hostile sender may try is bounded by `Limits`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from lxml import etree

from interface.envelope import NAMESPACE, SoapVersion
from interface.spool import Base64Spool

PIECE = 64 * 1024

# libxml2 also accepts encodings that it then decodes to something else (HZ); GB18030 contains the whole GB family.
ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "utf-16": "utf-16",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "cp936": "gb18030",
}
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._-]+)""", re.IGNORECASE)
_FOR_US = {"http://schemas.xmlsoap.org/soap/actor/next", "http://www.w3.org/2003/05/soap-envelope/role/next"}


class Readable(Protocol):
    """Anything that gives at most `size` bytes, and b"" at its end."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a caller may send. A longer parameter is cut: it can match nothing then.

    `payload` counts decoded bytes: what goes beyond is read but not kept, so that the operation can
    still answer in its own words. `silence` bounds the bytes without anything in them that the
    parser could report (a start tag of megabytes).
    """

    body: int = 100 * 1024 * 1024
    payload: int = 53 * 1024 * 1024
    parameter: int = 1024
    depth: int = 32
    elements: int = 1000
    silence: int = 512 * 1024


# What a bureau answers may hold a whole document.
ANSWER_LIMITS = Limits(parameter=100 * 1024 * 1024)


class NotACall(Exception):
    """What arrived is no call; `code` is the fault code of SOAP 1.1, `version` what the sender spoke."""

    def __init__(self, reason: str, *, code: str = "Client", version: SoapVersion = SoapVersion.V11) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code
        self.version = version


@dataclass(slots=True)
class Call:
    """One call: the operation, its parameters by name, and where the payloads lie.

    A parameter that was not sent (or is `xsi:nil`) is missing from both mappings; `repeated` names
    those that were sent more than once. Close it to remove the temporary files.
    """

    operation: str
    version: SoapVersion
    parameters: dict[str, str] = field(default_factory=dict)
    payloads: dict[str, Base64Spool] = field(default_factory=dict)
    repeated: list[str] = field(default_factory=list)

    def close(self) -> None:
        for payload in self.payloads.values():
            payload.close()


@contextmanager
def read_call(
    stream: Readable,
    *,
    content_type: str = "",
    payloads: frozenset[str] = frozenset(),
    aliases: Mapping[str, str] | None = None,
    limits: Limits = Limits(),
    on_large: Callable[[Call], bool] = lambda call: True,
) -> Iterator[Call]:
    """Read one call from `stream`, to be used within a `with` block.

    `aliases` maps other spellings of a parameter to the one it is known by. `on_large` is asked
    when a payload grows beyond what is kept in memory: it may wait, say that the payload is not worth
    keeping, or raise to end the reading. Raises `NotACall`.
    """
    target = _CallReader(payloads, aliases or {}, limits, on_large)
    try:
        _parse(stream, target, content_type, limits)
        yield target.finished()
    finally:
        if target.call:
            target.call.close()


class Faulted(Exception):
    """The other side answered with a fault; `code` is what it calls it, without prefix."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


def read_answer(stream: Readable, operation: str, *, content_type: str = "", limits: Limits = ANSWER_LIMITS) -> str:
    """Read what `operation` returned out of an answer's envelope.

    Raises `Faulted`, and `NotACall` where it is no answer to this operation.
    """
    target = _AnswerReader(frozenset(), {}, limits, lambda call: True)
    _parse(stream, target, content_type, limits)
    if target.fault is not None:
        raise Faulted(*target.fault)
    answer = target.finished()
    if answer.operation != f"{operation}Response" or "return" not in answer.parameters:
        raise NotACall(f"不是{operation}的应答", version=target.version)
    return answer.parameters["return"]


def _parse(stream: Readable, target: _CallReader, content_type: str, limits: Limits) -> None:
    piece = stream.read(PIECE)
    if not piece:
        raise NotACall("请求没有内容")
    parser = _parser(target, _encoding(piece, content_type))
    total = silent = 0
    try:
        while piece:
            total += len(piece)
            if total > limits.body:
                raise NotACall(f"请求超过 {limits.body} 字节", version=target.version)
            before = target.events
            parser.feed(piece)
            silent = 0 if target.events != before else silent + len(piece)
            if silent > limits.silence:
                raise NotACall("请求中有过长的标签", version=target.version)
            piece = stream.read(PIECE)
        parser.close()
    except etree.XMLSyntaxError as error:
        # The parser's own words may quote the document, and with it a password hash: only the place is told.
        raise NotACall(f"请求不是合法的XML（第{error.lineno or 1}行）", version=target.version) from error


def _parser(target: _CallReader, encoding: str | None) -> etree.XMLParser:
    return etree.XMLParser(
        target=cast(Any, target),
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        # Lifts the limit of 10 MB for one text; size and depth are counted here instead.
        huge_tree=True,
    )


def _encoding(start: bytes, content_type: str) -> str | None:
    """Choose the encoding by byte order mark, then HTTP, then the declaration; None leaves UTF-8."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return encoding
    charset, declared = _CHARSET.search(content_type), _DECLARED.match(start[:256])
    name = charset.group(1) if charset else declared.group(1).decode("ascii") if declared else None
    if name is None:
        return None
    if name.lower() not in ENCODINGS:
        raise NotACall(f"不支持字符编码{name}，请使用UTF-8")
    return ENCODINGS[name.lower()]


def _split(tag: str) -> tuple[str | None, str]:
    """Give namespace and local name. The parser lets odd names pass (`a:b:c`); they must not break anything."""
    namespace, closing, name = tag.rpartition("}")
    return (namespace[1:], name) if closing else (None, tag)


class _CallReader:
    """The parser's target: follows Envelope, Header and Body, and collects the parameters of the call."""

    def __init__(
        self,
        payloads: frozenset[str],
        aliases: Mapping[str, str],
        limits: Limits,
        on_large: Callable[[Call], bool],
    ) -> None:
        self.call: Call | None = None
        self.version = SoapVersion.V11
        self.events = 0
        self._payload_names, self._aliases, self._limits, self._on_large = payloads, aliases, limits, on_large
        self._path: list[str] = []
        self._elements = 0
        self._body_seen = False
        self._text: list[str] | None = None
        self._length = 0
        self._spool: Base64Spool | None = None

    def finished(self) -> Call:
        if self.call is None:
            raise self._refusal("Body中没有操作")
        return self.call

    def doctype(self, name: str, public_id: str | None, system: str | None) -> None:
        raise self._refusal("SOAP消息不允许包含DOCTYPE")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.events += 1
        self._elements += 1
        if self._elements > self._limits.elements or len(self._path) >= self._limits.depth:
            raise self._refusal("请求的元素过多或嵌套过深")
        match len(self._path):
            case 0:
                self._start_envelope(tag)
            case 1:
                self._start_section(tag)
            case 2 if self._in_body():
                self._start_operation(tag)
            case 2:
                self._check_header(attributes)
            case 3 if self._in_body():
                self._start_parameter(_split(tag)[1], attributes)
            case _ if self._text is not None or self._spool is not None:
                raise self._refusal("参数中不应有子元素")
        self._path.append(tag)

    def end(self, tag: str) -> None:
        self.events += 1
        self._path.pop()
        if len(self._path) != 3:
            return
        name = _split(tag)[1]
        name = self._aliases.get(name, name)
        if self._text is not None and self.call is not None:
            self.call.parameters[name] = "".join(self._text).strip()
        if self._spool is not None:
            self._spool.finish()
        self._text = self._spool = None

    def data(self, data: str) -> None:
        self.events += 1
        if self._spool is not None:
            self._spool.feed(data)
        elif self._text is not None and self._length < self._limits.parameter:
            self._text.append(data[: self._limits.parameter - self._length])
            self._length += len(data)

    def close(self) -> None:
        """The parser wants one; the result is taken by `finished`."""

    def _refusal(self, reason: str, code: str = "Client") -> NotACall:
        return NotACall(reason, code=code, version=self.version)

    def _in_body(self) -> bool:
        return self._path[1] == f"{{{self.version.namespace}}}Body"

    def _start_envelope(self, tag: str) -> None:
        namespace, name = _split(tag)
        if name != "Envelope":
            raise self._refusal("请求不是SOAP消息")
        version = SoapVersion.of_namespace(namespace)
        if version is None:
            raise self._refusal("不支持的SOAP版本", code="VersionMismatch")
        self.version = version

    def _start_section(self, tag: str) -> None:
        namespace, name = _split(tag)
        if namespace != self.version.namespace or name not in ("Header", "Body"):
            raise self._refusal("Envelope中只能有Header和Body")
        if self._body_seen:
            raise self._refusal("Body之后不应再有内容")
        self._body_seen = name == "Body"

    def _check_header(self, attributes: Mapping[str, str]) -> None:
        """Refuse a header that must be understood: none is."""
        scope = f"{{{self.version.namespace}}}"
        target = attributes.get(f"{scope}actor") or attributes.get(f"{scope}role")
        if attributes.get(f"{scope}mustUnderstand") in ("1", "true") and (not target or target in _FOR_US):
            raise self._refusal("不支持请求中的Header", code="MustUnderstand")

    def _start_operation(self, tag: str) -> None:
        namespace, name = _split(tag)
        if self.call is not None:
            raise self._refusal("Body中只能有一个操作")
        if namespace != NAMESPACE:
            raise self._refusal(f"操作应在命名空间{NAMESPACE}中")
        self.call = Call(name, self.version)

    def _start_parameter(self, name: str, attributes: Mapping[str, str]) -> None:
        assert self.call is not None
        name = self._aliases.get(name, name)
        if attributes.get("{http://www.w3.org/2001/XMLSchema-instance}nil") in ("1", "true"):
            return
        if name in self.call.parameters or name in self.call.payloads:
            self.call.repeated.append(name)
        elif name in self._payload_names:
            call = self.call
            self._spool = Base64Spool(limit=self._limits.payload, on_large=lambda: self._on_large(call))
            self.call.payloads[name] = self._spool
        else:
            self._text, self._length = [], 0


class _AnswerReader(_CallReader):
    """Follows an answer: the response stands where a call does, or a fault in its place."""

    def __init__(
        self,
        payloads: frozenset[str],
        aliases: Mapping[str, str],
        limits: Limits,
        on_large: Callable[[Call], bool],
    ) -> None:
        super().__init__(payloads, aliases, limits, on_large)
        self._in_fault = False
        self._fault_texts: list[str] = []

    @property
    def fault(self) -> tuple[str, str] | None:
        """Code and reason: the first two texts in either version of SOAP."""
        if not self._in_fault:
            return None
        texts = [text.strip() for text in self._fault_texts if text.strip()]
        code, reason, *_ = [*texts, "", ""]
        return code.rpartition(":")[2], reason

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._in_fault:
            self._fault_texts.append("")
            self._path.append(tag)
            return
        super().start(tag, attributes)

    def end(self, tag: str) -> None:
        if self._in_fault:
            self._path.pop()
            return
        super().end(tag)

    def data(self, data: str) -> None:
        if self._in_fault and self._fault_texts:
            self._fault_texts[-1] += data
        super().data(data)

    def _start_operation(self, tag: str) -> None:
        if tag == f"{{{self.version.namespace}}}Fault":
            self._in_fault = True
        else:
            super()._start_operation(tag)
