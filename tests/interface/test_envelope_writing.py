"""What the envelopes look like that go out."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from interface import envelope
from interface.envelope import NAMESPACE, SoapVersion


@pytest.mark.parametrize("version", list(SoapVersion))
def test_an_answer_is_a_wrapper_in_the_namespace_with_an_unqualified_return(version: SoapVersion) -> None:
    returned = '<?xml version="1.0" encoding="GBK"?>\r\n<return>操作成功 & ]]> 𠮷</return>'
    written = envelope.answer("isp_upload", returned, version)
    root = etree.fromstring(written.body)
    wrapper = root[0][0]
    assert written.status == 200
    assert root.tag == f"{{{version.namespace}}}Envelope"
    assert re.search(rb"<\w+:Envelope", written.body)
    assert wrapper.tag == f"{{{NAMESPACE}}}isp_uploadResponse"
    assert [child.tag for child in wrapper] == ["return"]
    assert wrapper[0].text == returned


def test_the_content_types_are_exact() -> None:
    assert envelope.answer("x", "").content_type == "text/xml; charset=utf-8"
    assert envelope.answer("x", "", SoapVersion.V12).content_type == "application/soap+xml; charset=utf-8"


@pytest.mark.parametrize(
    ("version", "code", "status", "written"),
    [
        (SoapVersion.V11, "Client", 500, "soap:Client"),
        (SoapVersion.V11, "Server", 500, "soap:Server"),
        (SoapVersion.V11, "VersionMismatch", 500, "soap:VersionMismatch"),
        (SoapVersion.V12, "Client", 400, "soap:Sender"),
        (SoapVersion.V12, "Server", 500, "soap:Receiver"),
        (SoapVersion.V12, "MustUnderstand", 500, "soap:MustUnderstand"),
    ],
)
def test_a_fault_has_the_status_of_its_binding(version: SoapVersion, code: str, status: int, written: str) -> None:
    fault = envelope.fault(code, "不是<调用>", version)
    root = etree.fromstring(fault.body)
    assert fault.status == status
    assert root[0][0].tag == f"{{{version.namespace}}}Fault"
    assert "".join(root[0][0][0].itertext()) == written
    assert "".join(root[0][0][1].itertext()) == "不是<调用>"


def test_characters_that_xml_lacks_do_not_break_the_answer() -> None:
    assert etree.fromstring(envelope.answer("x", "a\x00\x0b\ud800b").body)[0][0][0].text == "a\ufffd\ufffd\ufffdb"
