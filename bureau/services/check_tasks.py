"""Check tasks (核实任务): a bureau has a provider verify filings, and closes each with what it found.

A bureau has its own providers verify, also filings of other provinces of which it keeps the copy: its
supervision follows the access. The wire gives a task no id; one may be open for a sponsor and a provider.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from beian import events
from beian.models import Node, User
from beian.records import CheckResultRecord, FilingRecord, as_json
from beian.records.rows import filings, number_of
from beian.services.refusals import Invalid, MovedOn
from bureau.models import CheckState, CheckTask
from bureau.services import accounts
from bureau.services.handing_out import hand_out_check_task, take_back
from interface.models import ProviderAccount

SUBJECT = "check_task"
MOST_AT_ONCE = 100


def create(
    bureau: Node, actor: User, isp_id: int, sponsors: Sequence[int], due: datetime.date, instruction: str
) -> list[CheckTask]:
    """Have a provider verify the filings with these numbers by `due`; `instruction` travels along.

    All or none: raises `Invalid` that names every filing that cannot be given to it, and why.
    """
    with transaction.atomic():
        account = accounts.lock_present(bureau, isp_id)
        wanted = list(dict.fromkeys(sponsors))
        on_file = filings(bureau, wanted, isp_id=isp_id)
        _check(account, wanted, on_file, due)
        return [_create_one(account, actor, on_file[number], due, instruction) for number in wanted]


def withdraw(bureau: Node, pk: int, actor: User, reason: str) -> tuple[CheckTask, bool]:
    """Withdraw an open task; says also whether the provider had not fetched it yet. Raises `MovedOn`."""
    with transaction.atomic():
        task = _lock(bureau, pk)
        if task.state != CheckState.OPEN:
            raise MovedOn(f"该任务已是“{task.get_state_display()}”，不能撤销。")
        task.state, task.closed_at = CheckState.WITHDRAWN, timezone.now()
        task.save(update_fields=["state", "closed_at"])
        unread = take_back(task.outcome, "管局已撤销此任务，不再下发")
        tell(task, "withdraw", actor, reason=reason)
    return task, unread


def note_seen(bureau: Node, pk: int, actor: User) -> CheckTask:
    """Note that somebody at the bureau has looked at the result. The first one counts."""
    with transaction.atomic():
        task = _lock(bureau, pk)
        if task.result is None:
            raise MovedOn("该任务还没有核实结果。")
        if task.seen_at is None:
            task.seen_by, task.seen_at = actor, timezone.now()
            task.save(update_fields=["seen_by", "seen_at"])
            tell(task, "see", actor)
    return task


def open_tasks(account: ProviderAccount, sponsors: Iterable[int]) -> dict[int, CheckTask]:
    """Lock a provider's open tasks about these sponsors; gives them by sponsor."""
    rows = CheckTask.objects.open().filter(account=account, sponsor_number__in=set(sponsors))
    return {task.sponsor_number: task for task in rows.select_for_update(of=("self",)).order_by("id")}


def close(task: CheckTask, result: CheckResultRecord, on_file: FilingRecord | None) -> None:
    """Close a task with its result, in the caller's transaction; keeps the filing as it stands now beside it."""
    task.state = CheckState.REFUSED if result.verdict else CheckState.PASSED
    task.checker, task.checked, task.faults = result.checker, result.checked, result.faults or ""
    task.result, task.on_file = as_json(result), None if on_file is None else as_json(on_file)
    task.closed_at = timezone.now()
    task.save(update_fields=["state", "checker", "checked", "faults", "result", "on_file", "closed_at"])
    tell(task, "close", data={"verdict": result.verdict})


def tell(task: CheckTask, verb: str, actor: User | None = None, *, reason: str = "", data: object = None) -> None:
    """Append an event about a task."""
    said = {"sponsor": task.sponsor_number, "isp_id": task.account.isp_id} | (data if isinstance(data, dict) else {})
    events.record(SUBJECT, task.pk, verb, node=task.bureau, actor=actor, reason=reason, data=said)


def _check(
    account: ProviderAccount, wanted: Sequence[int], on_file: dict[int, FilingRecord], due: datetime.date
) -> None:
    errors: dict[str, list[str]] = {}
    if due < timezone.localdate():
        errors["due"] = ["期限不能早于今天。"]
    if not wanted:
        errors["chosen"] = ["请至少选择一个备案。"]
    elif len(wanted) > MOST_AT_ONCE:
        errors["chosen"] = [f"一次最多下达{MOST_AT_ONCE}件，现选{len(wanted)}件。"]
    missing = [number for number in wanted if number not in on_file]
    refused = [f"编号{number}：该单位没有接入此备案的任何网站。" for number in missing]
    refused += [
        f"“{task.sponsor_name}”已有{task.created_at:%Y-%m-%d}下达的任务未反馈，反馈或撤销后才能再次下达。"
        for task in CheckTask.objects.open().filter(account=account, sponsor_number__in=wanted)
    ]
    if refused:
        errors.setdefault("chosen", []).extend(refused)
    if errors:
        raise Invalid(errors)


def _create_one(
    account: ProviderAccount, actor: User, filing: FilingRecord, due: datetime.date, instruction: str
) -> CheckTask:
    sponsor = filing.sponsor
    task = CheckTask(
        bureau=account.bureau,
        account=account,
        sponsor_number=number_of(sponsor),
        sponsor_name=sponsor.name,
        filing_number=sponsor.filing_number or "",
        instruction=instruction,
        due=due,
        created_by=actor,
    )
    task.outcome = hand_out_check_task(account, filing, _remark(instruction, due))
    task.save(force_insert=True)
    tell(task, "create", actor, reason=instruction, data={"due": due.isoformat()})
    return task


def _remark(instruction: str, due: datetime.date) -> str:
    """Write what the provider reads: the wire has no field for the deadline."""
    return f"{instruction.strip()}\n请于{due:%Y-%m-%d}前反馈核实结果。".strip()


def _lock(bureau: Node, pk: int) -> CheckTask:
    task = (
        CheckTask.objects.at(bureau)
        .select_for_update(of=("self",))
        .select_related("bureau", "account__provider", "outcome")
        .filter(pk=pk)
        .first()
    )
    if task is None:
        raise MovedOn("没有这个核实任务。")
    return task
