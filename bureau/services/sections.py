"""The sections of an upload document, in the order in which a bureau takes them up.

New filings, new websites, new accesses, changes, cancellations become applications, each section with
those before it as facts. Verification material, results of check tasks and what was done about unfiled
websites are dealt with at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from beian.checks.passwords import password_verdicts
from beian.records import Request
from bureau.services.automatic import handle_check_results, handle_materials, handle_unfiled_handlings
from bureau.services.judging import Tally, judge_new_filings
from bureau.services.judging_requests import judge_requests
from bureau.services.taking import Passwords
from interface.documents.upload import UploadDocument
from interface.models import ProviderAccount, Upload
from interface.services import password_tries

AUTOMATIC: dict[str, Callable[[Upload, Sequence[Any]], Tally]] = {
    "materials": handle_materials,
    "check_results": handle_check_results,
    "unfiled_handlings": handle_unfiled_handlings,
}
"""Sections that nobody has to decide, by the attribute of the document."""


def requests_in(document: UploadDocument) -> list[Request]:
    """Give the requests about filings that stand, in the order of their sections."""
    return [*document.new_websites, *document.new_accesses, *document.changes, *document.cancellations]


def compare_passwords(account: ProviderAccount, document: UploadDocument) -> Passwords:
    """Compare the filing passwords of a document. Slow on purpose: call it before the transaction."""
    return password_verdicts(
        account.bureau, isp_id=account.isp_id, requests=requests_in(document), tries=password_tries
    )


def judge_document(upload: Upload, document: UploadDocument, passwords: Passwords) -> Tally:
    """Judge each section in its turn; runs in the caller's transaction."""
    tallies = []
    if document.new_filings:
        tallies.append(judge_new_filings(upload, document.new_filings))
    if requests := requests_in(document):
        tallies.append(judge_requests(upload, requests, passwords))
    for section, handle in AUTOMATIC.items():
        if records := getattr(document, section):
            tallies.append(handle(upload, records))
    return Tally(records=sum(tally.records for tally in tallies), returned=sum(tally.returned for tally in tallies))
