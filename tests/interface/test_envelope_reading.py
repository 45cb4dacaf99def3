"""Reading calls out of envelopes: what clients send in the wild, and what attackers do."""

from __future__ import annotations

import base64
import io
import tracemalloc

import pytest

from interface import soap
from interface.envelope import NAMESPACE, SoapVersion
from interface.soap import Call, Limits, NotACall, read_call

V11, V12 = SoapVersion.V11.namespace, SoapVersion.V12.namespace
ALIASES = {"ispId": "ispID"}


def envelope(inner: str, namespace: str = V11, header: str = "") -> str:
    return f'<s:Envelope xmlns:s="{namespace}">{header}<s:Body>{inner}</s:Body></s:Envelope>'


def wrapped(parameters: str, operation: str = "isp_download") -> str:
    return envelope(f'<{operation} xmlns="{NAMESPACE}">{parameters}</{operation}>')


class Trickle(io.BytesIO):
    """Gives seven bytes at a time, like a slow network."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(7)


def read(document: str | bytes, **options: object) -> Call:
    data = document.encode() if isinstance(document, str) else document
    with read_call(io.BytesIO(data), aliases=ALIASES, payloads=frozenset({"beianInfo"}), **options) as call:  # type: ignore[arg-type]
        call.contents = {name: spool.open().read() for name, spool in call.payloads.items()}  # type: ignore[attr-defined]
        return call


@pytest.fixture(autouse=True)
def _open_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test hang the payloads' contents on the call, which has slots."""
    monkeypatch.setattr(soap, "Call", type("Call", (Call,), {}))


def refused(document: str | bytes, **options: object) -> NotACall:
    with pytest.raises(NotACall) as caught:
        read(document, **options)
    return caught.value


@pytest.mark.parametrize(
    "parameters",
    [
        '<ispID xmlns="">1</ispID><userName xmlns="">u</userName>',
        "<ispID>1</ispID><userName>u</userName>",
        '<userName xmlns="">u</userName><other xmlns="">?</other><ispId xmlns="">1</ispId>',
        '<ispID xmlns="urn:x"> 1\n</ispID><userName><![CDATA[u]]></userName>',
        "<ispID><!-- a comment -->1</ispID>text between<userName>&#117;</userName>",
    ],
)
def test_parameters_are_read_however_they_are_qualified_ordered_and_spelt(parameters: str) -> None:
    call = read(wrapped(parameters))
    assert call.operation == "isp_download"
    assert call.version is SoapVersion.V11
    assert call.parameters["ispID"] == "1"
    assert call.parameters["userName"] == "u"


def test_soap_12_is_read_too() -> None:
    call = read(envelope(f'<n:isp_download xmlns:n="{NAMESPACE}"/>', V12))
    assert call.version is SoapVersion.V12


def test_a_comment_does_not_hide_text_behind_it() -> None:
    assert read(wrapped("<userName>ab<!-- -->cd<?pi?>ef</userName>")).parameters["userName"] == "abcdef"


def test_an_empty_parameter_was_sent_and_a_nil_one_was_not() -> None:
    nil = 'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"'
    call = read(wrapped(f"<fileName/><userName {nil}/>"))
    assert call.parameters == {"fileName": ""}


@pytest.mark.parametrize(
    "parameters",
    [
        "<userName>a</userName><userName>a</userName>",
        "<beianInfo>AAAA</beianInfo><beianInfo>BBBB</beianInfo>",
    ],
)
def test_a_repeated_parameter_is_told_and_the_first_one_kept(parameters: str) -> None:
    call = read(wrapped(parameters))
    assert len(call.repeated) == 1
    assert call.parameters.get("userName", "a") == "a"


def test_both_spellings_at_once_are_a_repetition() -> None:
    assert read(wrapped("<ispID>1</ispID><ispId>2</ispId>")).repeated == ["ispID"]


@pytest.mark.parametrize(
    ("declaration", "codec", "content_type"),
    [
        ('<?xml version="1.0" encoding="UTF-8"?>', "utf-8", "text/xml; charset=utf-8"),
        ('<?xml version="1.0" encoding="GBK"?>', "utf-8", 'text/xml; charset="UTF-8"'),
        ('<?xml version="1.0" encoding="GBK"?>', "gb18030", "text/xml"),
        ("<?xml version='1.0' encoding='gb2312'?>", "gb18030", ""),
        ("", "gbk", "text/xml; charset=GBK"),
        ("", "utf-8-sig", "text/xml"),
        ("", "utf-16", "text/xml"),
        ("", "utf-8", ""),
    ],
)
def test_the_encoding_is_found(declaration: str, codec: str, content_type: str) -> None:
    name = "吉" if codec == "gbk" else "吉𠮷"
    document = (declaration + wrapped(f"<userName>{name}</userName>")).encode(codec)
    assert read(document, content_type=content_type).parameters["userName"] == name


@pytest.mark.parametrize("name", ["HZ", "UTF-7", "EBCDIC-CP-US", "x-gbk", "ISO-2022-CN"])
def test_other_encodings_are_refused(name: str) -> None:
    assert name in refused(f'<?xml version="1.0" encoding="{name}"?>{wrapped("")}').reason
    assert name in refused(wrapped(""), content_type=f"text/xml; charset={name}").reason


@pytest.mark.parametrize("version", list(SoapVersion))
def test_a_payload_is_decoded_into_a_file(version: SoapVersion) -> None:
    content = bytes(range(256)) * 40_000
    text = base64.encodebytes(content).decode().replace("\n", "&#13;\n")
    body = envelope(f'<isp_upload xmlns="{NAMESPACE}"><beianInfo>{text}</beianInfo></isp_upload>', version.namespace)
    call = read(body)
    assert call.payloads["beianInfo"].valid
    assert call.contents["beianInfo"] == content  # type: ignore[attr-defined]


def test_a_payload_cut_anywhere_is_the_same() -> None:
    content = bytes(range(256)) * 3
    document = wrapped(f"<beianInfo>{base64.b64encode(content).decode()}</beianInfo><userName>乙</userName>")
    with read_call(Trickle(document.encode()), payloads=frozenset({"beianInfo"})) as call:
        assert call.payloads["beianInfo"].open().read() == content
        assert call.parameters == {"userName": "乙"}


@pytest.mark.parametrize("text", ["AAA", "A===", "AA==AA==", "AAA=A", "A-_A", "吉吉吉吉", "AAAA" * 20_000 + "AA==AAAA"])
def test_what_is_not_base64_is_told(text: str) -> None:
    assert not read(wrapped(f"<beianInfo>{text}</beianInfo>")).payloads["beianInfo"].valid


def test_what_follows_the_padding_in_a_later_piece_is_told() -> None:
    text = "AA==" + " " * 100_000 + "AAAA"
    assert not read(wrapped(f"<beianInfo>{text}</beianInfo>")).payloads["beianInfo"].valid


def test_a_payload_over_the_limit_is_read_to_its_end_but_not_kept() -> None:
    document = wrapped(f"<beianInfo>{'AAAA' * 100_000}</beianInfo><userName>u</userName>")
    call = read(document, limits=Limits(payload=100_000))
    assert call.payloads["beianInfo"].overflowed
    assert call.payloads["beianInfo"].size <= 100_000
    assert call.parameters["userName"] == "u"


def test_seventy_megabytes_in_one_element_do_not_stand_in_memory() -> None:
    def pieces() -> io.BufferedIOBase:
        return io.BytesIO(b"QUJD" * (64 * 1024 // 4))

    class Large:
        def __init__(self) -> None:
            start, end = wrapped("<beianInfo>|</beianInfo><userName>u</userName>").encode().split(b"|")
            self.parts = iter([start, *[pieces().read()] * 1_120, end])

        def read(self, size: int, /) -> bytes:
            return next(self.parts, b"")

    told: list[str] = []
    tracemalloc.start()
    try:
        with read_call(
            Large(), payloads=frozenset({"beianInfo"}), on_large=lambda call: told.append(call.operation) is None
        ) as call:
            assert call.payloads["beianInfo"].size == 70 * 2**20 * 3 // 4
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**20
    finally:
        tracemalloc.stop()
    assert told == ["isp_download"]


def test_a_long_parameter_is_cut() -> None:
    call = read(wrapped(f"<userName>{'x' * 100_000}</userName>"))
    assert len(call.parameters["userName"]) == Limits().parameter


@pytest.mark.parametrize(
    "document",
    [
        "",
        "hello",
        "<html/>",
        "{}",
        f'<Envelope xmlns="{V11}"/>',
        envelope(""),
        envelope("<isp_download/>"),
        envelope('<isp_download xmlns="urn:other"/>'),
        envelope(f'<a xmlns="{NAMESPACE}"/><b xmlns="{NAMESPACE}"/>'),
        wrapped("<userName><b/></userName>"),
        wrapped("<beianInfo>AAAA<b/></beianInfo>"),
        wrapped("") + "<more/>",
        wrapped("<userName>")[:-30],
        wrapped("<userName>&undefined;</userName>"),
        wrapped("<userName>\x01</userName>"),
        f'<s:Envelope xmlns:s="{V11}"><s:Body/><s:Body/></s:Envelope>',
        f'<s:Envelope xmlns:s="{V11}"><other/></s:Envelope>',
    ],
)
def test_what_is_no_call_is_refused(document: str) -> None:
    assert refused(document).code == "Client"


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE x>",
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY e "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY % e SYSTEM "file:///etc/passwd">%e;]>',
    ],
)
def test_a_document_type_is_refused_before_it_is_read(doctype: str) -> None:
    assert "DOCTYPE" in refused(doctype + wrapped("<userName>&e;</userName>")).reason


@pytest.mark.parametrize(
    "document",
    [
        wrapped("<x>" + "<y>" * 100 + "</y>" * 100 + "</x>"),
        wrapped("<x/>" * 5_000),
        wrapped("<x " + " ".join(f'xmlns:n{i}="urn:{i}"' for i in range(100_000)) + "/>"),
        wrapped("<x " + "a" * 2_000_000 + '="1"/>'),
        wrapped('<x a="' + "a" * 2_000_000 + '"/>'),
    ],
    ids=["deep", "many", "namespaces", "long-name", "long-attribute"],
)
def test_floods_are_refused(document: str) -> None:
    assert refused(document).code == "Client"


def test_a_body_over_the_limit_is_refused() -> None:
    assert "1000" in refused(wrapped("<x>" + "y" * 200_000 + "</x>"), limits=Limits(body=1000)).reason


def test_the_refusal_speaks_the_version_of_the_sender() -> None:
    assert refused(envelope("", V12)).version is SoapVersion.V12
    assert refused(envelope("", "urn:soap-of-the-future")).code == "VersionMismatch"


@pytest.mark.parametrize(("attributes", "refuses"), [('s:mustUnderstand="1"', True), ('s:mustUnderstand="0"', False)])
def test_a_header_that_must_be_understood_is_refused(attributes: str, refuses: bool) -> None:
    header = f'<s:Header><h xmlns="urn:h" {attributes}><deep><er/></deep></h></s:Header>'
    document = envelope(f'<isp_download xmlns="{NAMESPACE}"/>', header=header)
    if refuses:
        assert refused(document).code == "MustUnderstand"
    else:
        assert read(document).operation == "isp_download"


def test_a_refusal_does_not_repeat_the_document() -> None:
    assert "SECRET" not in refused(wrapped("<pwdHash>SECRET</SECRET>")).reason
