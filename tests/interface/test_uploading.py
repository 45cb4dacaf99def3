"""isp_upload and isp_querypreviousupload: codes of the payload, the sequence, what is stored."""

from __future__ import annotations

import base64
import io
import threading
import zipfile
from collections.abc import Callable

import pytest
from django.db import connection

from beian.models import Event
from beian.result_codes import message
from interface import codec, endpoint
from interface.models import CallLog, Upload, UploadState
from interface.services import uploads, waking
from interface.soap import Limits
from tests.interface import calling
from tests.interface.calling import DOCUMENT, KEY, Caller

pytestmark = pytest.mark.django_db
Tasks = list[tuple[str, list[object]]]


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "aes"])
def test_a_document_is_stored_and_can_be_asked_for(caller: Caller, key: object) -> None:
    assert caller.upload(1, key=key).code == 0  # type: ignore[arg-type]
    upload = Upload.objects.get()
    assert uploads.open_document(upload).read() == DOCUMENT
    assert (upload.sequence, upload.file_name, upload.document_size) == (1, "a.xml", len(DOCUMENT))
    file = caller("isp_querypreviousupload").root.find("fileInfos")
    assert [child.tag for child in file] == [
        "hashAlgorithm",
        "compressionFormat",
        "encryptAlgorithm",
        "dataSequence",
        "return_FileName",
        "beianInfo",
        "beianInfoHash",
    ]
    sent = calling.upload_parameters(1, key=key)  # type: ignore[arg-type]
    assert file.findtext("beianInfo") == sent["beianInfo"]
    assert file.findtext("beianInfoHash") == sent["beianInfoHash"]
    assert file.findtext("encryptAlgorithm") == sent["encryptAlgorithm"]
    assert file.findtext("dataSequence") == "1"


def test_the_stored_bytes_are_encrypted(caller: Caller) -> None:
    caller.upload(1)
    with connection.cursor() as cursor:
        cursor.execute("select content from interface_uploadpiece")
        (stored,) = cursor.fetchone()
    assert b"PK\x03\x04" not in bytes(stored)


def test_before_any_upload_there_is_number_0_and_an_empty_file(caller: Caller) -> None:
    file = caller("isp_querypreviousupload").root.find("fileInfos")
    assert file.findtext("dataSequence") == "0"
    assert file.findtext("beianInfo") == ""
    assert file.findtext("beianInfoHash") == codec.zip_hash(b"")


def test_a_worker_is_woken_after_the_commit(
    caller: Caller, sent_tasks: Tasks, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        caller.upload(1)
        waking.tell()
        assert sent_tasks == []
    waking.tell()
    assert sent_tasks == [("bureau.tasks.process_upload", [caller.account.pk])]


def test_a_broker_that_is_away_does_not_matter(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*args: object, **options: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(waking.celery, "send_task", away)
    uploads.wake_worker(caller.account.pk)
    waking.tell()
    assert caller.upload(1).code == 0


def test_numbers_have_no_gaps(caller: Caller) -> None:
    first = caller.upload(3)
    assert (first.code, first.message) == (14, message(14))
    assert [each.text for each in first.root.iterfind("dataSequences/dataSequence")] == ["1", "2"]
    assert [caller.upload(number, DOCUMENT + b"%d" % number).code for number in (1, 2, 3)] == [0, 0, 0]
    assert Upload.objects.count() == 3


def missing(answered: calling.Returned) -> list[str | None]:
    assert answered.code == 14
    return [each.text for each in answered.root.iterfind("dataSequences/dataSequence")]


def test_the_last_number_with_the_same_hash_is_a_retry(caller: Caller) -> None:
    assert [caller.upload(1).code for _ in range(3)] == [0, 0, 0]
    assert Upload.objects.count() == 1
    assert "未作改变" in CallLog.objects.latest("id").reason


def test_the_last_number_with_another_hash_is_refused_with_the_next_expected(caller: Caller) -> None:
    caller.upload(1)
    assert missing(caller.upload(1, DOCUMENT + b" ")) == ["2"]
    assert "2" in CallLog.objects.latest("id").reason


@pytest.mark.parametrize("sequence", [0, -5, 1])
def test_a_number_of_the_past_is_refused_with_the_next_expected(caller: Caller, sequence: int) -> None:
    caller.upload(1)
    caller.upload(2, DOCUMENT + b" ")
    assert missing(caller.upload(sequence)) == ["3"]


def test_number_0_is_refused_at_the_start_too(caller: Caller) -> None:
    assert missing(caller.upload(0)) == ["1"]


def test_a_number_far_ahead_names_the_first_thousand(caller: Caller) -> None:
    named = missing(caller.upload(2**62))
    assert (named[0], named[-1], len(named)) == ("1", "1000", 1000)


def test_too_many_waiting_are_15_and_a_retry_is_not(caller: Caller, environment: Callable[..., None]) -> None:
    environment(upload_backlog=2)
    documents = [DOCUMENT + b" " * number for number in range(4)]
    assert [caller.upload(number, documents[number]).code for number in (1, 2, 3)] == [0, 0, 15]
    assert caller.upload(2, documents[2]).code == 0
    Upload.objects.filter(sequence=1).update(state=UploadState.PROCESSED)
    assert caller.upload(3, documents[3]).code == 0


def test_the_log_has_the_number_of_what_was_refused_too(caller: Caller) -> None:
    caller.upload(7)
    log = CallLog.objects.latest("id")
    assert (log.code, log.sequence) == (14, 7)
    assert "下一个序号应为1" in log.reason


def test_an_event_says_what_was_received(caller: Caller) -> None:
    caller.upload(1)
    event = Event.objects.get(subject_kind="upload")
    assert (event.verb, event.data["sequence"], event.node) == ("received", 1, caller.account.bureau)
    assert event.correlation == Upload.objects.get().correlation == CallLog.objects.latest("id").correlation


ZIP = codec.pack_zip(DOCUMENT, "a.xml")


def two_files() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("a.xml", b"1")
        file.writestr("b.xml", b"2")
    return buffer.getvalue()


def sealed(zipped: bytes) -> dict[str, str]:
    payload = codec.seal(zipped)
    return {"beianInfo": payload.info, "beianInfoHash": payload.hash}


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"encryptAlgorithm": "2"}, 9),
        ({"encryptAlgorithm": "x"}, 9),
        ({"compressionFormat": "1"}, 11),
        ({"encryptAlgorithm": "1"}, 6),
        ({"encryptAlgorithm": "1", "beianInfo": "not base64"}, 6),
        ({"beianInfo": "not base64"}, 7),
        ({"beianInfo": ""}, 7),
        ({"beianInfoHash": "AAAA"}, 7),
        (sealed(b"no zip"), 8),
        (sealed(two_files()), 17),
        (sealed(codec.pack_zip(bytes(52_428_801), "a.xml")), 18),
        ({"dataSequence": "x"}, 999),
        ({"dataSequence": ""}, 999),
    ],
)
def test_what_is_wrong_with_a_payload_has_its_code(caller: Caller, parameters: dict[str, str], code: int) -> None:
    assert caller.upload(1, **parameters).code == code
    assert not Upload.objects.exists()
    caller.account.refresh_from_db()
    assert caller.account.last_sequence == 0


@pytest.mark.parametrize(
    "name", ["beianInfo", "beianInfoHash", "dataSequence", "encryptAlgorithm", "compressionFormat"]
)
def test_a_missing_parameter_is_named(caller: Caller, name: str) -> None:
    answered = caller("isp_upload", name, **calling.upload_parameters(1))
    assert answered.code == 999
    assert answered.message.endswith(name)


def test_a_payload_beyond_all_bounds_is_18(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "LIMITS", Limits(payload=100))
    assert caller.upload(1).code == 18


def test_line_breaks_in_the_payload_do_not_matter(caller: Caller) -> None:
    wrapped = base64.encodebytes(ZIP).decode().replace("\n", "\r\n")
    assert caller.upload(1, beianInfo=wrapped).code == 0


@pytest.mark.django_db(transaction=True)
def test_the_same_number_sent_twice_at_once_is_stored_once() -> None:
    made = calling.account()
    codes: list[int] = []

    def send(document: bytes) -> None:
        try:
            codes.append(Caller(made).upload(1, document).code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[DOCUMENT + b" " * n]) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [0, 14, 14, 14, 14, 14]
    assert Upload.objects.count() == 1
