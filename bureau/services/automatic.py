"""What providers report that nobody has to decide: judged at intake, in its transaction.

Verification material joins what it names; the result of a check task closes the task; the handling of
an unfiled website closes the item. What does not fit comes back with its codes.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from beian.calendar import shanghai_day
from beian.checks import Finding
from beian.checks.facts import load_facts
from beian.checks.keys import domain_key
from beian.checks.names import dotted
from beian.checks.reported import check_task_result, check_unfiled_handling
from beian.records import CheckResultRecord, UnfiledHandlingRecord
from beian.records.rows import filings
from bureau.models import UnfiledWebsite
from bureau.services import check_tasks, unfiled
from bureau.services.judging import Tally
from bureau.services.materials import handle_materials
from bureau.services.returning import returned
from interface.models import Upload
from interface.services import mailbox

__all__ = ["Tally", "handle_check_results", "handle_materials", "handle_unfiled_handlings"]


def handle_check_results(upload: Upload, records: Sequence[CheckResultRecord]) -> Tally:
    """Close the tasks that these results are of; what is the result of no open task comes back."""
    account = upload.account
    tasks = check_tasks.open_tasks(account, [_sponsor(record) for record in records])
    on_file = filings(account.bureau, tasks, isp_id=account.isp_id)
    facts = load_facts(account.bureau, isp_id=account.isp_id, filings=())
    back = 0
    for ordinal, record in enumerate(records, 1):
        number = _sponsor(record)
        findings = check_task_result(record, facts, is_open=number in tasks)
        if findings:
            words = f"第{ordinal}条核实结果（主体标识{number}，{record.filing.sponsor.name}）未受理。"
            _give_back(upload, findings, words, f"sponsor:{number}")
            back += 1
        else:
            check_tasks.close(tasks.pop(number), record, on_file.get(number))
    return Tally(records=len(records), returned=back)


def handle_unfiled_handlings(upload: Upload, records: Sequence[UnfiledHandlingRecord]) -> Tally:
    """Close the items whose websites these are; what is on no list, or was handled before, comes back."""
    account = upload.account
    listed = dict(unfiled.listed(account, [_key(record) for record in records]))
    facts = load_facts(account.bureau, isp_id=account.isp_id, filings=())
    back = 0
    for ordinal, record in enumerate(records, 1):
        item = listed.get(_key(record))
        findings = check_unfiled_handling(record, facts, listed=item is not None, handled=_handled(item))
        if findings:
            words = f"第{ordinal}条未备案处理结果（{record.domain}，{dotted(record.address)}）未受理。"
            _give_back(upload, findings, words, f"unfiled:{record.domain}"[:80])
            back += 1
        elif item is not None:
            unfiled.close(item, record)
    return Tally(records=len(records), returned=back)


def _sponsor(record: CheckResultRecord) -> int:
    return record.filing.sponsor.number or 0


def _key(record: UnfiledHandlingRecord) -> unfiled.Key:
    return domain_key(record.domain), record.address


def _handled(item: UnfiledWebsite | None) -> datetime.date | None:
    return shanghai_day(item.handled_at) if item is not None and item.handled_at is not None else None


def _give_back(upload: Upload, findings: Sequence[Finding], words: str, about: str) -> None:
    """Answer without a subject: with a number there, a provider's system would think of a change of it."""
    result = returned(findings, None, words)
    mailbox.queue_result(upload.account, result, about=about, correlation=upload.correlation)
