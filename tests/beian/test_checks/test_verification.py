"""When a request needs somebody in person, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from beian.checks import Facts
from beian.checks.verification import OF_THE_BUREAU, PARTS, Level, Part, Verification, verification
from beian.records import CancellationRecord, Cancelled, FilingRecord, NameRecord, NewAccessRecord
from beian.records.applied import applied
from beian.records.differences import COMPARED, LISTS
from tests import builders
from tests.beian.filed import CALLER, SPONSOR, on_file
from tests.builders import changed

REQUIRED, ADVISABLE, KEEP_TRUE = Level
ORGANISATION = changed(on_file(), "websites.0.approvals", (builders.approval(1),))
PERSON = replace(ORGANISATION, sponsor=replace(builders.sponsor(1, organisation=False), number=SPONSOR))
FIRST = str(ORGANISATION.websites[0].number)


def parts(record: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Walk all that can differ in a record; the first object of each list stands for all."""
    for name in COMPARED[type(record)]:
        value = getattr(record, name)
        if name in LISTS.get(type(record), {}):
            yield (*path, name, "0")
            yield from parts(value[0], (*path, name, "0"))
        elif type(value) in COMPARED:
            yield from parts(value, (*path, name))
        else:
            yield (*path, name)


def starred(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("*" if step == "0" else step for step in path)


def at(record: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        record = record[int(step)] if isinstance(record, tuple) else getattr(record, step)
    return record


def what(filing: FilingRecord, path: str, value: Any, facts: Facts) -> Verification:
    return verification(filing, changed(filing, path, value), facts)


PARTS_OF_A_FILING = list(parts(ORGANISATION))
# Another kind or number makes it another approval; whole objects have tests of their own.
FIELDS = [
    path
    for path in PARTS_OF_A_FILING
    if starred(path) in PARTS and path[-1] not in ("0", "kind", "approval_number", "provider")
]


def test_every_part_of_a_filing_has_its_rule() -> None:
    assert {starred(path) for path in PARTS_OF_A_FILING} == set(PARTS) | OF_THE_BUREAU
    assert not set(PARTS) & OF_THE_BUREAU


@pytest.mark.parametrize("filing", [ORGANISATION, PERSON], ids=["organisation", "person"])
@pytest.mark.parametrize("path", FIELDS, ids=".".join)
def test_each_field_that_changes_is_told_with_its_level(
    filing: FilingRecord, path: tuple[str, ...], facts: Facts
) -> None:
    part: Part = PARTS[starred(path)]
    old = at(filing, path)
    value = _other(old, path[-1])
    found = what(filing, ".".join(path), value, facts)
    (reason,) = found.reasons
    assert reason.level == found.level == part.level_for(filing is PERSON)
    assert reason.words == f"{part.words}{'新增' if old is None else '变更'}"
    assert starred(tuple("0" if step.isdecimal() or "批" in step else step for step in reason.field)) == starred(path)


def _other(old: Any, field: str) -> Any:
    if field == "scans":
        return (builders.content(b"other"),)
    if isinstance(old, tuple):
        return (77,)
    return old + 1 if isinstance(old, int) else f"{old or ''}另"


@pytest.mark.parametrize(
    ("path", "value", "organisation", "person"),
    [
        ("sponsor.name", "示例新名", REQUIRED, REQUIRED),
        ("sponsor.certificate.type", 12, REQUIRED, REQUIRED),
        ("sponsor.certificate.number", "示例9", REQUIRED, REQUIRED),
        ("sponsor.certificate.address", "示例新址", REQUIRED, ADVISABLE),
        ("sponsor.person.name", "示例新人", REQUIRED, REQUIRED),
        ("sponsor.person.mobile", "16009999999", ADVISABLE, ADVISABLE),
        ("sponsor.address.detail", "示例新路", ADVISABLE, ADVISABLE),
        ("websites.1.person.certificate_number", "示例9", REQUIRED, REQUIRED),
        ("websites.1.person.email", "new@example.cn", ADVISABLE, ADVISABLE),
        ("websites.1.name", "示例新站", ADVISABLE, ADVISABLE),
        ("websites.1.domains", (builders.domain(9),), ADVISABLE, ADVISABLE),
        ("websites.1.accesses.0.ranges", (builders.address_range(9),), KEEP_TRUE, KEEP_TRUE),
        ("websites.1.accesses.0.methods", (1,), KEEP_TRUE, KEEP_TRUE),
    ],
)
def test_what_the_work_plan_says(path: str, value: Any, organisation: Level, person: Level, facts: Facts) -> None:
    assert what(ORGANISATION, path, value, facts).level == organisation
    assert what(PERSON, path, value, facts).level == person


def test_a_reason_names_part_and_field_and_quotes_nobody(facts: Facts) -> None:
    (reason,) = what(ORGANISATION, "websites.0.person.certificate_number", builders.identity_number(77), facts).reasons
    assert str(reason) == "网站粤ICP备2026000001号-1·负责人：证件号码变更"
    assert reason.field == ("websites", FIRST, "person", "certificate_number")


def test_the_gravest_reason_decides_and_stands_first(facts: Facts) -> None:
    after = changed(ORGANISATION, "websites.0.accesses.0.methods", (1,))
    after = changed(changed(after, "sponsor.person.qq", "123456"), "sponsor.person.name", "示例新人")
    found = verification(ORGANISATION, after, facts)
    assert found.level == REQUIRED
    assert [reason.level for reason in found.reasons] == [REQUIRED, ADVISABLE, KEEP_TRUE]
    assert [str(reason) for reason in found.required] == ["主体·负责人：姓名变更"]


@pytest.mark.parametrize(
    ("path", "respelled"),
    [
        ("sponsor.person.certificate_number", lambda old: old.lower() + " "),
        ("sponsor.certificate.number", lambda old: f"{old[:6]}-{old[6:].lower()}"),
        ("sponsor.name", lambda old: old.replace("1", "１")),
        ("websites.0.person.name", lambda old: f"{old[:2]} {old[2:]}"),
    ],
)
def test_an_identity_spelled_otherwise_is_the_same_one(path: str, respelled: Any, facts: Facts) -> None:
    filing = changed(ORGANISATION, "sponsor.person.certificate_number", "44009919600101001X")
    value = respelled(at(filing, tuple(path.split("."))))
    found = what(filing, path, value, facts)
    assert all(reason.words.endswith("写法变更") for reason in found.reasons)
    assert found.level != REQUIRED


def test_a_new_filing_needs_everybody_in_person(facts: Facts) -> None:
    found = verification(None, builders.filing(websites=2), facts)
    assert found.level == REQUIRED
    assert [str(reason) for reason in found.required] == [
        "主体：新增备案",
        "网站示例网站101：新增网站，核验网站负责人",
        "网站示例网站102：新增网站，核验网站负责人",
    ]


def test_a_new_website_needs_its_responsible_person(facts: Facts) -> None:
    found = what(ORGANISATION, "websites", (*ORGANISATION.websites, builders.website(9)), facts)
    (reason,) = found.required
    assert (found.level, reason.field) == (REQUIRED, ("websites", "示例网站9", "person"))


def test_a_new_access_is_only_to_be_kept_true(facts: Facts) -> None:
    name = NameRecord(number=ORGANISATION.websites[0].number)
    after = applied(ORGANISATION, NewAccessRecord(website=name, access=builders.access(9)), CALLER)
    found = verification(ORGANISATION, after, facts)
    assert (found.level, [str(reason) for reason in found.reasons]) == (
        KEEP_TRUE,
        [f"网站粤ICP备2026000001号-1·接入{CALLER}：接入信息新增"],
    )


@pytest.mark.parametrize("what", [Cancelled.SPONSOR, Cancelled.WEBSITE])
def test_taking_away_needs_nobody(what: Cancelled, facts: Facts) -> None:
    number = SPONSOR if what == Cancelled.SPONSOR else ORGANISATION.websites[0].number
    after = applied(ORGANISATION, CancellationRecord(what=what, number=number or 0, reason=1), CALLER)
    assert verification(ORGANISATION, after, facts) == Verification(KEEP_TRUE, ())


def test_where_the_kind_of_sponsor_is_unknown_it_counts_as_an_organisation(facts: Facts) -> None:
    unknown = replace(
        ORGANISATION.sponsor, nature=None, certificate=replace(ORGANISATION.sponsor.certificate, type=999)
    )
    filing = replace(ORGANISATION, sponsor=unknown)
    assert facts.is_person(filing.sponsor) is None
    assert what(filing, "sponsor.certificate.address", "示例新址", facts).level == REQUIRED
