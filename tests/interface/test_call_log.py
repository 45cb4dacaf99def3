"""Whoever a call names finds it in its own log, however early it was refused."""

from __future__ import annotations

import pytest

from interface.models import CallLog, ProviderAccount
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
