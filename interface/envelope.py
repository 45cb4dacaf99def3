"""SOAP envelopes, outgoing: answers, faults and (for our own client) calls.

Everything is written as UTF-8. The Envelope element always carries a prefix: one client in the wild
looks for `<prefix:Envelope` by pattern. Nothing here knows what the operations mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from xml.sax.saxutils import escape

NAMESPACE = "http://www.miibeian.gov.cn"

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class SoapVersion(Enum):
    """The two versions of SOAP over HTTP: envelope namespace, content type, status of a client's fault."""

    V11 = ("http://schemas.xmlsoap.org/soap/envelope/", "text/xml; charset=utf-8", 500, "Client", "Server")
    V12 = ("http://www.w3.org/2003/05/soap-envelope", "application/soap+xml; charset=utf-8", 400, "Sender", "Receiver")

    def __init__(self, namespace: str, content_type: str, fault_status: int, sender: str, receiver: str) -> None:
        self.namespace = namespace
        self.content_type = content_type
        self.sender_fault_status = fault_status
        self.fault_codes = {"Client": sender, "Server": receiver}

    @classmethod
    def of_namespace(cls, namespace: str | None) -> SoapVersion | None:
        """Give the version whose envelopes stand in `namespace`, if there is one."""
        return next((version for version in cls if version.namespace == namespace), None)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A finished envelope: what to send, under which content type and status."""

    body: bytes
    content_type: str
    status: int = 200


def answer(operation: str, returned: str, version: SoapVersion = SoapVersion.V11) -> Envelope:
    """Wrap the returned string of `operation` as its response."""
    wrapper = f"{operation}Response"
    inner = f'<ns:{wrapper} xmlns:ns="{NAMESPACE}"><return>{_text(returned)}</return></ns:{wrapper}>'
    return Envelope(_enveloped(inner, version), version.content_type)


def fault(code: str, reason: str, version: SoapVersion = SoapVersion.V11) -> Envelope:
    """Say that there was no call to answer.

    `code` is the SOAP 1.1 name: "Client", "Server", "MustUnderstand" or "VersionMismatch"; 1.2 calls
    the first two Sender and Receiver. The status is the one that the HTTP binding prescribes.
    """
    name = version.fault_codes.get(code, code)
    inner = _fault_11(name, reason) if version is SoapVersion.V11 else _fault_12(name, reason)
    status = version.sender_fault_status if code == "Client" else 500
    return Envelope(_enveloped(inner, version), version.content_type, status)


def _fault_11(code: str, reason: str) -> str:
    return f"<soap:Fault><faultcode>soap:{code}</faultcode><faultstring>{_text(reason)}</faultstring></soap:Fault>"


def _fault_12(code: str, reason: str) -> str:
    return (
        f"<soap:Fault><soap:Code><soap:Value>soap:{code}</soap:Value></soap:Code>"
        f'<soap:Reason><soap:Text xml:lang="zh">{_text(reason)}</soap:Text></soap:Reason></soap:Fault>'
    )


def call(operation: str, parameters: Iterable[tuple[str, str]], version: SoapVersion = SoapVersion.V11) -> Envelope:
    """Write a call of `operation`, its parameters unqualified and in the order given."""
    inner = "".join(f"<{name}>{_text(value)}</{name}>" for name, value in parameters)
    wrapped = f'<ns:{operation} xmlns:ns="{NAMESPACE}">{inner}</ns:{operation}>'
    return Envelope(_enveloped(wrapped, version), version.content_type)


def _enveloped(inner: str, version: SoapVersion) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<soap:Envelope xmlns:soap="{version.namespace}"><soap:Body>{inner}</soap:Body></soap:Envelope>'
    ).encode()


def _text(value: str) -> str:
    """Escape character data; a bare CR would reach the reader as LF, and some characters XML does not have."""
    return escape(_UNWRITABLE.sub("\ufffd", value), {"\r": "&#13;"})
