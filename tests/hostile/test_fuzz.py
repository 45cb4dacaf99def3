"""Whatever is sent through the application is answered in its own words, explained, and changes nothing by mistake.

Payloads are edited too, below their hash: what a zip or a document may turn into. `@example` keeps
what was once found.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bureau.services import intake
from interface import codec
from interface.documents.parsing import DocumentDefect
from interface.documents.upload import read_upload, write_upload
from interface.models import CallLog, ProviderAccount, Upload, UploadState
from tests import builders
from tests.conftest import ISP_ID, make_account
from tests.hostile.wire import PATH
from tests.interface import calling
from tests.uploads import stored_upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]
some = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
few = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

BITS = [b"<", b">", b"&", b'"', b"\0", b"\xff", b"\x81\x30", b"]]>", b"<!DOCTYPE a>", b"&#0;", b"\xef\xbb\xbf", b"</"]
edits = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True), st.integers(0, 12), st.one_of(st.binary(max_size=6), st.sampled_from(BITS))
    ),
    min_size=1,
    max_size=5,
)
TYPES = st.sampled_from(
    ["text/xml", "text/xml; charset=utf-8", "text/xml; charset=GBK", "text/xml; charset=utf-16", "", "a/b; charset=hex",
     "application/soap+xml; charset=utf-8", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"]
)  # fmt: skip
DOCUMENT = write_upload([builders.filing(1)], requesting_provider=ISP_ID, load=lambda sha256: builders.jpeg_bytes())


def edited(data: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for place, length, instead in changes:
        at = int(place * len(data))
        data = data[:at] + instead + data[at + length :]
    return data


@pytest.fixture
def post(guangdong: Any, sent_nothing: None) -> Callable[[bytes, str], Any]:
    """Post a body to the endpoint; an exception that leaves the application fails the test."""
    client = Client()

    def send(body: bytes, content_type: str) -> Any:
        return client.generic("POST", PATH, body, content_type=content_type)

    return send


@pytest.fixture
def sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wake no worker: there is none."""
    monkeypatch.setattr("interface.services.uploads.wake_worker", lambda account_id: None)


@pytest.fixture
def own(guangdong: Any) -> ProviderAccount:
    return make_account(guangdong, ISP_ID, "示例接入商", password=calling.PASSWORD, may_file_websites=True)


def answered_and_explained(response: Any) -> int | None:
    """The code of a return, None for a fault; anything else fails."""
    assert response.status_code in (200, 400, 500)
    log = CallLog.objects.latest("id")
    assert log.reason
    assert "系统内部错误" not in log.reason
    if response.status_code == 200:
        return calling.returned("isp_upload", 200, response.content).code
    assert b":Fault" in response.content
    assert log.code is None
    return None


@some
@given(changes=edits, content_type=TYPES)
@example(changes=[(0.0, 0, b"\xef\xbb\xbf")], content_type="text/xml; charset=GBK")
@example(changes=[(0.0, 0, b"\xff\xfe")], content_type="text/xml")
@example(changes=[(0.5, 0, b"&#0;")], content_type="text/xml")
@example(changes=[(0.99, 12, b"")], content_type="")
def test_an_edited_envelope_is_answered(
    own: ProviderAccount, post: Callable[[bytes, str], Any], changes: Any, content_type: str
) -> None:
    Upload.objects.filter(account=own).delete()
    ProviderAccount.objects.filter(pk=own.pk).update(last_sequence=0, locked_until=None)
    body = calling.envelope("isp_upload", calling.credentials(own) | calling.upload_parameters(1))
    code = answered_and_explained(post(edited(body, changes), content_type))
    assert Upload.objects.filter(account=own).count() == (1 if code == 0 else 0)


values = st.one_of(
    st.text(max_size=40),
    st.integers(-(2**70), 2**70).map(str),
    st.sampled_from(["", " ", "0", "1", "+1", "-0", "1.0", "１", "٣", "\U0001f600", "NaN", "true", "=", "AAAA"]),
)
NAMES = ["ispID", "userName", "randVal", "pwdHash", "hashAlgorithm", "beianInfo", "beianInfoHash", "dataSequence",
         "encryptAlgorithm", "compressionFormat"]  # fmt: skip


@some
@given(changes=st.dictionaries(st.sampled_from(NAMES), values, max_size=4))
@example(changes={"dataSequence": str(2**63 - 1)})
@example(changes={"userName": "\U0001f600"})
@example(changes={"beianInfo": "=", "beianInfoHash": "="})
def test_edited_parameters_are_answered(
    own: ProviderAccount, post: Callable[[bytes, str], Any], changes: dict[str, str]
) -> None:
    Upload.objects.filter(account=own).delete()
    ProviderAccount.objects.filter(pk=own.pk).update(last_sequence=0, locked_until=None)
    sent = calling.credentials(own) | calling.upload_parameters(1) | changes
    try:
        body = calling.envelope("isp_upload", sent)
    except ValueError:  # not a character of XML
        return
    code = answered_and_explained(post(body, "text/xml; charset=utf-8"))
    assert code is not None
    assert Upload.objects.filter(account=own).count() == (1 if code == 0 else 0)


@some
@given(changes=edits)
@example(changes=[(0.001, 4, b"")])
@example(changes=[(0.640625, 1, b" ")])
def test_an_edited_zip_is_taken_whole_or_not(
    own: ProviderAccount, post: Callable[[bytes, str], Any], changes: Any
) -> None:
    """The hash is right each time: only the zip is not."""
    Upload.objects.filter(account=own).delete()
    ProviderAccount.objects.filter(pk=own.pk).update(last_sequence=0)
    zipped = edited(codec.pack_zip(calling.DOCUMENT * 20, "a.xml"), changes)
    given_ = calling.credentials(own) | calling.upload_parameters(1)
    given_["beianInfo"] = base64.b64encode(zipped).decode()
    given_["beianInfoHash"] = base64.b64encode(hashlib.md5(zipped).digest()).decode()
    code = answered_and_explained(post(calling.envelope("isp_upload", given_), "text/xml"))
    assert code in (0, 8, 17, 18)


@some
@given(changes=edits)
@example(changes=[(0.0, 0, b"\xff\xfe")])
@example(changes=[(0.02, 0, b"\x81\x30")])
@example(changes=[(0.3, 0, b"<!DOCTYPE a>")])
def test_an_edited_document_is_read_or_returned(changes: Any) -> None:
    defect = read(edited(DOCUMENT, changes))
    assert defect is None or (defect.code in (5001, 5004, 5008) and defect.message and defect.line >= 1)


def read(document: bytes) -> DocumentDefect | None:
    """The defect of a document; None where it was read."""
    try:
        read_upload(document, lambda data: builders.content(data))
    except DocumentDefect as defect:
        return defect
    return None


@few
@given(changes=edits)
@example(changes=[])
def test_an_edited_document_is_processed_to_an_end(account: ProviderAccount, changes: Any) -> None:
    """Through the worker: processed or returned, never put off as a failure of ours."""
    upload = stored_upload(account, edited(DOCUMENT, changes))
    intake.drain(account.pk)
    upload.refresh_from_db()
    assert upload.state in (UploadState.PROCESSED, UploadState.RETURNED)
    assert upload.problem == ""
