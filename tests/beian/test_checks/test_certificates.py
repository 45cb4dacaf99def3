"""Certificate numbers: what is read as right, what is refused, and in which words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from beian.checks import Facts
from beian.checks.certificates import fault_of, masked, organisation_check
from beian.codes import read_table
from tests import builders
from tests.beian.test_checks.conftest import codes, details
from tests.builders import changed


def altered(number: str) -> str:
    """The number with another last character."""
    return number[:-1] + ("1" if number[-1] == "0" else "0")


RIGHT = [
    ("identity", builders.identity_number(7)),
    ("identity", builders.identity_number(7, place="110228")),
    ("identity", "４４００９９" + builders.identity_number(7)[6:]),
    ("identity", builders.identity_number(4).lower()),
    ("residence", builders.identity_number(3, place="810000")),
    ("residence", builders.identity_number(3, place="830000")),
    ("credit_code", builders.credit_code(3)),
    ("credit_code", builders.credit_code(3, kind="N2")),
    ("organisation_code", builders.organisation_code(12345678)),
    ("organisation_code", builders.organisation_code(12345678).replace("-", "")),
    ("organisation_code", builders.credit_code(5)),
    ("business_licence", builders.credit_code(5)),
    ("business_licence", "440099000000001"),
    ("business_licence", "4400990000001"),
    ("business_licence", "企独粤总字第000001号"),
    ("organisation", "粤社证字第0001号"),
    ("organisation", builders.credit_code(5, kind="51")),
    ("any", "E00000001"),
]

WRONG = [
    ("identity", builders.identity_number(7, place="990000"), "省级行政区"),
    ("identity", "44009919600102000", "18位"),
    ("identity", "440099600102000", "15位"),
    ("identity", "440099196002300005", "出生日期“19600230”不存在"),
    ("identity", "44009920990102000X", "不可能"),
    ("identity", "440099196001020006", "校验码"),
    ("identity", "٤٤٠٠٩٩١٩٦٠٠١٠٢٠٠٠٥", "前17位为数字"),
    ("residence", builders.identity_number(3), "81、82或83"),
    ("credit_code", builders.credit_code(3)[:-1], "现为17位"),
    ("credit_code", "I" + builders.credit_code(3)[1:], "不正确"),
    ("credit_code", altered(builders.credit_code(3)), "不正确"),
    ("organisation_code", "00000001-8", "校验码“8”"),
    ("organisation_code", "1234567", "8位"),
    ("business_licence", "44009900000000", "14位"),
    ("organisation", altered(builders.credit_code(5, kind="51")), "不正确"),
    ("any", " - ", "没有内容"),
]


@pytest.mark.parametrize(("number_format", "number"), RIGHT)
def test_right_numbers(number_format: str, number: str, facts: Facts) -> None:
    assert fault_of(number, number_format, facts) is None


@pytest.mark.parametrize(("number_format", "number", "words"), WRONG)
def test_wrong_numbers(number_format: str, number: str, words: str, facts: Facts) -> None:
    fault = fault_of(number, number_format, facts)
    assert fault is not None
    assert words in fault


@given(st.integers(0, 15_000 * 1_000 - 1), st.integers(0, 17), st.integers(1, 9))
def test_any_single_wrong_digit_is_seen(seed: int, position: int, step: int) -> None:
    number = builders.identity_number(seed)
    old = 10 if number[position] == "X" else int(number[position])
    new = (old + step) % (11 if position == 17 else 10)
    changed_number = number[:position] + ("X" if new == 10 else str(new)) + number[position + 1 :]
    assert ric.calc_check_digit(changed_number) != changed_number[-1]


@pytest.mark.parametrize(("code", "check"), [("00000001", "9"), ("D2143569", "X")])
def test_check_characters_of_organisation_codes(code: str, check: str) -> None:
    assert organisation_check(code) == check


def test_every_certificate_type_has_a_format_that_is_known(facts: Facts) -> None:
    for kind in read_table("certificate_type").values():
        fault_of("1", kind.extra["number_format"], facts)


def test_the_county_of_an_identity_number_is_not_judged(facts: Facts) -> None:
    number = builders.identity_number(1, place=builders.NOWHERE)
    assert codes(changed(builders.filing(1), "sponsor.person.certificate_number", number), facts) == []


@pytest.mark.parametrize(("length", "expected"), [(128, []), (129, [1008])])
def test_a_number_of_128_characters_is_the_longest(length: int, expected: list[int], facts: Facts) -> None:
    filing = changed(builders.filing(1), "sponsor.certificate.number", "企" * length)
    assert codes(filing, facts) == expected


def test_messages_do_not_repeat_a_person_s_whole_number(facts: Facts) -> None:
    wrong = "440099196001020006"
    said = details(changed(builders.filing(1), "sponsor.person.certificate_number", wrong), facts)
    assert wrong not in said
    assert masked(wrong) in said
    assert masked(wrong) == "440099********0006"


@pytest.mark.parametrize("kind", [7, 8, 11, 14, 30])
def test_other_papers_of_persons_are_taken_as_they_are(kind: int, facts: Facts) -> None:
    filing = changed(builders.filing(1), "websites.0.person.certificate_type", kind)
    assert codes(changed(filing, "websites.0.person.certificate_number", "E00000001"), facts) == []


def test_a_person_s_wrong_identity_number_is_1015_and_not_1008(facts: Facts) -> None:
    filing = builders.filing(1, organisation=False)
    assert codes(changed(filing, "sponsor.certificate.number", "440099196001020006"), facts) == [1015]


def test_a_person_may_leave_out_nature_name_and_telephone(facts: Facts) -> None:
    filing = builders.filing(1, organisation=False)
    for path in ("sponsor.nature", "sponsor.person.name", "sponsor.person.telephone", "websites.0.person.telephone"):
        filing = changed(filing, path, None)
    assert codes(filing, facts) == []
