"""How the numbers of certificates are written: one function a format, naming what is wrong.

Which certificate type has which format stands in the code table (`number_format`).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

from stdnum.cn import ric

from beian.checks.base import Facts
from beian.checks.keys import compact, is_credit_code

NUMBER_LIMIT = 128
"""Characters of a certificate number that a download document can carry."""

IDENTITY_FORMATS = frozenset({"identity", "residence"})
"""Formats whose faults are 1015 and not 1008."""

_RESIDENTS_FROM = frozenset({"81", "82", "83"})
_ORGANISATION_CODE = re.compile(r"[0-9A-Z]{8}[0-9X]")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_OLD_LICENCE = re.compile(r"\d{13}|\d{15}")
_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
_LOOKS_LIKE_CREDIT_CODE = re.compile(r"[0-9A-Z]{18}")


def fault_of(number: str, number_format: str, facts: Facts) -> str | None:
    """Say in Chinese why a certificate number of this format is wrong, `None` where it is right.

    Judged in its compact form: full-width characters, blanks and hyphens do not matter.
    """
    number = compact(number)
    if not any(character.isalnum() for character in number):
        return "证件号码没有内容"
    return FORMATS[number_format](number, facts)


def masked(number: str) -> str:
    """Write a person's certificate number with its middle hidden."""
    number = compact(number)
    return number if len(number) < 11 else f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"


def _identity(number: str, facts: Facts) -> str | None:
    """A resident identity number (GB 11643): 18 characters, province, date of birth, check digit.

    The county is not judged: it is the one where the card was first issued, often abolished since.
    """
    return _shape_of_identity(number) or _province_of_identity(number, facts) or _birth_and_check(number, facts)


def _residence(number: str, facts: Facts) -> str | None:
    """A residence permit of Hong Kong, Macao or Taiwan residents: an identity number from 81, 82, 83."""
    fault = _shape_of_identity(number)
    if not fault and number[:2] not in _RESIDENTS_FROM:
        fault = f"居住证号码应以81、82或83开头，前两位为“{number[:2]}”"
    return fault or _birth_and_check(number, facts)


def _shape_of_identity(number: str) -> str | None:
    if re.fullmatch(r"\d{15}", number, re.ASCII):
        return "15位的旧身份证号码已停止使用，请填写18位公民身份号码"
    if not re.fullmatch(r"\d{17}[\dX]", number, re.ASCII):
        return f"应为18位：前17位为数字，末位为数字或X；现为{len(number)}位"
    return None


def _province_of_identity(number: str, facts: Facts) -> str | None:
    return None if int(number[:2]) * 10_000 in facts.regions else f"前两位“{number[:2]}”不是省级行政区代码"


def _birth_and_check(number: str, facts: Facts) -> str | None:
    try:
        born = datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return f"出生日期“{number[6:14]}”不存在"
    if not datetime.date(1900, 1, 1) <= born <= facts.today:
        return f"出生日期“{number[6:14]}”不可能"
    return None if ric.calc_check_digit(number) == number[-1] else f"末位校验码“{number[-1]}”不正确"


def _credit_code(number: str, facts: Facts) -> str | None:
    """A unified social credit code (GB 32100): 18 characters with a check character."""
    if len(number) != 18:
        return f"统一社会信用代码应为18位，现为{len(number)}位"
    return None if is_credit_code(number) else "统一社会信用代码的字符或末位校验码不正确"


def _organisation_code(number: str, facts: Facts) -> str | None:
    """An organisation code (GB 11714): eight characters and a check character; or a credit code."""
    if len(number) == 18:
        return _credit_code(number, facts)
    if not _ORGANISATION_CODE.fullmatch(number):
        return "组织机构代码应为8位数字或字母加1位校验码，如“12345678-X”的写法，或18位统一社会信用代码"
    return None if number[-1] == organisation_check(number[:8]) else f"组织机构代码的校验码“{number[-1]}”不正确"


def organisation_check(code: str) -> str:
    """Compute the check character of an organisation code's first eight (GB 11714: letters count from 10)."""
    total = sum(int(character, 36) * weight for character, weight in zip(code, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def _business_licence(number: str, facts: Facts) -> str | None:
    """A business licence: a credit code, or an old registration number: 13 or 15 digits, or in words."""
    if _OLD_LICENCE.fullmatch(number) or _IDEOGRAPH.search(number):
        return None
    if len(number) == 18:
        return _credit_code(number, facts)
    return f"营业执照号码应为18位统一社会信用代码或15位注册号，现为{len(number)}位"


def _organisation(number: str, facts: Facts) -> str | None:
    """Another organisation's certificate: any number, but what has the 18 characters of a credit code is one."""
    return _credit_code(number, facts) if _LOOKS_LIKE_CREDIT_CODE.fullmatch(number) else None


def _any(number: str, facts: Facts) -> str | None:
    """A certificate whose numbers follow no published rule (passports, officers, foreign bodies)."""
    return None


FORMATS: dict[str, Callable[[str, Facts], str | None]] = {
    "identity": _identity,
    "residence": _residence,
    "credit_code": _credit_code,
    "organisation_code": _organisation_code,
    "business_licence": _business_licence,
    "organisation": _organisation,
    "any": _any,
}
