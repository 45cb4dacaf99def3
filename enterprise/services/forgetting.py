"""What a case holds of secrets, and must not hold once it has ended."""

from __future__ import annotations

from typing import Any

from beian.records import CancellationRecord, ChangeRecord, NewAccessRecord, NewWebsitesRecord, as_json
from beian.records.asking import without_password
from enterprise.models import Case
from enterprise.services.contents import request_of


def forgotten(case: Case) -> dict[str, Any]:
    """Give the columns of a case without its filing password; none where it holds none. To be set when it ends."""
    if case.request is None or not case.request.get("filing_password"):
        return {}
    request = request_of(case)
    assert isinstance(request, NewWebsitesRecord | NewAccessRecord | ChangeRecord | CancellationRecord)
    return {"request": as_json(without_password(request))}
