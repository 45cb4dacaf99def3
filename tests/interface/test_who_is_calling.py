"""Authentication: the order of the checks, and what each one says."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
import time_machine
from django.utils import timezone

from beian.result_codes import message
from interface.models import CallLog, ProviderAccount, RegisteredAddress
from tests.interface import calling
from tests.interface.calling import Caller

pytestmark = pytest.mark.django_db


def latest_log() -> CallLog:
    return CallLog.objects.latest("id")


def test_the_right_credentials_are_let_in(caller: Caller) -> None:
    assert caller("isp_download").code == 2
    log = latest_log()
    assert (log.code, log.account, log.isp_id, log.address, log.operation) == (
        2,
        caller.account,
        str(caller.account.isp_id),
        "127.0.0.1",
        "isp_download",
    )
    assert log.request_size > 300


WRONG = {
    16: {"randVal": "tooShort"},
    10: {"hashAlgorithm": "1"},
    4: {"userName": "nobody"},
    5: {"pwdHash": "AAAA"},
}


@pytest.mark.parametrize("code", WRONG)
def test_a_wrong_parameter_has_its_code_and_every_earlier_one_goes_first(caller: Caller, code: int) -> None:
    order = list(WRONG)
    wrong = {name: value for later in order[order.index(code) :] for name, value in WRONG[later].items()}
    answered = caller("isp_download", **wrong)
    assert (answered.code, answered.message) == (code, message(code))
    assert latest_log().code == code


@pytest.mark.parametrize(
    ("missing", "code"), [("randVal", 16), ("ispID", 4), ("userName", 4), ("pwdHash", 5), ("hashAlgorithm", 999)]
)
def test_a_missing_parameter(caller: Caller, missing: str, code: int) -> None:
    answered = caller("isp_download", missing)
    assert answered.code == code
    assert (missing in answered.message) == (code == 999)


@pytest.mark.parametrize("isp_id", ["x", "", "1.5", "9" * 30, "٣"])
def test_an_identifier_that_is_no_number(caller: Caller, isp_id: str) -> None:
    assert caller("isp_download", ispID=isp_id).code == 4


@pytest.mark.parametrize("hash_algorithm", ["", "MD5", "-1", "2"])
def test_an_unknown_hash_algorithm(caller: Caller, hash_algorithm: str) -> None:
    assert caller("isp_download", hashAlgorithm=hash_algorithm).code == 10


@pytest.mark.parametrize("operation", list(calling.PATHS))
def test_both_spellings_of_the_identifier_are_understood(caller: Caller, operation: str) -> None:
    spelt = {"ispId": str(caller.account.isp_id)}
    assert caller(operation, "ispID", pwdHash="AAAA", **spelt).code == 5


def test_a_repeated_parameter_is_named(caller: Caller) -> None:
    answered = caller("isp_download", ispId="1")
    assert answered.code == 999
    assert "ispID" in answered.message


def test_an_unregistered_address_is_13_before_the_password(caller: Caller) -> None:
    caller.address = "10.0.0.7"
    answered = caller("isp_download", pwdHash="AAAA")
    assert answered.code == 13
    assert answered.message == "非本省授权的报备单位，服务器拒绝受理"
    assert "10.0.0.7" in latest_log().reason
    assert "127.0.0.1" in latest_log().reason


def test_a_registered_network_is_enough(caller: Caller) -> None:
    RegisteredAddress.objects.create(account=caller.account, network="10.0.0.0/29")
    caller.address = "10.0.0.7"
    assert caller("isp_download").code == 2
    caller.address = "10.0.0.8"
    assert caller("isp_download").code == 13


def test_the_address_behind_a_trusted_proxy_counts(caller: Caller, environment: Callable[..., None]) -> None:
    import ipaddress

    caller.address = "192.0.2.1"
    body = calling.envelope("isp_download", calling.credentials(caller.account))

    def code() -> int:
        response = caller.post("isp_download", body, HTTP_X_FORWARDED_FOR="127.0.0.1")
        return calling.returned("isp_download", 200, response.content).code

    assert code() == 13
    environment(trusted_proxies=(ipaddress.ip_network("192.0.2.0/24"),))
    assert code() == 2


def test_a_provider_of_another_province_is_13(caller: Caller) -> None:
    elsewhere = calling.account(110000000901, at=calling.bureau(110000))
    assert Caller(elsewhere)("isp_download").code == 13
    assert Caller(elsewhere)("isp_download", userName="nobody").code == 4
    assert Caller(elsewhere, province=110000)("isp_download").code == 2


def test_a_provider_that_nobody_knows_is_4(caller: Caller) -> None:
    assert caller("isp_download", ispID="440000999999").code == 4


def change(account: ProviderAccount, **values: object) -> None:
    ProviderAccount.objects.filter(pk=account.pk).update(**values)


@pytest.mark.parametrize("standing", [{"suspended": True}, {"left_at": timezone.now()}])
def test_who_is_suspended_or_has_left_is_12_before_the_password(caller: Caller, standing: dict[str, object]) -> None:
    change(caller.account, **standing)
    assert caller("isp_download", pwdHash="AAAA").code == 12
    caller.address = "10.0.0.7"
    assert caller("isp_download").code == 13


def test_wrong_passwords_lock_for_a_while(caller: Caller, environment: Callable[..., None]) -> None:
    environment(lock_tries=3, lock_minutes=30)
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        assert [caller("isp_download", pwdHash="AAAA").code for _ in range(4)] == [5, 5, 5, 12]
        assert caller("isp_download").code == 12
    with time_machine.travel(now + datetime.timedelta(minutes=31), tick=False):
        assert caller("isp_download").code == 2


def test_nobody_can_lock_a_provider_out_from_elsewhere(caller: Caller, environment: Callable[..., None]) -> None:
    environment(lock_tries=2)
    caller.address = "10.0.0.7"
    assert [caller("isp_download", pwdHash="AAAA").code for _ in range(5)] == [13] * 5
    caller.address = "127.0.0.1"
    assert caller("isp_download").code == 2


def test_the_right_password_starts_the_counting_anew(caller: Caller, environment: Callable[..., None]) -> None:
    environment(lock_tries=2)
    for _ in range(3):
        assert caller("isp_download", pwdHash="AAAA").code == 5
        assert caller("isp_download").code == 2


def test_a_random_value_may_come_again(caller: Caller) -> None:
    assert [caller("isp_download").code for _ in range(2)] == [2, 2]
    assert caller("isp_downloadack", fileName="a").code == 999


@pytest.mark.usefixtures("_forget_tries")
def test_a_setting_refuses_a_random_value_in_a_different_call(caller: Caller, environment: Callable[..., None]) -> None:
    environment(refuse_reused_randval=True)
    assert [caller("isp_download").code for _ in range(2)] == [2, 2]
    assert caller("isp_downloadack", fileName="a").code == 12
    other = "0therRandomValue4567"
    assert caller("isp_downloadack", fileName="a", randVal=other, pwdHash=calling.proof(random=other)).code == 999


def test_no_permission_at_all_is_19_everywhere(caller: Caller) -> None:
    change(caller.account, may_file_websites=False)
    assert [caller(operation).code for operation in calling.PATHS] == [19] * 6
    change(caller.account, may_file_domains=True)
    assert caller("isp_download").code == 2


def test_maintenance_closes_uploads_or_downloads_only(caller: Caller, environment: Callable[..., None]) -> None:
    environment(maintenance="upload")
    assert (caller.upload(1).code, caller("isp_download").code) == (901, 2)
    environment(maintenance="download")
    assert (caller("isp_upload").code, caller("isp_download").code) == (999, 902)
    environment(maintenance="upload, download")
    assert (caller.upload(1).code, caller("isp_download").code) == (901, 902)
    assert caller("isp_querypreviousupload").code == 0


@pytest.mark.parametrize(
    ("first", "last", "now", "inside"),
    [
        ("08:30", "17:30", "08:30", True),
        ("08:30", "17:30", "17:29", True),
        ("08:30", "17:30", "17:30", False),
        ("08:30", "17:30", "08:29", False),
        ("22:00", "06:00", "23:00", True),
        ("22:00", "06:00", "05:59", True),
        ("22:00", "06:00", "06:00", False),
        ("22:00", "06:00", "12:00", False),
    ],
)
def test_uploads_keep_to_their_hours(caller: Caller, first: str, last: str, now: str, inside: bool) -> None:
    change(caller.account, hours_from=first, hours_to=last)
    with time_machine.travel(f"2026-11-22T{now}:00+08:00", tick=False):
        answered = caller("isp_upload")
        assert caller("isp_download").code == 2
    assert answered.code == (999 if inside else 20)
    if not inside:
        assert answered.message == f"请您在规定的时间段内进行报备，报备时间为：{first}-{last}"


def test_the_log_holds_no_secrets(caller: Caller) -> None:
    caller("isp_download", pwdHash="AAAA")
    caller("isp_verifybamm", baxh="粤ICP备2026000001号", bamm="s3cret!")
    for log in CallLog.objects.all():
        written = f"{log.reason} {log.isp_id} {log.operation}"
        assert calling.PASSWORD not in written
        assert "s3cret!" not in written
        assert calling.proof() not in written
