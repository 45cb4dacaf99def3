"""Envelopes that lie about their encoding, explode, or carry what no parameter should, over a real server.

Each is answered with a fault or a return, leaves a row in the log of calls that says why, and
changes nothing.
"""

from __future__ import annotations

import codecs
import gzip
import re

import pytest

from interface.models import CallLog, ProviderAccount, Upload
from tests.hostile import wire
from tests.interface import calling
from tests.interface.calling import credentials, upload_parameters
from tests.interface.serving import Server

pytestmark = [pytest.mark.django_db(transaction=True)]
TYPE = "Content-Type: text/xml"


def text(account: ProviderAccount, **changes: str) -> str:
    """An upload's envelope as text, without a declaration."""
    given = credentials(account) | upload_parameters(1) | changes
    return calling.envelope("isp_upload", given).decode().partition("?>")[2].strip()


def declared(encoding: str) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?>\n'


def send(server: Server, body: bytes, *lines: str) -> wire.Answer:
    start = f"POST {wire.PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
    return wire.exchange(server.port, (start + "".join(f"{line}\r\n" for line in lines) + "\r\n").encode(), body)


# name → what is declared, what is true, what HTTP says; None: no such thing.
HONEST = {
    "gbk": ("GBK", "gbk", None),
    "gb2312": ("gb2312", "gb2312", None),
    "gb18030": ("GB18030", "gb18030", None),
    "gb18030 called gbk": ("GBK", "gb18030", None),
    "utf-8": ("UTF-8", "utf-8", "utf-8"),
    "utf-8 with a mark": ("UTF-8", "utf-8-sig", None),
    "utf-8 with a mark, called gbk": ("GBK", "utf-8-sig", None),
    "utf-16 with a mark": ("UTF-16", "utf-16", None),
    "utf-16 called utf-8 by http": ("UTF-16", "utf-16", "utf-8"),
    "http is right and the declaration is not": ("GBK", "utf-8", "UTF-8"),
    "http in quotes": ("UTF-8", "utf-8", '"utf-8"'),
}
LYING = {
    "gbk called utf-8": ("UTF-8", "gbk", None),
    "gbk, and nothing said": (None, "gbk", None),
    "gbk called utf-8 by http": ("GBK", "gbk", "utf-8"),
    "utf-8 called utf-16": ("UTF-8", "utf-8", "utf-16"),
    "hz": ("HZ-GB-2312", "hz", None),
    "hz called gbk, with a tilde": ("HZ", "hz", None),
    "utf-7": ("UTF-7", "utf-7", None),
    "utf-32": ("UTF-32", "utf-32", None),
    "ebcdic": ("cp037", "cp037", None),
    "unknown": ("x-unheard-of", "utf-8", None),
    "a codec of Python's": ("rot13", "utf-8", None),
    "a codec of Python's by http": ("UTF-8", "utf-8", "zlib_codec"),
    "a path": ("../../etc/passwd", "utf-8", None),
    "latin-1": ("ISO-8859-1", "utf-8", None),
}


def encoded(account: ProviderAccount, said: str | None, true: str, http: str | None) -> tuple[bytes, str]:
    name = "用户名" if true not in ("cp037",) else "user"
    written = (declared(said) if said else "") + text(account, userName=name)
    return written.encode(true), TYPE + (f"; charset={http}" if http else "")


@pytest.mark.parametrize("how", HONEST.values(), ids=HONEST)
def test_what_can_be_read_is_read(server: Server, account: ProviderAccount, how: tuple[str, str, str | None]) -> None:
    account.user_name = "用户名"
    account.save()
    answer = send(server, *encoded(account, *how))
    assert (answer.status, answer.code) == (200, 0)


@pytest.mark.parametrize("how", LYING.values(), ids=LYING)
def test_what_lies_about_its_encoding_gets_a_fault_or_a_refusal(
    server: Server, account: ProviderAccount, how: tuple[str | None, str, str | None]
) -> None:
    account.user_name = "用户名"
    account.save()
    answer = send(server, *encoded(account, *how))
    assert answer.is_fault or answer.code == 4
    refused_and_explained(answer)


def refused_and_explained(answer: wire.Answer) -> None:
    assert answer.is_fault or (answer.is_return and answer.code != 0)
    assert answer.seconds < 20
    log = CallLog.objects.latest("id")
    assert CallLog.objects.count() == 1
    assert log.reason
    assert "系统内部错误" not in log.reason
    assert not Upload.objects.exists()


ENTITIES = "".join(f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};">' for n in range(1, 40))
XXE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def into(envelope: str, where: str, what: str) -> str:
    return re.sub(f"(<[^<>]*{where}[^<>]*>)", lambda found: found.group(1) + what, envelope, count=1)


def nested(depth: int) -> str:
    return "<a>" * depth + "</a>" * depth


EXPLODING = {
    "a document type": lambda e: "<!DOCTYPE a>" + e,
    "an external entity": lambda e: XXE + into(e, "Body", "&x;"),
    "an entity bomb": lambda e: f'<!DOCTYPE a [<!ENTITY a0 "x">{ENTITIES}]>' + into(e, "Body", "&a39;"),
    "a parameter entity": lambda e: '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/">%p;]>' + e,
    "a document type of three megabytes": lambda e: "<!DOCTYPE a [" + '<!ENTITY x "y">' * 200_000 + "]>" + e,
    "an entity nobody declared": lambda e: into(e, "Body", "&nobody;"),
    "a million deep": lambda e: into(e, "Body", nested(1_000_000)),
    "a million wide": lambda e: into(e, "isp_upload", "<a/>" * 1_000_000),
    "a million attributes": lambda e: into(e, "Body", "<a " + " ".join(f'a{n}="x"' for n in range(1_000_000)) + "/>"),
    "an attribute of twenty megabytes": lambda e: into(e, "Body", f'<a b="{"x" * 20_000_000}"/>'),
    "three hundred thousand namespaces": lambda e: into(
        e, "Body", "<a " + " ".join(f'xmlns:n{n}="urn:{n}"' for n in range(300_000)) + "/>"
    ),
    "a name of twenty megabytes": lambda e: into(e, "Body", f"<{'x' * 20_000_000}/>"),
    "a comment of twenty megabytes": lambda e: into(e, "Body", f"<!--{'x' * 20_000_000}-->") + "<",
    "a million comments": lambda e: into(e, "Body", "<!---->" * 1_000_000) + "<",
    "a million instructions": lambda e: into(e, "Body", "<?a?>" * 1_000_000) + "<",
    "white space of a hundred megabytes": lambda e: into(e, "Body", " " * 104_857_600),
    "text between the parameters": lambda e: into(e, "isp_upload", "x" * 20_000_000) + "<",
    "a thousand bodies": lambda e: into(e, "Envelope", "<soapenv:Body/>" * 1_000),
    "a parameter within a parameter": lambda e: into(e, "ispID", "<ispID>1</ispID>"),
    "two operations": lambda e: into(e, "Body", '<q:isp_download xmlns:q="http://webservice.ispinterface/"/>'),
    "two envelopes": lambda e: e + e,
    "nothing but the envelope": lambda e: '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>',
    "an envelope of nobody's": lambda e: e.replace("schemas.xmlsoap.org/soap", "soap.example"),
    "an inclusion": lambda e: into(
        e, "Body", '<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    ),
    "a CDATA that does not end": lambda e: into(e, "ispID", "<![CDATA["),
    "a character that XML has not": lambda e: into(e, "ispID", "&#0;"),
    "half a surrogate": lambda e: into(e, "ispID", "&#xD800;"),
    "a control character": lambda e: into(e, "ispID", "\x01"),
}


@pytest.mark.parametrize("change", EXPLODING.values(), ids=EXPLODING)
def test_what_explodes_is_refused_in_bounded_time_and_memory(
    server: Server, account: ProviderAccount, change: object
) -> None:
    before = server.peak_memory()
    answer = send(server, change(text(account)).encode(), TYPE)  # type: ignore[operator]
    refused_and_explained(answer)
    assert b"root:" not in answer.body
    assert server.peak_memory() - before < 60 * 2**20


@pytest.mark.parametrize("name", ["gzip", "deflate", "br"])
def test_a_compressed_body_is_no_call(server: Server, account: ProviderAccount, name: str) -> None:
    refused_and_explained(send(server, gzip.compress(b" " * 50_000_000), TYPE, f"Content-Encoding: {name}"))


# name → parameters of an upload that are changed, and the codes that may answer.
STRANGE: dict[str, tuple[dict[str, str], set[int]]] = {
    "a very long ispID": ({"ispID": "4" * 1_000_000}, {4}),
    "an ispID in full-width digits": ({"ispID": "４４００００００００９０１"}, {4}),
    "an ispID with an underscore": ({"ispID": "440_000_000_901"}, {4}),
    "an ispID beyond 64 bits": ({"ispID": str(2**64)}, {4}),
    "an ispID of SQL": ({"ispID": "440000000901' OR 1=1 --"}, {4}),
    "a user beyond GBK": ({"userName": "𠮷\U0001f600"}, {4, 5}),
    "a random value of other letters": ({"randVal": "随机数随机数随机数随机数随机数随机数随机"}, {999, 16, 4, 5}),
    "a random value too short": ({"randVal": "x"}, {999, 16, 4, 5}),
    "a random value beyond GBK": ({"randVal": "\U0001f600" * 20}, {999, 16, 4, 5}),
    "a random value of ten megabytes": ({"randVal": "x" * 10_000_000}, {999, 16, 4, 5}),
    "no base64 as proof": ({"pwdHash": "=" * 24}, {5}),
    "a proof of letters beyond ASCII": ({"pwdHash": "密" * 24}, {5}),
    "a proof in hex": ({"pwdHash": "0" * 32}, {5}),
    "a negative number": ({"dataSequence": "-1"}, {999, 14, 16}),
    "number zero": ({"dataSequence": "0"}, {999, 14, 16}),
    "a number beyond 64 bits": ({"dataSequence": str(2**63)}, {999, 14, 16}),
    "the last number of 64 bits": ({"dataSequence": str(2**63 - 1)}, {14}),
    "a number of a thousand digits": ({"dataSequence": "9" * 1000}, {999, 14, 16}),
    "a number with a point": ({"dataSequence": "1.0"}, {999, 14, 16}),
    "a number in another script": ({"dataSequence": "١"}, {999, 14, 16}),
    "an unknown algorithm": ({"encryptAlgorithm": "7"}, {9}),
    "an algorithm beyond 64 bits": ({"hashAlgorithm": str(2**70)}, {10}),
    "a compression of letters": ({"compressionFormat": "zip"}, {11}),
    "a hash of another": ({"beianInfoHash": "AAAAAAAAAAAAAAAAAAAAAA=="}, {7}),
    "no base64": ({"beianInfo": "*" * 400}, {7}),
    "base64 of nothing": ({"beianInfo": ""}, {7, 8, 16}),
    "padding in the middle": ({"beianInfo": "QQ==" * 1000}, {7}),
    "encrypted, it says": ({"encryptAlgorithm": "1"}, {6}),
}


@pytest.mark.parametrize(("changes", "codes"), STRANGE.values(), ids=STRANGE)
def test_strange_parameters_have_their_code(
    server: Server, account: ProviderAccount, changes: dict[str, str], codes: set[int]
) -> None:
    answer = send(server, text(account, **changes).encode(), TYPE)
    assert answer.is_return
    assert answer.code in codes
    refused_and_explained(answer)


def test_many_unknown_parameters_are_refused_and_a_few_ignored(server: Server, account: ProviderAccount) -> None:
    few = {f"extra{number}": "x" for number in range(50)}
    many = {f"extra{number}": "x" for number in range(2000)}
    assert send(server, text(account, **few).encode(), TYPE).code == 0
    assert send(server, text(account, **many).encode(), TYPE).is_fault


@pytest.mark.parametrize("name", ["ispID", "pwdHash", "beianInfo", "dataSequence"])
def test_a_parameter_that_comes_twice_is_named(server: Server, account: ProviderAccount, name: str) -> None:
    twice = text(account).replace(f"<{name}>", f"<{name}>1</{name}><{name}>")
    answer = send(server, twice.encode(), TYPE)
    assert answer.code == 999
    assert name in CallLog.objects.get().reason


def test_the_log_of_calls_holds_no_secret(server: Server, account: ProviderAccount) -> None:
    """Neither the rows nor the server's own log repeat the proof, the payload or what is no call."""
    secret = "Mark3rSecretThatNobodyMaySee"
    for changes in ({"pwdHash": secret}, {"beianInfo": secret}, {"beianInfoHash": secret}, {"randVal": secret[:20]}):
        send(server, text(account, **changes).encode(), TYPE)
    send(server, f"<{secret}".encode(), TYPE)
    send(server, codecs.BOM_UTF16_LE + secret.encode(), TYPE)
    rows = "".join(CallLog.objects.values_list("reason", flat=True))
    assert secret[:20] not in rows
    assert secret[:20] not in server.log.read_text(errors="replace")
