"""Outcomes as what they say on the wire: records that fit the download schema, or the reason why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from beian import store
from beian.records import FilingRecord, OpinionRecord, ResultRecord, from_json
from beian.records.rows import filing_for_provider
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


def render(account: ProviderAccount, outcome: Outcome) -> Piece:
    """Render an outcome as it stands at this moment."""
    if outcome.kind == ParcelKind.RESULTS:
        return _result(outcome)
    return _filing(account, outcome.body["sponsor"])


def write(kind: ParcelKind, pieces: Sequence[Piece]) -> bytes:
    """Write the download document of rendered pieces of one kind."""
    contents = [piece.content for piece in pieces]
    if kind == ParcelKind.FILINGS:
        return write_filings([each for each in contents if isinstance(each, FilingRecord)], store.get)
    results = [each for each in contents if isinstance(each, ResultWithOpinions)]
    return write_results(
        [each.result for each in results], [opinion for each in results for opinion in each.opinions]
    )


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


def _filing(account: ProviderAccount, sponsor: int) -> Piece:
    filing = filing_for_provider(account.bureau, sponsor, account.isp_id)
    if filing is None:
        return Piece(None, 0, "该单位已不接入此主体的任何网站")
    fitting, reasons = _fitting_websites(filing)
    if not fitting.websites:
        return Piece(None, 0, "；".join(reasons) or "没有可以下发的网站")
    try:
        return Piece(fitting, len(write_filings([fitting], store.get)), "；".join(reasons))
    except CannotExpress as error:
        return Piece(None, 0, f"主体信息不符合接口规范：{_first(error)}")


def _fitting_websites(filing: FilingRecord) -> tuple[FilingRecord, list[str]]:
    """Keep the websites that the schema can express; migrated ones may lack what it requires."""
    if not _problem(filing):
        return filing, []
    # The sponsor's own defects would show with every website: measured against one that is left out.
    websites, reasons = [], []
    for website in filing.websites:
        problem = _problem(replace(filing, websites=(website,)))
        if problem and len(filing.websites) > 1:
            reasons.append(f"网站{website.filing_number or website.number}未下发：{problem}")
        else:
            websites.append(website)
    return replace(filing, websites=tuple(websites)), reasons


def _problem(filing: FilingRecord) -> str:
    try:
        problems = filing_problems(filing, store.get)
    except store.Missing:
        return "前置审批文件已不在库中"
    return str(problems[0]) if problems else ""


def _first(error: CannotExpress) -> str:
    return str(error.problems[0]) if error.problems else str(error)
