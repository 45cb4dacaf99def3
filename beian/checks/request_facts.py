"""Load what rules of requests need to know for a whole document: a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from beian.checks.requests import Known
from beian.models import Node
from beian.records import Request


def load_request_facts(
    holder: Node,
    *,
    isp_id: int,
    requests: Sequence[Request],
    except_application: int | None = None,
    waiting: Mapping[int, int] | None = None,
    passwords: Mapping[tuple[int, str], bool | None] | None = None,
) -> Known:
    """Load what the rules need to judge `requests`, reported by provider `isp_id`, at the bureau `holder`.

    `requests` may hold new filings too: those are judged with the same facts. `except_application` leaves
    out what that application itself has taken, for judging it again. `waiting` counts the provider's
    changes that wait for a decision here, by sponsor's number (1051). `passwords` are verdicts that
    `beian.checks.passwords.password_verdicts` gave before the transaction; what is missing there is
    compared now, which is slow.
    """
    raise NotImplementedError
