"""isp_verifybamm: right and wrong, and how often one may guess."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest

from interface import schemas
from tests.interface import calling
from tests.interface.calling import Caller

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_forget_tries")]

PASSWORD = "n3w Pass"
NUMBER = "粤ICP备2026000001号"
DIGEST = hashlib.md5(PASSWORD.encode()).hexdigest()


@pytest.fixture
def filed(caller: Caller) -> Caller:
    """A filing with a password is on file."""
    calling.on_file(caller.account, password=PASSWORD)
    return caller


def verify(caller: Caller, password: str, number: str = NUMBER) -> str | int | None:
    answered = caller("isp_verifybamm", baxh=number, bamm=password)
    assert schemas.operation_return("isp_verifybamm").validate(answered.root)
    return answered.text("VerifyRes") if answered.code == 0 else answered.code


@pytest.mark.parametrize("number", [NUMBER, f"{NUMBER}-1", "粤icp备 2026000001 号-12"])
@pytest.mark.parametrize("password", [PASSWORD, DIGEST, DIGEST.upper()])
def test_the_right_password_in_any_form(filed: Caller, number: str, password: str) -> None:
    assert verify(filed, password, number) == "0"


@pytest.mark.parametrize("password", ["", "wrong", "0" * 32, DIGEST[:31], "密码"])
def test_a_wrong_password(filed: Caller, password: str) -> None:
    assert verify(filed, password) == "1"


@pytest.mark.parametrize("number", ["粤ICP备2026000002号", "", "nonsense"])
def test_an_unknown_number_is_answered_alike(filed: Caller, number: str) -> None:
    assert verify(filed, PASSWORD, number) == "1"


def test_a_filing_without_a_password_matches_nothing(caller: Caller) -> None:
    calling.on_file(caller.account)
    assert verify(caller, "") == "1"


def test_five_wrong_tries_are_allowed(filed: Caller) -> None:
    assert [verify(filed, "wrong", number) for number in (NUMBER, f"{NUMBER}-1") * 3] == ["1"] * 5 + [22]
    assert verify(filed, PASSWORD) == 22
    answered = filed("isp_verifybamm", baxh=NUMBER, bamm=PASSWORD)
    assert answered.message == "备案密码校验超过5次，请仔细核对备案密码"
    assert verify(filed, "wrong", "粤ICP备2026000002号") == "1"


def test_right_ones_do_not_count(filed: Caller) -> None:
    assert [verify(filed, PASSWORD) for _ in range(8)] == ["0"] * 8


def test_all_providers_together_have_a_limit_too(filed: Caller, environment: Callable[..., None]) -> None:
    environment(password_tries=2, password_tries_overall=3)
    other = Caller(calling.account(440000000902))
    assert [verify(filed, "wrong") for _ in range(3)] == ["1", "1", 22]
    assert [verify(other, "wrong") for _ in range(2)] == ["1", 22]
    assert "超过3次" in other("isp_verifybamm", baxh=NUMBER, bamm="x").message


@pytest.mark.parametrize("name", ["baxh", "bamm"])
def test_a_missing_parameter_is_named(filed: Caller, name: str) -> None:
    answered = filed("isp_verifybamm", name, baxh=NUMBER, bamm=PASSWORD)
    assert answered.code == 999
    assert answered.message.endswith(name)
