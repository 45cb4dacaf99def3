"""Rows for the URLs of holdings, so that `test_access` can call every view."""

from __future__ import annotations

from typing import Any

from beian.models import Node
from tests.beian.url_examples import example
from tests.enterprise.applying import arrive, filed


def _holding(provider: Node) -> dict[str, Any]:
    filing = filed(provider, 1)
    arrive(provider, "D1", filings=[filing])
    return {"number": filing.sponsor.number}


# The page itself is an agent's too, but not this holding's: there a number that nobody has serves.
example("enterprise:holding_reveal")(_holding)
