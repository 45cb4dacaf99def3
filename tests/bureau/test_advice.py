"""No code leaves a provider without a word about what to do."""

from __future__ import annotations

import pytest

from beian.checks import RULES
from bureau.advice import CALLS, RECORDS, advise
from bureau.services import approval, refusal
from interface.codes import Code

OF_DOCUMENTS = (5001, 5003, 5004, 5008, 5009, 5011, 5999)


@pytest.mark.parametrize("code", sorted({*RULES, *OF_DOCUMENTS, approval.APPROVED, refusal.REFUSED}))
def test_every_code_of_a_record_has_advice(code: int) -> None:
    assert advise(code) == RECORDS[code]


@pytest.mark.parametrize("code", [int(code) for code in Code])
def test_every_code_of_a_call_has_advice(code: int) -> None:
    assert advise(code) == CALLS[code]


def test_what_was_no_call_has_advice_too() -> None:
    assert advise(None)
