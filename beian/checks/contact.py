"""Rules of how to reach people: postal address, telephones, e-mail, MSN, QQ."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from beian.checks.base import Defect, Facts, Scope, quoted, rule
from beian.checks.operations import WITH_WEBSITES
from beian.checks.places import Spot, people, sponsor_person, values_of, website_people
from beian.records import FilingRecord, PersonRecord

_TELEPHONE = re.compile(r"[0-9-]+")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_MAILBOX = re.compile(r"[^@\s]+@[^@\s]+")
_QQ = re.compile(r"[1-9][0-9]{4,11}")


@rule(1007, "Contact details are invalid", scope=Scope.FORM, source="our reading", operations=WITH_WEBSITES)
def contact_invalid(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """A contact is filled in but says nothing: an address detail or a website person's name without letter or digit.

    The published text does not say what 1007 means beside 1009 to 1013, which are about single
    fields; it is used for what those do not cover. The address detail may be left out.
    """
    detail = filing.sponsor.address.detail
    if detail is not None and not _says_something(detail):
        yield Defect(f"详细通信地址{quoted(detail)}没有内容", "主体", "sponsor.address.detail")
    for person in website_people(filing):
        if not _says_something(person.value.name or ""):
            yield person.wrong("网站负责人姓名没有内容", "name")


def _says_something(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _each_value(
    filing: FilingRecord, field: str, word: str, fault_of: Callable[[str], str | None], *, required: bool
) -> Iterator[Defect]:
    """Judge each `;`-joined value of a field of every person; say which of several is wrong."""
    for person in people(filing):
        text = getattr(person.value, field)
        values = values_of(text)
        if not values and (required or text is not None):
            yield person.wrong(f"{word}不能为空", field)
        for index, value in enumerate(values):
            if fault := fault_of(value):
                which = f"第{index + 1}个{word}" if len(values) > 1 else word
                yield person.wrong(f"{which}{quoted(value)}：{fault}", field)


@rule(1009, "E-mail is invalid", scope=Scope.FORM, source="interface, field rules", operations=WITH_WEBSITES)
def email_invalid(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """Each e-mail address has one `@` with something on both sides and no blank. Required."""
    yield from _each_value(filing, "email", "电子邮件地址", _email_fault, required=True)


def _email_fault(value: str) -> str | None:
    return None if _MAILBOX.fullmatch(value) else "应形如 name@example.cn"


@rule(1010, "Office telephone is invalid", scope=Scope.FORM, source="interface, field rules", operations=WITH_WEBSITES)
def telephone_invalid(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """Each office telephone has digits and `-` only, and a digit at least. An organisation's sponsor part needs one.

    A website's person without one is 1031.
    """
    person = sponsor_person(filing)
    if person.value.telephone is None and facts.is_person(filing.sponsor) is False:
        yield person.wrong("单位必须填写主体负责人办公室电话", "telephone")
    yield from _each_value(filing, "telephone", "办公室电话", _telephone_fault, required=False)


def _telephone_fault(value: str) -> str | None:
    if not _TELEPHONE.fullmatch(value):
        return "只能含有数字和“-”"
    return None if value.strip("-") else "没有数字"


@rule(1011, "Mobile number is invalid", scope=Scope.FORM, source="interface, field rules", operations=WITH_WEBSITES)
def mobile_invalid(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """Each mobile number has 11 digits, the first 1, the second 3 to 9. Required; no country code."""
    yield from _each_value(filing, "mobile", "手机号码", _mobile_fault, required=True)


def _mobile_fault(value: str) -> str | None:
    return None if _MOBILE.fullmatch(value) else "应为11位数字，以13至19开头，不加国家代码"


@rule(1012, "MSN account is invalid", scope=Scope.FORM, source="our reading", operations=WITH_WEBSITES)
def msn_invalid(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """An MSN account, where given, is an e-mail address. One account only."""
    yield from _single(filing, "msn", "MSN账号", _MAILBOX, "应为电子邮件地址")


@rule(1013, "QQ number is invalid", scope=Scope.FORM, source="our reading", operations=WITH_WEBSITES)
def qq_invalid(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """A QQ number, where given, has 5 to 12 digits and does not begin with 0. One number only."""
    yield from _single(filing, "qq", "QQ账号", _QQ, "应为5至12位数字，不以0开头")


def _single(filing: FilingRecord, field: str, word: str, shape: re.Pattern[str], fault: str) -> Iterator[Defect]:
    for person in people(filing):
        value = getattr(person.value, field)
        if value is not None and not shape.fullmatch(value.strip()):
            yield person.wrong(f"{word}{quoted(value)}：{fault}", field)


@rule(
    1031,
    "Office telephone of a website's person is missing",
    scope=Scope.FORM,
    source="interface, field rules",
    operations=WITH_WEBSITES,
)
def website_telephone_missing(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
    """Where the sponsor is an organisation, the responsible person of each website has an office telephone."""
    if facts.is_person(filing.sponsor) is False:
        for person in website_people(filing):
            yield from _missing_telephone(person)


def _missing_telephone(person: Spot[PersonRecord]) -> Iterator[Defect]:
    if person.value.telephone is None:
        yield person.wrong("单位网站的负责人必须填写办公室电话", "telephone")
