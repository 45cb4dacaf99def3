"""What an application is about: what is asked, the filing as it stands, and what would become of it.

While an application is open that is worked out from the rows of this moment, as an approval would.
Once it has ended, what it changed, or would have changed, is what was written down beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from beian.records import FilingRecord, from_json
from beian.records.differences import Delta, Difference, difference
from beian.records.requests import Request
from bureau.models import Application
from bureau.services.prospects import filing_at, prospect_of
from bureau.services.requests import request_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A request with what surrounds it.

    `before` is the filing on file now, None where there is none here (a new filing, one of another
    province, one that is gone). `after` is what an approval would make of it, None once the
    application has ended or where it names nothing that is on file. `changes` is what differs between
    them, `both` what others changed as well since the provider's copy (`Merge.both`).
    """

    request: Request
    before: FilingRecord | None = None
    after: FilingRecord | None = None
    changes: Difference = ()
    both: Difference = ()


def matter(application: Application) -> Matter:
    """Read what `application` is about. Eight queries at most."""
    request = request_of(application)
    if isinstance(request, FilingRecord):
        return Matter(request=request, after=request)
    if not application.is_open:
        changes, both = stored_difference(application)
        before = filing_at(application.holder, application.target)
        return Matter(request=request, before=before, changes=changes, both=both)
    prospect = prospect_of(application, request)
    changes = () if prospect.after is None else difference(prospect.before, prospect.after)
    return Matter(request=request, before=prospect.before, after=prospect.after, changes=changes, both=prospect.both)


def stored_difference(application: Application) -> tuple[Difference, Difference]:
    """Give what was written down beside an application: what it changes, and what others changed as well."""
    stored = application.difference or {}
    changes, both = (tuple(from_json(each, Delta) for each in stored.get(name, ())) for name in ("changes", "both"))
    return changes, both
