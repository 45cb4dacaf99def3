"""Outcomes as what they say on the wire: records that fit the download schema, or the reason why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from beian import store
from beian.records import FilingRecord, OpinionRecord, ResultRecord, from_json
from beian.records.rows import filings
from interface.documents.download import filing_problems, write_filings, write_results
from interface.documents.writing import CannotExpress
from interface.models import Outcome, ParcelKind, ProviderAccount


@dataclass(frozen=True, slots=True)
class ResultWithOpinions:
    """A result and what reviewers said about it."""

    result: ResultRecord
    opinions: tuple[OpinionRecord, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a parcel: `size` is its XML alone in bytes, `left_out` says what did not fit (Chinese).

    Without `content` nothing of it could be expressed.
    """

    content: ResultWithOpinions | FilingRecord | None
    size: int
    left_out: str = ""


class Renderer:
    """Renders outcomes of one account as they stand at this moment; filings are read all together."""

    def __init__(self, account: ProviderAccount, outcomes: Sequence[Outcome]) -> None:
        sponsors = {outcome.body["sponsor"] for outcome in outcomes if outcome.kind == ParcelKind.FILINGS}
        self._filings = filings(account.bureau, sponsors, isp_id=account.isp_id) if sponsors else {}

    def render(self, outcome: Outcome) -> Piece:
        """Render one of them."""
        if outcome.kind == ParcelKind.RESULTS:
            return _result(outcome)
        filing = self._filings.get(outcome.body["sponsor"])
        return _filing(filing) if filing else Piece(None, 0, "该单位已不接入此主体的任何网站")


def write(kind: ParcelKind, pieces: Sequence[Piece]) -> bytes:
    """Write the download document of rendered pieces of one kind."""
    contents = [piece.content for piece in pieces]
    if kind == ParcelKind.FILINGS:
        return write_filings([each for each in contents if isinstance(each, FilingRecord)], store.get)
    results = [each for each in contents if isinstance(each, ResultWithOpinions)]
    return write_results([each.result for each in results], [opinion for each in results for opinion in each.opinions])


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


def _filing(filing: FilingRecord) -> Piece:
    if size := _size(filing):
        return Piece(filing, size)
    fitting, reasons = _fitting_websites(filing)
    if size := _size(fitting):
        return Piece(fitting, size, "；".join(reasons))
    return Piece(None, 0, "；".join(reasons) or f"不符合接口规范：{_problem(filing)}")


def _size(filing: FilingRecord) -> int:
    """Give the size of a filing's XML, 0 where it cannot be written."""
    try:
        return len(write_filings([filing], store.get)) if filing.websites else 0
    except (CannotExpress, store.Missing):
        return 0


def _fitting_websites(filing: FilingRecord) -> tuple[FilingRecord, list[str]]:
    """Keep the websites that the schema can express; migrated ones may lack what it requires."""
    problems = [_problem(replace(filing, websites=(website,))) for website in filing.websites]
    reasons = [
        f"网站{website.filing_number or website.number}未下发：{problem}"
        for website, problem in zip(filing.websites, problems, strict=True)
        if problem
    ]
    kept = [website for website, problem in zip(filing.websites, problems, strict=True) if not problem]
    return replace(filing, websites=tuple(kept)), reasons


def _problem(filing: FilingRecord) -> str:
    try:
        problems = filing_problems(filing, store.get)
    except store.Missing:
        return "前置审批文件已不在库中"
    return str(problems[0]) if problems else ""


def _first(error: CannotExpress) -> str:
    return str(error.problems[0]) if error.problems else str(error)
