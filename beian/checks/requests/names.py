"""Rules of what a request names: it must be on file, be what it is taken for, and be one thing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from beian import filing_numbers
from beian.checks.base import Defect, Facts, Scope
from beian.checks.operations import OF_WHAT_STANDS, Operation
from beian.checks.requests.asked import Asked
from beian.checks.requests.known import Gone, Standing
from beian.checks.requests.naming import (
    NAME_FIELD,
    NAMED,
    SPONSOR,
    WEBSITE,
    WORDS,
    name_of,
    normal,
)
from beian.checks.requests.parts import absent_parts
from beian.checks.requests.registry import request_rule
from beian.records import NameRecord, WebsiteRecord

SPONSOR_GONE, WEBSITE_GONE = 1049, 1050
"""The sponsor, or the website, was cancelled."""

MOST_LISTED = 10
_PENDING = "尚未审核通过的备案没有编号，审核通过后才能变更、注销或新增网站、接入"


def _defect(asked: Asked, detail: str) -> Defect:
    return Defect(detail, WORDS[NAMED[asked.operation]], NAME_FIELD[asked.operation])


@request_rule(
    1016,
    "What is named is not on file",
    scope=Scope.FILING,
    source="interface, facts that providers got wrong; seed, part 2, question 3",
    operations=OF_WHAT_STANDS,
)
def not_on_file(asked: Asked, facts: Facts) -> Iterator[Defect]:
    """What the request names is not on file here, or is another kind of object than the request needs.

    * A sponsor's number where a website's is needed: says which websites there are. And the other way round.
    * The provider's own id instead of the bureau's: says the bureau's, or that the filing is still pending.
    * A change: its two numbers of the sponsor or of a website contradict each other; a website is not one of
      the sponsor's, an access, a domain or an address range not one of the website's. It can add neither
      websites nor accesses. And the same part twice, of which only one could be applied.

    What was cancelled is 1049 or 1050.
    """
    if asked.standing is None and not _right(asked) and gone_one(asked) is None:
        yield _defect(asked, _why_missing(asked))
    if asked.on_file is not None and asked.operation is Operation.CHANGE:
        yield from absent_parts(asked, asked.on_file)


def _right(asked: Asked) -> list[Standing]:
    return [each for each in asked.found if each.kind == NAMED[asked.operation]]


def _why_missing(asked: Asked) -> str:
    name, wanted = name_of(asked.request), NAMED[asked.operation]
    if asked.found:
        return _taken_for_another(name, wanted, asked.found[0], asked.isp_id)
    if name.number is not None:
        none = f"备案库中没有标识为{name.number}的{WORDS[wanted]}"
        return _own_id(asked, name.number) or f"{none}；{_by_filing_number(asked, name) or _PENDING}"
    return _unknown_filing_number(asked, name.filing_number or "", wanted)


def _taken_for_another(name: NameRecord, wanted: str, found: Standing, isp_id: int) -> str:
    """Say what a name really is, and what would have been right."""
    said = f"{name}是{WORDS[found.kind]}的{'标识' if name.number is not None else '备案号'}，此处需要{WORDS[wanted]}的"
    if wanted == SPONSOR:
        sponsor = found.filing.sponsor
        return f"{said}：{sponsor.filing_number}（标识{sponsor.number}）"
    if wanted == WEBSITE:
        websites = found.filing.websites if found.website is None else (found.website,)
        return f"{said}（如“…号-1”）；{listed_websites(websites)}"
    return f"{said}；{_own_accesses(found, isp_id)}"


def listed_websites(websites: Sequence[WebsiteRecord]) -> str:
    """List the websites of a sponsor with both their numbers."""
    if not websites:
        return "该主体名下没有网站"
    names = "、".join(f"{each.filing_number}（标识{each.number}）" for each in websites[:MOST_LISTED])
    more = f"等{len(websites)}个" if len(websites) > MOST_LISTED else ""
    return f"该主体现有网站：{names}{more}"


def _own_accesses(found: Standing, isp_id: int) -> str:
    websites = found.filing.websites if found.website is None else (found.website,)
    own = [
        f"{website.filing_number}的接入标识为{access.number}"
        for website in websites
        for access in website.accesses
        if access.provider == isp_id
    ]
    return "、".join(own[:MOST_LISTED]) or "本接入商在此没有接入"


def _own_id(asked: Asked, number: int) -> str | None:
    """Say that a number is the provider's own id of something."""
    for own in asked.known.own.get(number, ()):
        word = WORDS[own.kind]
        if own.number is None:
            return f"{number}是贵单位自己的{word}标识，该备案尚在审核：{_PENDING}"
        return f"{number}是贵单位自己的{word}标识，此处需要管局下发的标识；该{word}的是{own.number}"
    return None


def _by_filing_number(asked: Asked, name: NameRecord) -> str | None:
    """Say what the number is of the sponsor whose filing number a change gives beside a wrong one."""
    found = asked.known.on_file.find(NameRecord(filing_number=name.filing_number)) if name.filing_number else ()
    return f"{name.filing_number}的标识是{found[0].filing.sponsor.number}" if found else None


def _unknown_filing_number(asked: Asked, written: str, wanted: str) -> str:
    parsed = filing_numbers.parse(written)
    form = "粤ICP备2026000001号" + ("-1" if wanted == WEBSITE else "")
    if parsed is None:
        return f"“{written}”不是{WORDS[wanted]}备案号，应形如{form}"
    sponsors = [
        each
        for each in asked.known.on_file.find(NameRecord(filing_number=str(parsed.of_sponsor)))
        if each.kind == SPONSOR
    ]
    if sponsors and wanted == WEBSITE:
        return f"备案库中没有网站{parsed}；{listed_websites(sponsors[0].filing.websites)}；{_PENDING}"
    return f"备案库中没有备案号{parsed}；{_PENDING}"


@request_rule(
    SPONSOR_GONE, "Sponsor is cancelled", scope=Scope.FILING, source="interface, code table", operations=OF_WHAT_STANDS
)
def sponsor_cancelled(asked: Asked, facts: Facts) -> Iterator[Defect]:
    """The sponsor that the request names, or that what it names belonged to, was cancelled here. Says when."""
    gone = gone_one(asked)
    if gone and gone.kind == SPONSOR:
        yield _defect(asked, f"{_called(gone)}已于{gone.on}注销{_reason(gone)}")


@request_rule(
    WEBSITE_GONE,
    "Website is cancelled",
    scope=Scope.FILING,
    source="interface, code table",
    operations=OF_WHAT_STANDS,
)
def website_cancelled(asked: Asked, facts: Facts) -> Iterator[Defect]:
    """The website that the request names was cancelled here, its sponsor not. Says when."""
    gone = gone_one(asked)
    if gone and gone.kind == WEBSITE:
        yield _defect(asked, f"{_called(gone)}已于{gone.on}注销{_reason(gone)}")
    if asked.on_file is not None and asked.operation is Operation.CHANGE:
        for index, website in enumerate(asked.shape.filing.websites):
            stone = asked.known.gone.get(website.number or 0)
            if stone and stone.kind == WEBSITE:
                detail = f"{_called(stone)}已于{stone.on}注销{_reason(stone)}"
                yield Defect(detail, f"网站{index + 1}", f"websites.{index}.number")


def gone_one(asked: Asked) -> Gone | None:
    """Give the tombstone of what a request names, or of the sponsor of that; none where it stands."""
    if asked.found or not asked.here:
        return None
    name, gone = name_of(asked.request), asked.known.gone
    found = gone.get(name.number if name.number is not None else normal(name.filing_number or ""))
    sponsor = _sponsor_gone(asked, found, name)
    return sponsor or found


def _sponsor_gone(asked: Asked, found: Gone | None, name: NameRecord) -> Gone | None:
    gone = asked.known.gone
    if found is not None and found.sponsor is not None:
        stone = gone.get(found.sponsor)
    else:
        parsed = filing_numbers.parse(name.filing_number or "")
        stone = gone.get(str(parsed.of_sponsor)) if parsed else None
    return stone if stone and stone.kind == SPONSOR else None


def _called(gone: Gone) -> str:
    return f"{WORDS[gone.kind]}{gone.filing_number or gone.number}"


def _reason(gone: Gone) -> str:
    return f"（{gone.reason}）" if gone.reason else ""


@request_rule(
    1067,
    "A name means several objects",
    scope=Scope.FILING,
    source="interface, code table",
    operations=frozenset({Operation.NEW_WEBSITE, Operation.NEW_ACCESS}),
)
def several_of_one_name(asked: Asked, facts: Facts) -> Iterator[Defect]:
    """A filing number that two objects on file bear, in two spellings: data taken over from the old system.

    Changes and cancellations name things by the bureau's number.
    """
    right = _right(asked)
    if len(right) > 1:
        numbers = "、".join(_number(each) for each in right[:MOST_LISTED])
        yield _defect(asked, f"{name_of(asked.request)}对应{len(right)}个{WORDS[right[0].kind]}，请改填标识：{numbers}")


def _number(standing: Standing) -> str:
    of = standing.website or standing.filing.sponsor
    return f"{of.number}（{of.filing_number}）"
