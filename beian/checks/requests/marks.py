"""Marks of pending requests: what they exclude until they are decided.

A mark is a reservation like that of a domain: taken when a request is accepted, given back at its end.
"""

from __future__ import annotations

from beian.checks.requests.naming import SPONSOR, WEBSITE

CHANGE, CANCELLATION, NEW_ACCESS = "change", "cancellation", "access"

Mark = tuple[str, str]


def change_of_sponsor(number: int) -> Mark:
    """Mark the sponsor part of a filing as being changed (1017)."""
    return CHANGE, f"{SPONSOR}:{number}"


def change_of_website(number: int) -> Mark:
    """Mark a website as being changed (1017)."""
    return CHANGE, f"{WEBSITE}:{number}"


def cancelling(kind: str, number: int) -> Mark:
    """Mark a sponsor, a website or an access as being cancelled (1027, 1030, 1032, 1042, 1043)."""
    return CANCELLATION, f"{kind}:{number}"


def access_for(website: int, isp_id: int) -> Mark:
    """Mark that a provider asked for an access to a website (1029)."""
    return NEW_ACCESS, f"{website}:{isp_id}"
