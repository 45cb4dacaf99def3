"""The number on an original is compared with the record's, whichever way a reader types it."""

from __future__ import annotations

import pytest

from enterprise.services.verification_reading import compare
from enterprise.services.verification_sheet import Fact, Subject
from enterprise.verification_form import Of
from tests import builders

NUMBER = builders.identity_number(7)
OTHER = builders.identity_number(8)


def subject(number: str = NUMBER, number_format: str = "identity", name: str = "沈示例") -> Subject:
    facts = (Fact("name", "姓名", name, name),)
    return Subject(
        key="person.0", kind=Of.PERSON, title="", facts=facts, of="", owner_kind=2, owner="1",
        number=number, number_format=number_format,
    )  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        NUMBER,
        f" {NUMBER.lower()} ",
        " ".join([NUMBER[:6], NUMBER[6:14], NUMBER[14:]]),
        f"沈示例,男,汉,19600108,示例路1号,{NUMBER},示例公安局,20200101-20400101",
        f"沈示例\t男\t{NUMBER}",
        NUMBER.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    ],
)
def test_the_number_is_found_however_it_was_read(line: str) -> None:
    reading = compare(line, subject())
    assert reading.agrees, reading.problem
    assert reading.check == NUMBER[-1]


def test_another_persons_card_does_not_agree() -> None:
    reading = compare(OTHER, subject())
    assert not reading.agrees
    assert "与填写的号码不一致：第" in reading.problem


def test_a_wrong_check_digit_is_told_before_a_difference() -> None:
    wrong = NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")
    reading = compare(wrong, subject())
    assert not reading.agrees
    assert f"末位校验码应为{NUMBER[-1]}" in reading.problem


def test_a_line_with_another_name_does_not_agree() -> None:
    assert "姓名" in compare(f"韩示例,男,{NUMBER}", subject()).problem


def test_a_passport_is_compared_as_it_is() -> None:
    assert compare("e12345678", subject("E12345678", "any")).agrees
    assert not compare("E12345679", subject("E12345678", "any")).agrees


def test_what_is_shown_is_masked() -> None:
    reading = compare(NUMBER, subject())
    assert NUMBER[6:14] not in reading.shown


def test_nothing_readable_does_not_agree() -> None:
    assert not compare(";;;", subject()).agrees
