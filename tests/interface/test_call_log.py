"""Whoever a call names finds it in its own log, however early it was refused."""

from __future__ import annotations

import pytest
from django.db import DatabaseError

from interface import endpoint
from interface.models import CallLog, ProviderAccount, Upload
from interface.services import calls
from tests.interface import calling
from tests.interface.calling import Caller

pytestmark = pytest.mark.django_db


def logged(account: ProviderAccount | None) -> list[int | None]:
    return list(CallLog.objects.filter(account=account).values_list("code", flat=True))


@pytest.mark.parametrize(
    ("code", "wrong"), [(16, {"randVal": "tooShort"}), (10, {"hashAlgorithm": "1"}), (4, {"userName": "nobody"})]
)
def test_a_call_refused_at_the_threshold_stands_with_the_provider_it_names(
    caller: Caller, code: int, wrong: dict[str, str]
) -> None:
    assert caller("isp_download", **wrong).code == code
    assert logged(caller.account) == [code]


def test_a_provider_that_has_no_account_here_has_no_log_here(caller: Caller) -> None:
    elsewhere = calling.account(110000000901, at=calling.bureau(110000))
    assert caller("isp_download", ispID=str(elsewhere.isp_id)).code == 4
    assert logged(elsewhere) == []
    assert logged(None) == [4]


@pytest.mark.parametrize("isp_id", ["", "x", "-1", "9" * 19, "９"])
def test_what_names_nobody_stands_with_nobody(caller: Caller, isp_id: str) -> None:
    caller("isp_download", ispID=isp_id)
    assert logged(None) == [4]


def test_an_accepted_upload_and_its_call_are_stored_together(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls.CallNote, "write", lambda note: None)
    assert caller.upload(1).code == 0
    log = CallLog.objects.get()
    assert (log.code, log.sequence, log.account) == (0, 1, caller.account)
    assert log.request_size > 500


def test_an_accepted_upload_is_logged_once(caller: Caller) -> None:
    caller.upload(1)
    caller.upload(1)
    reasons = list(CallLog.objects.order_by("id").values_list("reason", flat=True))
    assert reasons == ["序号1：已受理，等待处理", "序号1：重发的文件与已受理的相同，未作改变"]


def test_an_upload_whose_call_cannot_be_stored_is_not_accepted(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(note: object, batch: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(calls.CallNote, "write_with", broken)
    assert caller.upload(1).code == 999
    assert not Upload.objects.exists()
    assert logged(caller.account) == [999]


def test_an_answer_that_fails_behind_the_storing_is_logged_besides(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(request: object) -> None:
        upload(request)  # type: ignore[arg-type]
        raise RuntimeError

    upload = endpoint.OPERATIONS["isp_upload"]
    monkeypatch.setitem(endpoint.OPERATIONS, "isp_upload", broken)  # type: ignore[arg-type]
    assert caller.upload(1).code == 999
    assert sorted(logged(caller.account)) == [0, 999]  # type: ignore[type-var]
