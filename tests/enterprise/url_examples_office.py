"""Rows for the office's URLs, so that `test_access` can call every view."""

from __future__ import annotations

from typing import Any

from beian.models import Node
from enterprise.services import cases
from enterprise.services.cases import Beginning
from enterprise.workflow import Kind, Origin
from tests.beian.url_examples import example


def _case(provider: Node) -> dict[str, Any]:
    return {"pk": cases.begin(provider, Beginning(kind=Kind.NEW_FILING, origin=Origin.OFFICE), None).pk}


for _name in ("case_corrections", "case_act", "case_send_back", "case_assign"):
    example(f"enterprise:{_name}")(_case)
