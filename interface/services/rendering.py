"""Outcomes as what they say on the wire: records that fit the download schema, or the reason why not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import get_args

from beian import store
from beian.models import Cancelled
from beian.records import FilingRecord, OpinionRecord, ResultRecord, as_json, from_json, notices
from beian.records.notices import CodeTable, Notice, ReportingUnit
from beian.records.rows import filings, number_of
from interface.documents.download import (
    filing_problems,
    join_filings,
    write_codes,
    write_filings,
    write_notices,
    write_results,
)
from interface.documents.fields import Load
from interface.documents.writing import CannotExpress
from interface.models import Outcome, ParcelKind, ProviderAccount

NOT_CONCERNED = "该单位已不接入此主体的任何网站"

WriteFilings = Callable[[list[FilingRecord], Load], bytes]

NOTICE_KINDS: dict[type[Notice], ParcelKind] = {
    notices.CancelledNotice: ParcelKind.CANCELLED,
    notices.BlacklistedSponsor: ParcelKind.BLACKLIST,
    notices.BlacklistedWebsite: ParcelKind.BLACKLIST,
    notices.IllegalAccess: ParcelKind.ILLEGAL_ACCESSES,
    notices.UnfiledWebsite: ParcelKind.UNFILED_WEBSITES,
    notices.CheckTask: ParcelKind.CHECK_TASKS,
    notices.SponsorInspection: ParcelKind.INSPECTIONS,
    notices.AccessInspection: ParcelKind.INSPECTIONS,
    notices.ShellInspection: ParcelKind.INSPECTIONS,
    notices.LivenessInspection: ParcelKind.INSPECTIONS,
    notices.CorrectionNotice: ParcelKind.NOTICES,
}
"""In which kind of parcel each notice goes."""

_NOTICES: dict[str, type[Notice]] = {kind.__name__: kind for kind in get_args(Notice)}
_ABOUT_OBJECTS = (
    notices.SponsorInspection,
    notices.AccessInspection,
    notices.ShellInspection,
    notices.LivenessInspection,
    notices.CorrectionNotice,
)


@dataclass(frozen=True, slots=True)
class ResultWithOpinions:
    """A result and what reviewers said about it."""

    result: ResultRecord
    opinions: tuple[OpinionRecord, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a parcel: `size` is its XML alone in bytes, `left_out` says what did not fit (Chinese).

    Without `content` nothing of it could be expressed. `document` holds a filing alone, as it was
    written to see whether it fits.
    """

    content: ResultWithOpinions | FilingRecord | Notice | CodeTable | ReportingUnit | None
    size: int
    left_out: str = ""
    document: bytes = b""


class Renderer:
    """Renders outcomes of one account; filings as they stand at this moment, those of check tasks too."""

    def __init__(self, account: ProviderAccount, outcomes: Sequence[Outcome]) -> None:
        told = [_notice_of(outcome) for outcome in outcomes if outcome.kind in NOTICE_KINDS.values()]
        sponsors = {outcome.body["sponsor"] for outcome in outcomes if outcome.kind == ParcelKind.FILINGS}
        sponsors |= {number_of(notice.filing.sponsor) for notice in told if isinstance(notice, notices.CheckTask)}
        self._filings = filings(account.bureau, sponsors, isp_id=account.isp_id) if sponsors else {}
        named = {number for notice in told if (number := _named(notice)) is not None}
        gone = Cancelled.objects.held_by(account.bureau).filter(number__in=named)
        self._gone = set(gone.values_list("number", flat=True)) if named else set()

    def render(self, outcome: Outcome) -> Piece:
        """Render one of them."""
        if outcome.kind == ParcelKind.RESULTS:
            return _result(outcome)
        if outcome.kind in NOTICE_KINDS.values():
            return self._notice(_notice_of(outcome))
        return render_filing(self._filings.get(outcome.body["sponsor"]))

    def _notice(self, notice: Notice) -> Piece:
        if _named(notice) in self._gone:
            return Piece(None, 0, "所涉主体或网站已注销")
        if isinstance(notice, notices.CheckTask):
            filing = self._filings.get(number_of(notice.filing.sponsor))
            if filing is None:
                return Piece(None, 0, NOT_CONCERNED)
            notice = replace(notice, filing=notices.checkable(filing))
        return _notice(notice)


def write(kind: ParcelKind, pieces: Sequence[Piece]) -> bytes:
    """Write the download document of rendered pieces of one kind."""
    if kind in (ParcelKind.FILINGS, ParcelKind.SYNCHRONISATION):
        return join_filings([piece.document for piece in pieces])
    contents = [piece.content for piece in pieces]
    if kind == ParcelKind.CODES:
        units = [each for each in contents if isinstance(each, ReportingUnit)]
        return write_codes(units, [each for each in contents if isinstance(each, CodeTable)])
    if kind in NOTICE_KINDS.values():
        return write_notices([each for each in contents if isinstance(each, get_args(Notice))], store.get)
    results = [each for each in contents if isinstance(each, ResultWithOpinions)]
    return write_results([each.result for each in results], [opinion for each in results for opinion in each.opinions])


def notice_body(record: Notice) -> dict[str, object]:
    """A notice as an outcome keeps it."""
    return {"type": type(record).__name__, "notice": as_json(record)}


def _notice_of(outcome: Outcome) -> Notice:
    return from_json(outcome.body["notice"], _NOTICES[outcome.body["type"]])


def _named(notice: Notice) -> int | None:
    """The number of what must still be on file where a notice is to make sense; a cancellation needs nothing."""
    if isinstance(notice, notices.CheckTask):
        return notice.filing.sponsor.number
    return notice.number if isinstance(notice, _ABOUT_OBJECTS) else None


def _notice(record: Notice) -> Piece:
    try:
        return Piece(record, len(write_notices([record], store.get)))
    except CannotExpress as error:
        return Piece(None, 0, f"不符合接口规范：{_first(error)}")
    except store.Missing:
        return Piece(None, 0, "前置审批文件已不在库中")


def _result(outcome: Outcome) -> Piece:
    body = outcome.body
    content = ResultWithOpinions(
        from_json(body["result"], ResultRecord),
        tuple(from_json(opinion, OpinionRecord) for opinion in body["opinions"]),
    )
    try:
        return Piece(content, len(write_results([content.result], content.opinions)))
    except CannotExpress as error:
        return Piece(None, 0, f"不符合接口规范：{_first(error)}")


def render_filing(filing: FilingRecord | None, write: WriteFilings = write_filings) -> Piece:
    """Render a filing as far as `write` can express it; None is one that the provider may not see."""
    if filing is None:
        return Piece(None, 0, NOT_CONCERNED)
    if written := _written(filing, write):
        return Piece(filing, len(written), document=written)
    fitting, reasons = _fitting_websites(filing, write)
    if written := _written(fitting, write):
        return Piece(fitting, len(written), "；".join(reasons), written)
    return Piece(None, 0, "；".join(reasons) or f"不符合接口规范：{_problem(filing, write)}")


def _written(filing: FilingRecord, write: WriteFilings) -> bytes:
    """Give the document of one filing, b"" where it cannot be written."""
    try:
        return write([filing], store.get) if filing.websites else b""
    except (CannotExpress, store.Missing):
        return b""


def _fitting_websites(filing: FilingRecord, write: WriteFilings) -> tuple[FilingRecord, list[str]]:
    """Keep the websites that the schema can express; migrated ones may lack what it requires."""
    problems = [_problem(replace(filing, websites=(website,)), write) for website in filing.websites]
    reasons = [
        f"网站{website.filing_number or website.number}未下发：{problem}"
        for website, problem in zip(filing.websites, problems, strict=True)
        if problem
    ]
    kept = [website for website, problem in zip(filing.websites, problems, strict=True) if not problem]
    return replace(filing, websites=tuple(kept)), reasons


def _problem(filing: FilingRecord, write: WriteFilings) -> str:
    try:
        problems = filing_problems(filing, store.get, write)
    except store.Missing:
        return "前置审批文件已不在库中"
    return str(problems[0]) if problems else ""


def _first(error: CannotExpress) -> str:
    return str(error.problems[0]) if error.problems else str(error)
