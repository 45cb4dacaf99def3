"""isp_querybeianstatus: by domain in any form, by certificate, of this bureau's filings only."""

from __future__ import annotations

import pytest

from beian.models import Domain
from interface import schemas
from tests.interface import calling
from tests.interface.calling import Caller, Returned

pytestmark = pytest.mark.django_db

CHINESE_KEY = "示例一.中国".encode("idna").decode()


def ask(caller: Caller, kind: int | str, condition: str) -> Returned:
    answered = caller("isp_querybeianstatus", queryConditionType=str(kind), queryCondition=condition)
    assert schemas.operation_return("isp_querybeianstatus").validate(answered.root)
    return answered


def status(answered: Returned) -> list[tuple[str, str]]:
    assert answered.code == 0
    return [(child.tag, child.text) for child in answered.root.find("StatusInfo")]


@pytest.mark.parametrize("condition", ["example-one.com.cn", "WWW.Example-One.com.cn", "示例一。中国", CHINESE_KEY])
def test_a_filed_domain_is_told_with_its_website(caller: Caller, condition: str) -> None:
    filing = calling.on_file(caller.account)
    domain = Domain.objects.held_by(caller.account.bureau).first()  # type: ignore[attr-defined]
    chinese = "示例" in condition or condition == CHINESE_KEY
    domain.name, domain.key = ("示例一.中国", CHINESE_KEY) if chinese else ("example-one.com.cn", "example-one.com.cn")
    domain.save()
    assert status(ask(caller, 0, condition)) == [
        ("Cxtjlx", "0"),
        ("Cxtj", condition),
        ("Wzmc", filing.websites[0].name),
        ("Ztbah", filing.sponsor.filing_number),
        ("Wzbah", filing.websites[0].filing_number),
        ("Bazt", "0"),
    ]


def test_a_domain_that_is_not_filed(caller: Caller) -> None:
    assert status(ask(caller, 0, "example-other.cn")) == [("Cxtjlx", "0"), ("Cxtj", "example-other.cn"), ("Bazt", "1")]


@pytest.mark.parametrize("condition", ["com.cn", "not a domain", "....", "198.18.0.1"])
def test_what_is_no_domain_is_not_filed(caller: Caller, condition: str) -> None:
    calling.on_file(caller.account)
    assert status(ask(caller, 0, condition))[-1] == ("Bazt", "1")


def test_a_certificate_is_told_without_websites(caller: Caller) -> None:
    filing = calling.on_file(caller.account)
    certificate = filing.sponsor.certificate
    assert status(ask(caller, certificate.type, certificate.number)) == [
        ("Cxtjlx", str(certificate.type)),
        ("Cxtj", certificate.number),
        ("Ztbah", filing.sponsor.filing_number),
        ("Bazt", "0"),
    ]


def test_an_unknown_certificate_is_not_filed(caller: Caller) -> None:
    calling.on_file(caller.account)
    assert status(ask(caller, 2, "440099199001011234"))[-1] == ("Bazt", "1")


def test_another_bureau_does_not_know_it(caller: Caller) -> None:
    filing = calling.on_file(caller.account)
    elsewhere = Caller(calling.account(110000000901, at=calling.bureau(110000)), province=110000)
    certificate = filing.sponsor.certificate
    assert status(ask(elsewhere, certificate.type, certificate.number))[-1] == ("Bazt", "1")


@pytest.mark.parametrize(
    ("kind", "condition", "name"),
    [
        (12, "12345678", "queryConditionType"),
        (-1, "12345678", "queryConditionType"),
        ("x", "12345678", "queryConditionType"),
        (0, "abc", "queryCondition"),
        (0, "x" * 256, "queryCondition"),
    ],
)
def test_what_cannot_be_asked_is_999_with_the_name(caller: Caller, kind: int | str, condition: str, name: str) -> None:
    answered = ask(caller, kind, condition)
    assert answered.code == 999
    assert name in answered.message


@pytest.mark.parametrize("name", ["queryConditionType", "queryCondition"])
def test_a_missing_parameter_is_named(caller: Caller, name: str) -> None:
    answered = caller("isp_querybeianstatus", name, queryConditionType="0", queryCondition="example.cn")
    assert answered.code == 999
    assert answered.message.endswith(name)
