"""The codes that a bureau answers with, and their words: return codes of calls, result codes of records.

They are data (`result_codes.csv`, from the published interface). One message differs on
purpose: 13 has the wording that providers were trained on (seed, part 2, question 1).
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_suffix(".csv")
OTHER_ERROR = 999


@cache
def messages() -> dict[int, str]:
    """Give every code with its message."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {int(row["code"]): row["message"] for row in csv.DictReader(file)}


def message(code: int) -> str:
    """Give the message of `code`. Raises `KeyError` for a code that the interface does not have."""
    return messages()[code]
