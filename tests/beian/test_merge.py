"""Changes, three ways: what the provider last had, what is on file by now, what it asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beian.records import ChangeRecord, FilingRecord, RangeRecord
from beian.records.applied import applied
from beian.records.merging import Merge, merged
from tests import builders
from tests.beian.filed import CALLER, OTHER, change, on_file
from tests.builders import changed

DOMAINS = tuple(builders.domain(n, number=n, provider_id=None) for n in (11, 12, 13))
RANGES = tuple(builders.address_range(n * 10, number=20 + n, provider_id=None) for n in (1, 2, 3))


def base() -> FilingRecord:
    """Two websites, the first with three domains and three ranges; another provider gives access too."""
    filing = on_file(shared=True)
    filing = changed(filing, "websites.0.domains", DOMAINS)
    filing = changed(filing, "websites.0.services", (1, 2, 3))
    return changed(filing, "websites.0.accesses.0.ranges", RANGES)  # type: ignore[no-any-return]


def merge(asked: ChangeRecord, *, filing: FilingRecord, start: FilingRecord | None = None) -> Merge:
    return merged(start or base(), filing, asked, CALLER)


@dataclass(frozen=True)
class Edit:
    """Something done to a filing or to the change of one; edits of different `subject` are independent."""

    subject: str
    do: Callable[[Any], Any]

    def __repr__(self) -> str:
        return self.subject


def put(path: str, value: Any, *, subject: str = "") -> Edit:
    return Edit(subject or path, lambda record: changed(record, path, value))


def edit_list(path: str, subject: str, do: Callable[[tuple[Any, ...]], Iterable[Any]]) -> Edit:
    def edit(record: Any) -> Any:
        found = record
        for step in path.split("."):
            found = found[int(step)] if isinstance(found, tuple) else getattr(found, step)
        return changed(record, path, tuple(do(found)))

    return Edit(f"{path} {subject}", edit)


def _moved(part: RangeRecord) -> RangeRecord:
    return replace(part, first=part.first + 3, last=part.last + 3)


IN_RANGES, IN_DOMAINS = "websites.0.accesses.0.ranges", "websites.0.domains"
EDITS = [
    put("sponsor.name", "示例新名"),
    put("sponsor.superior", "示例新上级"),
    put("sponsor.remark", "示例备注"),
    put("sponsor.certificate.address", "示例新址"),
    put("sponsor.certificate.number", builders.credit_code(55)),
    put("sponsor.address.detail", "示例新路9号"),
    put("sponsor.person.mobile", "16009999999"),
    put("websites.0.name", "示例新站"),
    put("websites.0.home_page", "http://example11.cn/"),
    put("websites.0.person.email", "new@example11.cn"),
    put("websites.0.person.mobile", "16009999998"),
    put("websites.1.person.certificate_number", builders.identity_number(55)),
    put("websites.1.languages", (1, 2)),
    edit_list("websites.0.services", "add 8", lambda codes: (*codes, 8)),
    edit_list("websites.0.services", "remove 2", lambda codes: (code for code in codes if code != 2)),
    edit_list(IN_DOMAINS, "add", lambda found: (*found, builders.domain(19, provider_id=None))),
    edit_list(IN_DOMAINS, "add another", lambda found: (*found, builders.domain(18, provider_id=None))),
    edit_list(IN_DOMAINS, "remove 12", lambda found: (each for each in found if each.number != 12)),
    edit_list(
        IN_DOMAINS,
        "rename 13",
        lambda found: (replace(each, name="example130.cn") if each.number == 13 else each for each in found),
    ),
    edit_list(IN_RANGES, "add", lambda found: (*found, builders.address_range(60, provider_id=None))),
    edit_list(IN_RANGES, "remove 22", lambda found: (each for each in found if each.number != 22)),
    edit_list(IN_RANGES, "move 23", lambda found: (_moved(each) if each.number == 23 else each for each in found)),
    edit_list(
        "websites.1.approvals", "add", lambda found: (*found, builders.approval(3))
    ),
]  # fmt: skip


def edited(record: Any, edits: Iterable[Edit]) -> Any:
    for edit in edits:
        record = edit.do(record)
    return record


def normal(filing: FilingRecord) -> FilingRecord:
    """`filing` with what has no order that means anything in one order."""
    websites = tuple(
        replace(
            website,
            services=tuple(sorted(website.services)),
            domains=tuple(sorted(website.domains, key=lambda domain: domain.name)),
            accesses=tuple(
                replace(access, ranges=tuple(sorted(access.ranges, key=lambda part: part.first)))
                for access in website.accesses
            ),
        )
        for website in filing.websites
    )
    return replace(filing, websites=websites)


some_edits = st.lists(st.sampled_from(EDITS), unique_by=lambda edit: edit.subject, max_size=6)


@st.composite
def independent_edits(draw: st.DrawFn) -> tuple[list[Edit], list[Edit]]:
    """Two lists of edits that have nothing in common."""
    edits = draw(st.lists(st.sampled_from(EDITS), unique_by=lambda edit: edit.subject, max_size=10))
    cut = draw(st.integers(0, len(edits)))
    return edits[:cut], edits[cut:]


@settings(deadline=None)
@given(some_edits)
def test_where_nobody_else_changed_anything_the_change_is_applied(edits: list[Edit]) -> None:
    asked = edited(change(base()), edits)
    found = merge(asked, filing=base())
    assert normal(found.filing) == normal(edited(base(), edits))
    assert found.filing == found.as_asked == applied(base(), asked, CALLER)
    assert (found.both, found.foreign) == ((), ())


@settings(deadline=None)
@given(some_edits)
def test_a_provider_that_leaves_its_copy_as_it_was_undoes_nothing(of_others: list[Edit]) -> None:
    filing = edited(base(), of_others)
    found = merge(change(base()), filing=filing)
    assert found.filing == found.as_asked == filing
    assert found.both == ()


@settings(deadline=None)
@given(independent_edits())
def test_independent_changes_come_together_in_any_order(edits: tuple[list[Edit], list[Edit]]) -> None:
    ours, of_others = edits
    together = normal(edited(base(), [*ours, *of_others]))
    for first, second in ((ours, of_others), (of_others, ours)):
        once = merge(edited(change(base()), first), filing=base())
        twice = merge(edited(change(base()), second), filing=once.filing)
        assert normal(twice.filing) == together
        assert twice.both == ()


@settings(deadline=None)
@given(some_edits, some_edits)
def test_a_change_applied_again_changes_nothing_more(ours: list[Edit], of_others: list[Edit]) -> None:
    asked = edited(change(base()), ours)
    once = merge(asked, filing=edited(base(), of_others))
    assert merge(asked, filing=once.filing).filing == once.filing


@settings(deadline=None)
@given(some_edits)
def test_who_made_the_same_change_is_not_contradicted(edits: list[Edit]) -> None:
    found = merge(edited(change(base()), edits), filing=edited(base(), edits))
    assert found.filing == edited(base(), edits)
    assert found.both == ()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("sponsor.name", "示例他名"),
        ("sponsor.certificate.address", "示例他址"),
        ("sponsor.person.mobile", "16008888888"),
        ("websites.0.name", "示例他站"),
        ("websites.0.person.email", "other@example11.cn"),
        ("websites.0.domains.2.name", "example131.cn"),
    ],
)
def test_what_both_changed_stays_as_on_file_and_is_told(path: str, value: str) -> None:
    ours, theirs = f"{value}1", f"{value}2"
    filing = changed(base(), path, theirs)
    found = merge(changed(change(base()), path, ours), filing=filing)
    assert found.filing == filing
    assert found.as_asked == changed(base(), path, ours)
    (delta,) = found.both
    assert delta.field == path.rpartition(".")[2]
    assert (delta.old, delta.new) == (theirs, ours)
    assert delta.base not in (None, ours, theirs)


def test_half_an_address_of_each_is_no_address() -> None:
    filing = changed(base(), "sponsor.address.city", 440100)
    asked = changed(change(base()), "sponsor.address.detail", "示例新路9号")
    found = merge(asked, filing=filing)
    assert found.filing == filing
    assert {delta.field for delta in found.both} == {"city", "detail"}
    assert found.as_asked.sponsor.address == asked.sponsor.address


def test_two_responsible_persons_are_not_mixed() -> None:
    filing = changed(base(), "sponsor.person.name", "示例甲")
    asked = changed(change(base()), "sponsor.person.certificate_number", builders.identity_number(77))
    found = merge(asked, filing=filing)
    assert found.filing.sponsor.person == filing.sponsor.person
    assert {delta.field for delta in found.both} == {"name", "certificate_number"}


def test_a_new_responsible_person_does_not_get_the_old_ones_telephone() -> None:
    somebody = builders.person(7)
    of_others = changed(base(), "sponsor.person", somebody)
    stale = changed(change(base()), "sponsor.person.mobile", "16009999999")
    found = merge(stale, filing=of_others)
    assert found.filing == of_others
    assert found.as_asked.sponsor.person == stale.sponsor.person
    assert "mobile" in {delta.field for delta in found.both}

    of_others = changed(base(), "sponsor.person.mobile", "16009999999")
    found = merge(changed(change(base()), "sponsor.person", somebody), filing=of_others)
    assert found.filing == of_others
    assert found.as_asked.sponsor.person == somebody


def test_a_person_whom_one_side_alone_replaced_is_replaced() -> None:
    of_others = changed(base(), "sponsor.person", builders.person(7))
    assert merge(change(base()), filing=of_others).filing == of_others
    found = merge(changed(change(base()), "sponsor.person", builders.person(7)), filing=base())
    assert (found.filing, found.both) == (of_others, ())


def test_a_domain_that_others_added_stays_and_one_that_they_removed_stays_away() -> None:
    others = builders.domain(50, number=50, provider_id=None)
    filing = changed(base(), IN_DOMAINS, (DOMAINS[0], DOMAINS[2], others))
    asked = changed(change(base()), IN_DOMAINS, (*DOMAINS[:2], builders.domain(60)))
    found = merge(asked, filing=filing)
    assert found.filing.websites[0].domains == (DOMAINS[0], others, builders.domain(60))
    assert found.both == ()


def test_a_domain_removed_by_others_and_renamed_by_the_provider_is_for_the_reviewer() -> None:
    filing = changed(base(), IN_DOMAINS, DOMAINS[:2])
    found = merge(changed(change(base()), "websites.0.domains.2.name", "example131.cn"), filing=filing)
    assert found.filing == filing
    assert [(each.number, each.name) for each in found.as_asked.websites[0].domains[2:]] == [(None, "example131.cn")]
    (delta,) = found.both
    assert (delta.path[-1], delta.old) == ("13", None)
    assert (delta.base["name"], delta.new["name"]) == ("example13.cn", "example131.cn")


def test_a_domain_renamed_into_one_that_others_put_in_its_place_is_that_one() -> None:
    others = builders.domain(50, number=50, provider_id=None)
    filing = changed(base(), IN_DOMAINS, (*DOMAINS[:2], others))
    found = merge(changed(change(base()), "websites.0.domains.2.name", others.name), filing=filing)
    assert (found.filing, found.as_asked, found.both) == (filing, filing, ())


def test_a_range_moved_by_others_and_removed_by_the_provider_is_for_the_reviewer() -> None:
    filing = changed(base(), f"{IN_RANGES}.1", _moved(RANGES[1]))
    found = merge(changed(change(base()), IN_RANGES, (RANGES[0], RANGES[2])), filing=filing)
    assert found.filing == filing
    assert found.as_asked.websites[0].accesses[0].ranges == (RANGES[0], RANGES[2])
    (delta,) = found.both
    assert (delta.path[-1], delta.new, delta.old["first"]) == ("22", None, RANGES[1].first + 3)


def test_a_domain_is_known_by_its_old_name_also_when_others_renamed_it() -> None:
    filing = changed(base(), "websites.0.domains.2.name", "example131.cn")
    nameless = tuple(replace(domain, number=None) for domain in DOMAINS)
    found = merge(changed(change(base()), IN_DOMAINS, nameless), filing=filing)
    assert found.filing == filing


def test_a_website_is_not_left_without_domains_by_two_removals() -> None:
    filing = changed(base(), IN_DOMAINS, DOMAINS[:1])
    found = merge(changed(change(base()), IN_DOMAINS, DOMAINS[1:]), filing=filing)
    assert found.filing == filing
    (delta,) = found.both
    assert delta.path[-1] == "domains"
    assert [domain.name for domain in found.as_asked.websites[0].domains] == ["example12.cn", "example13.cn"]


def test_a_website_is_not_left_without_services_by_two_removals() -> None:
    filing = changed(base(), "websites.0.services", (1,))
    found = merge(changed(change(base()), "websites.0.services", (2, 3)), filing=filing)
    assert found.filing == filing
    assert [delta.field for delta in found.both] == ["services"]
    assert found.as_asked.websites[0].services == (2, 3)


def test_leaving_out_what_the_provider_had_removes_it() -> None:
    asked = changed(change(base()), "websites.0.home_page", None)
    assert merge(asked, filing=base()).filing == changed(base(), "websites.0.home_page", None)


def test_leaving_out_what_the_provider_never_had_removes_nothing() -> None:
    start = changed(base(), "websites.0.home_page", None)
    asked = changed(change(base()), "websites.0.home_page", None)
    assert merge(asked, filing=base(), start=start).filing == base()


def test_without_a_copy_the_change_is_compared_with_what_is_on_file() -> None:
    asked = changed(changed(change(base()), "sponsor.name", "示例新名"), "sponsor.superior", None)
    found = merged(None, base(), asked, CALLER)
    assert found.filing == found.as_asked == changed(base(), "sponsor.name", "示例新名")
    assert found.both == ()


def test_a_website_that_the_copy_lacks_is_compared_with_what_is_on_file() -> None:
    start = replace(base(), websites=base().websites[:1])
    asked = changed(changed(change(base()), "websites.1.name", "示例新站"), "websites.1.home_page", None)
    found = merge(asked, filing=base(), start=start)
    assert found.filing == changed(base(), "websites.1.name", "示例新站")


def test_a_website_that_vanished_stays_away_and_is_told_if_it_was_to_change() -> None:
    filing = replace(base(), websites=base().websites[:1])
    assert merge(change(base()), filing=filing) == Merge(filing=filing, both=(), as_asked=filing, foreign=())
    found = merge(changed(change(base()), "websites.1.name", "示例新站"), filing=filing)
    assert found.filing == found.as_asked == filing
    (delta,) = found.both
    assert (delta.path, delta.old) == (("websites", str(base().websites[1].number)), None)
    assert delta.new["name"] == "示例新站"


def test_an_access_that_vanished_stays_away() -> None:
    filing = changed(base(), "websites.0.accesses", base().websites[0].accesses[1:])
    found = merge(changed(change(base()), "websites.0.accesses.0.methods", (1,)), filing=filing)
    assert found.filing == found.as_asked == filing
    assert [delta.path[-2] for delta in found.both] == ["accesses"]


def test_what_is_said_of_anothers_access_is_told_and_never_applied() -> None:
    assert base().websites[0].accesses[1].provider == OTHER
    asked = changed(change(base()), "websites.0.accesses.1.methods", (1,))
    found = merge(asked, filing=base())
    assert found.filing == found.as_asked == base()
    assert [(delta.path[-3:], delta.new) for delta in found.foreign] == [
        (("accesses", str(base().websites[0].accesses[1].number), "methods"), [1])
    ]


def test_a_stale_copy_of_anothers_access_is_no_difference_of_the_callers() -> None:
    filing = changed(base(), "websites.0.accesses.1.methods", (1,))
    found = merge(change(base()), filing=filing)
    assert (found.filing, found.foreign) == (filing, ())
    assert merged(None, filing, change(base()), CALLER).foreign != ()
