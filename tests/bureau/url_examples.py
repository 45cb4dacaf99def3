"""Rows for the bureau's URLs, so that `test_access` can call every view."""

from __future__ import annotations

from typing import Any

from beian import events
from beian.models import BlacklistEntry, Node
from bureau.models import RefusalReason
from tests.applications import application_row
from tests.beian.url_examples import example
from tests.bureau.matters import filed, sponsor_number
from tests.bureau.supervision import account_row, check_task_row, unfiled_row


def _application(bureau: Node) -> dict[str, Any]:
    return {"pk": application_row(bureau).pk}


for _name in ("application", "claim", "renew", "release", "take_over", "decide", "withdraw", "reveal"):
    example(f"bureau:{_name}")(_application)


def _filing(bureau: Node) -> dict[str, Any]:
    return {"number": sponsor_number(filed(bureau))}


for _name in ("filing", "filing_reveal"):
    example(f"bureau:{_name}")(_filing)


def _reason(bureau: Node) -> dict[str, Any]:
    return {"pk": RefusalReason.objects.create(bureau=bureau, title="示例", text="示例").pk}


for _name in ("edit_reason", "move_reason", "switch_reason"):
    example(f"bureau:{_name}")(_reason)


@example("bureau:notice_new")
def _notice_new(bureau: Node) -> dict[str, Any]:
    return {"kind": "correction"}


@example("bureau:blacklist_new")
def _blacklist_new(bureau: Node) -> dict[str, Any]:
    return {"kind": "sponsor"}


def _check_task(bureau: Node) -> dict[str, Any]:
    return {"pk": check_task_row(account_row(bureau)).pk}


for _name in ("check_task", "check_task_seen", "check_task_reveal", "check_task_withdraw"):
    example(f"bureau:{_name}")(_check_task)


def _unfiled(bureau: Node) -> dict[str, Any]:
    return {"pk": unfiled_row(account_row(bureau)).pk}


for _name in ("unfiled_website", "unfiled_withdraw"):
    example(f"bureau:{_name}")(_unfiled)


def _blacklist_entry(bureau: Node) -> dict[str, Any]:
    entry, _ = BlacklistEntry.objects.get_or_create(
        kind="domain", key="example-barred.cn", defaults={"name": "示例", "reason": "示例", "listed_by": bureau}
    )
    return {"pk": entry.pk}


for _name in ("blacklist_entry", "blacklist_remove"):
    example(f"bureau:{_name}")(_blacklist_entry)


@example("bureau:closure")
def _closure(bureau: Node) -> dict[str, Any]:
    number = bureau.province * 10**9 + 1
    event = events.record("sponsor", number, "close_sponsor", node=bureau, data={"number": number, "name": "示例"})
    return {"pk": event.pk}


@example("bureau:provider_send_again")
def _send_again(bureau: Node) -> dict[str, Any]:
    return {"isp_id": account_row(bureau).isp_id, "what": "filings"}
