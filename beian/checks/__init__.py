"""What makes a new filing wrong: `check` gives every finding at once, each under its result code."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

# Importing the modules enters their rules.
from beian.checks import addresses, attachments, contact, domains, identifiers, provider, registered, sponsor, website
from beian.checks.base import (
    ALL_SCOPES,
    APPROVAL_SCOPES,
    ELSEWHERE_SCOPES,
    HOME_SCOPES,
    RULES,
    Facts,
    Finding,
    Rule,
    Scope,
    Taken,
    shipped_facts,
)
from beian.checks.keys import certificate_key, domain_key, home_page_key, provider_id_keys, reservation_keys
from beian.checks.operations import Operation
from beian.records import FilingRecord

__all__ = [
    "ALL_SCOPES",
    "APPROVAL_SCOPES",
    "ELSEWHERE_SCOPES",
    "HOME_SCOPES",
    "RULES",
    "Facts",
    "Finding",
    "Operation",
    "Rule",
    "Scope",
    "Taken",
    "addresses",
    "attachments",
    "certificate_key",
    "check",
    "check_document",
    "contact",
    "domain_key",
    "domains",
    "home_page_key",
    "identifiers",
    "provider",
    "provider_id_keys",
    "registered",
    "reservation_keys",
    "shipped_facts",
    "sponsor",
    "website",
]


def check(filing: FilingRecord, facts: Facts, scopes: Collection[Scope] = ALL_SCOPES) -> list[Finding]:
    """Judge one filing by all rules of the given scopes; give all findings, by code and then by place.

    Changes nothing: call `facts.accept(filing, name)` when the filing is accepted.
    """
    rules = sorted((rule for rule in RULES.values() if rule.scope in scopes), key=lambda rule: rule.code)
    return [finding for rule in rules for finding in rule.findings(filing, facts)]


def check_document(
    filings: Sequence[FilingRecord], facts: Facts, scopes: Collection[Scope] = ALL_SCOPES
) -> Iterator[list[Finding]]:
    """Judge the filings of one document in order; a faultless one is noted and later ones conflict with it."""
    for index, filing in enumerate(filings):
        findings = check(filing, facts, scopes)
        if not findings:
            facts.accept(filing, f"同一文件的第{index + 1}条备案信息")
        yield findings
