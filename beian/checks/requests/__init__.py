"""What makes a request about a filing that stands wrong: new website, new access, change, cancellation.

    known = load_request_facts(bureau, isp_id=…, requests=document)     # beian.checks.request_facts
    for request in document:
        asked = ask(request, known, base=…)
        findings = check_request(asked, scopes)
        if not findings:
            accept(asked, "…")

New filings pass through here too, so that a document that mixes them is judged in one go.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from operator import attrgetter

from beian.checks import ALL_SCOPES, RULES, Finding, Rule, Scope
from beian.checks.operations import Operation

# Importing the modules enters their rules.
from beian.checks.requests import conditions, names, pending, rights
from beian.checks.requests.asked import Asked, accept, ask, claimed_ids, claims, marks_of
from beian.checks.requests.known import Gone, Known, OnFile, OwnId, Standing
from beian.checks.requests.naming import home_province, name_of, operation_of
from beian.checks.requests.registry import REQUEST_RULES
from beian.records import FilingRecord

__all__ = [
    "REQUEST_RULES",
    "Asked",
    "Gone",
    "Known",
    "OnFile",
    "OwnId",
    "Standing",
    "accept",
    "ask",
    "check_request",
    "claimed_ids",
    "claims",
    "conditions",
    "home_province",
    "marks_of",
    "name_of",
    "names",
    "operation_of",
    "pending",
    "rights",
]


def check_request(asked: Asked, scopes: Collection[Scope] = ALL_SCOPES) -> list[Finding]:
    """Judge one request by all rules of the given scopes; give all findings by code.

    `scopes`: `ALL_SCOPES` where this bureau received it and decides it; `ELSEWHERE_SCOPES` where another
    decides; `HOME_SCOPES` where another received it; `APPROVAL_SCOPES` when it is to be approved (load the
    facts with `except_application`). Changes nothing: `accept` notes an accepted one.
    """
    findings = [*_of_filings(asked, frozenset(scopes)), *_of_requests(asked, frozenset(scopes))]
    return sorted(findings, key=attrgetter("code"))


def _of_filings(asked: Asked, scopes: frozenset[Scope]) -> Iterator[Finding]:
    """Apply the rules of filings to what is asked; a change of nothing on file has nothing to conflict with."""
    if asked.operation is Operation.CHANGE and asked.on_file is None:
        scopes -= {Scope.FILING}
    for rule in _filing_rules(asked.operation, scopes):
        for finding in rule.findings(asked.shape.filing, asked.facts):
            told = asked.shape.told(finding, of_what_stands=rule.standing)
            if told is not None:
                yield told


def _of_requests(asked: Asked, scopes: frozenset[Scope]) -> Iterator[Finding]:
    for rule in REQUEST_RULES.values():
        if rule.scope in scopes and asked.operation in rule.operations:
            yield from rule.findings(asked, asked.facts)


@lru_cache(maxsize=64)
def _filing_rules(operation: Operation, scopes: frozenset[Scope]) -> tuple[Rule[FilingRecord], ...]:
    return tuple(rule for rule in RULES.values() if rule.scope in scopes and operation in rule.operations)
