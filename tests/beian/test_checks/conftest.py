"""Facts of a bureau in Guangdong to which a provider of Guangdong reports, with nothing on file."""

from __future__ import annotations

import datetime

import pytest

from beian.checks import Facts, check, shipped_facts
from beian.records import FilingRecord

TODAY = datetime.date(2026, 11, 22)


@pytest.fixture
def facts() -> Facts:
    facts = shipped_facts(TODAY)
    facts.province = facts.provider_province = 440000
    facts.provider = 440000000002
    return facts


def codes(filing: FilingRecord, facts: Facts) -> list[int]:
    """The codes that a filing comes back with, each once."""
    return sorted({finding.code for finding in check(filing, facts)})


def details(filing: FilingRecord, facts: Facts) -> str:
    """Everything that is said about a filing."""
    return "\n".join(finding.description() for finding in check(filing, facts))
