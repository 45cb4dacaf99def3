"""No code leaves a provider without a word about what to do."""

from __future__ import annotations

import pytest

from beian.advice import CALLS, RECORDS, advise
from beian.checks import RULES
from beian.result_codes import messages
from interface.codes import Code

OF_RECORDS = [code for code in messages() if 1000 <= code < 2000 or 5000 <= code < 6000]


@pytest.mark.parametrize("code", sorted({*RULES, *OF_RECORDS}))
def test_every_code_of_a_record_or_a_document_has_advice(code: int) -> None:
    assert advise(code) == RECORDS[code]


@pytest.mark.parametrize("code", [int(code) for code in Code])
def test_every_code_of_a_call_has_advice(code: int) -> None:
    assert advise(code) == CALLS[code]


def test_what_was_no_call_has_advice_too() -> None:
    assert advise(None)


def test_advice_is_for_published_codes_only_and_says_a_sentence() -> None:
    assert {*CALLS, *RECORDS} <= set(messages())
    assert all(text.endswith("。") for text in (*CALLS.values(), *RECORDS.values()))
