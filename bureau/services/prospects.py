"""What a request would make of a filing: how it stands, how it would stand, and what differs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from beian.checks.requests import Asked
from beian.models import Node
from beian.records import ChangeRecord, FilingRecord, as_json, from_json
from beian.records.applied import NotOnFile, applied
from beian.records.differences import Difference, difference
from beian.records.merging import merged
from beian.records.requests import Request
from beian.records.rows import filings
from bureau.models import Application
from bureau.services.requests import request_of


@dataclass(frozen=True, slots=True)
class Prospect:
    """A filing `before` and `after` a request; None where there is none, or the request names it in vain.

    `after` has no numbers yet for what is new. `both` is what others changed as well since the provider
    last had the filing; `after` has what the provider asks for there.
    """

    before: FilingRecord | None
    after: FilingRecord | None
    both: Difference = ()

    def as_json(self) -> dict[str, Any] | None:
        """Write the difference as an application keeps it."""
        if self.after is None:
            return None
        return {"changes": as_json(difference(self.before, self.after)), "both": as_json(self.both)}


def prospect(request: Request, on_file: FilingRecord | None, isp_id: int, base: FilingRecord | None = None) -> Prospect:
    """Tell what `request` of the provider `isp_id` would make of `on_file`; `base` is what it last acknowledged."""
    if isinstance(request, FilingRecord):
        return Prospect(None, request)
    if on_file is None:
        return Prospect(None, None)
    if isinstance(request, ChangeRecord):
        merge = merged(base, on_file, request, isp_id)
        return Prospect(on_file, merge.as_asked, merge.both)
    try:
        return Prospect(on_file, applied(on_file, request, isp_id))
    except NotOnFile:
        return Prospect(on_file, None)


def prospect_of(application: Application, request: Request | None = None) -> Prospect:
    """Tell what an application would change now, by the rows of its bureau as they stand at this moment."""
    request = request or request_of(application)
    on_file = filing_at(application.holder, application.target)
    base = None if application.base is None else from_json(application.base, FilingRecord)
    return prospect(request, on_file, application.isp_id, base)


def filing_at(holder: Node, sponsor: int | None) -> FilingRecord | None:
    """Give a sponsor's whole filing in `holder`'s copy, None where there is none."""
    return None if sponsor is None else filings(holder, [sponsor]).get(sponsor)


def prospect_in(asked: Asked) -> Prospect:
    """Tell what a request would make of the filing beside which it was put to be judged."""
    if asked.merge is not None:
        return Prospect(asked.on_file, asked.merge.as_asked, asked.merge.both)
    return Prospect(asked.on_file, asked.after)
