"""Strategies for what a bureau accepts: everything may differ that no rule fixes.

Every record is drawn for a seed that decides what must exist only once, as in `tests.builders`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from beian.codes.tables import read_table
from beian.records import (
    AccessRecord,
    DomainRecord,
    FilingRecord,
    PersonRecord,
    PriorApprovalRecord,
    RangeRecord,
    SponsorRecord,
    WebsiteRecord,
)
from tests import builders

# Of GBK, of GB18030 only, of neither, and what XML has to escape.
LETTERS = "京备案镕𠮷䶮€😀éaZ09 -_.,·—<>&\"'()（）"
PICTURES = {builders.content(data).sha256: data for data in map(builders.jpeg_bytes, (1, 2, 3))}
RANGES_OF_ONE_WEBSITE = 32

Draw = Any


def words(most: int = 12) -> st.SearchStrategy[str]:
    """Something that can be read, with what is hard to carry in the middle."""
    return st.text(LETTERS, max_size=most).map(lambda text: f"示{text}例")


def may(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def codes(table: str, least: int = 1) -> st.SearchStrategy[tuple[int, ...]]:
    """Some entries of a code table, each once."""
    entries = sorted(code for code, entry in read_table(table).items() if entry.valid)
    return st.sets(st.sampled_from(entries), min_size=least, max_size=3).map(lambda found: tuple(sorted(found)))


def joined(one: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One value, or several with `;` between."""
    return st.lists(one, min_size=1, max_size=3, unique=True).map(";".join)


@st.composite
def people(draw: Draw, seed: int) -> PersonRecord:
    digits = st.integers(0, 10**7 - 1)
    return builders.person(
        seed,
        name=draw(words()),
        telephone=draw(joined(digits.map(lambda n: f"020-8{n:07d}"))),
        mobile=draw(joined(digits.map(lambda n: f"1600{n:07d}"))),
        email=draw(joined(digits.map(lambda n: f"person{n}@example.cn"))),
        msn=draw(may(digits.map(lambda n: f"msn{n}@example.cn"))),
        qq=draw(may(st.integers(10_000, 10**12 - 1).map(str))),
    )


@st.composite
def sponsors(draw: Draw, seed: int) -> SponsorRecord:
    organisation = draw(st.booleans())
    plain = builders.sponsor(seed, organisation=organisation)
    return replace(
        plain,
        name=draw(words()),
        superior=draw(may(words())),
        address=replace(plain.address, detail=draw(may(words())), county=draw(may(st.just(440305)))),
        certificate=replace(plain.certificate, address=draw(words())),
        person=draw(people(seed)),
        reported_by=draw(st.integers(0, 1)),
        remark=draw(may(words(200))),
    )


@st.composite
def domains(draw: Draw, seed: int) -> tuple[DomainRecord, ...]:
    forms = ("example{}.cn", "EXAMPLE{}.com.cn", "示例{}.中国", "example-{}.co.uk", "例{}.网址")
    chosen = draw(st.lists(st.sampled_from(forms), min_size=1, max_size=3, unique=True))
    return tuple(builders.domain(seed * 10 + place, form.format(seed)) for place, form in enumerate(chosen))


@st.composite
def ranges(draw: Draw, seed: int, place: int = 0) -> tuple[RangeRecord, ...]:
    """One to three ranges that do not overlap; `place` is that of the access within its website."""
    first = seed * RANGES_OF_ONE_WEBSITE + place * 12
    sizes = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    return tuple(builders.address_range(first + 4 * n, count=size) for n, size in enumerate(sizes))


@st.composite
def accesses(draw: Draw, seed: int, place: int = 0) -> AccessRecord:
    return builders.access(
        seed * 10 + place,
        locations=draw(codes("server_location")),
        methods=draw(codes("access_method")),
        ranges=draw(ranges(seed, place)),
    )


@st.composite
def approvals(draw: Draw) -> PriorApprovalRecord:
    scans = draw(st.lists(st.sampled_from(sorted(PICTURES)), min_size=1, max_size=2, unique=True))
    return builders.approval(
        kind=draw(st.sampled_from(sorted(read_table("prior_approval")))),
        approval_number=draw(words()),
        scans=tuple(builders.content(PICTURES[each]) for each in scans),
    )


@st.composite
def websites(draw: Draw, seed: int) -> WebsiteRecord:
    own = draw(domains(seed))
    host = draw(st.sampled_from(own)).name
    pages = ("http://www.{}/", "https://{}/a?b=1&c=<2>", "{}", "http://{}:8080/示例")
    return builders.website(
        seed,
        name=f"{draw(words())}{seed}",
        person=draw(people(seed)),
        domains=own,
        accesses=tuple(draw(accesses(seed, place)) for place in range(draw(st.integers(1, 2)))),
        services=draw(codes("service_content")),
        languages=draw(codes("language")),
        approvals=tuple(draw(st.lists(approvals(), max_size=2))),
        home_page=draw(may(st.sampled_from(pages).map(lambda page: page.format(host)))),
        remark=draw(may(words(100))),
    )


@st.composite
def filings(draw: Draw, seed: int) -> FilingRecord:
    """A new filing with one to three websites and the verification form."""
    owner = draw(sponsors(seed))
    count = draw(st.integers(1, 3))
    return FilingRecord(
        sponsor=owner,
        websites=tuple(draw(websites(seed * builders.WEBSITES_OF_ONE_SEED + k)) for k in range(1, count + 1)),
        attachments=(builders.attachment(str(owner.provider_id)),),
    )
