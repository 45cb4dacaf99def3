"""Rows for the bureau's URLs, so that `test_access` can call every view."""

from __future__ import annotations

from typing import Any

from beian.models import Node
from bureau.models import RefusalReason
from tests.applications import application_row
from tests.beian.url_examples import example
from tests.bureau.matters import filed, sponsor_number


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
