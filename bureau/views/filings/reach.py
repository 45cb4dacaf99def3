"""How far a person sees into filings: everybody with a page here reads them masked, reviewers further."""

from __future__ import annotations

from beian.web.access import who_may
from beian.web.requests import NodeRequest


def reads_applications(request: NodeRequest) -> bool:
    """Tell whether the person may open applications."""
    return _admits(request, "bureau:application")


def sees_persons(request: NodeRequest) -> bool:
    """Tell whether the person may reveal personal data and look at scans."""
    return _admits(request, "bureau:filing_reveal")


def may_close(request: NodeRequest) -> bool:
    """Tell whether the person may order a filing to be closed."""
    return _admits(request, "bureau:closure_confirm")


def _admits(request: NodeRequest, view: str) -> bool:
    return who_may()[view].admits(request.membership_roles, signed_in=True)
