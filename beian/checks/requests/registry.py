"""The rules of requests about filings that stand, by result code."""

from __future__ import annotations

from collections.abc import Callable

from beian.checks.base import Check, Rule, Scope, enter
from beian.checks.operations import Operations
from beian.checks.requests.asked import Asked

REQUEST_RULES: dict[int, Rule[Asked]] = {}
"""The modules of this package enter theirs when imported."""


def request_rule(
    code: int, name: str, *, scope: Scope, source: str, operations: Operations
) -> Callable[[Check[Asked]], Check[Asked]]:
    """Enter the decorated function as a rule of requests."""
    return enter(REQUEST_RULES, code, name, scope=scope, source=source, operations=operations)
