"""The bureau's own rules, before anything is submitted: what a record alone shows, and what our copy tells.

Findings bear paths (`about`) like `websites.0.domains.1.name`, by which a form shows them beside its fields.
"""

from __future__ import annotations

from beian.checks import Finding, Scope
from beian.checks.request_facts import load_request_facts
from beian.checks.requests import ask, check_request
from beian.models import Node
from beian.records import AttachmentRecord, CheckResultRecord, UnfiledHandlingRecord
from enterprise.services.contents import CaseRequest


def findings(provider: Node, request: CaseRequest) -> list[Finding]:
    """Give what the bureau would certainly refuse: rules that the record alone shows, all at once."""
    return _judged(provider, request, Scope.FORM)


def warnings(provider: Node, request: CaseRequest) -> list[Finding]:
    """Give what our copy of the filings says against a request; the bureau knows more, so these do not stop it."""
    return _judged(provider, request, Scope.FILING)


def _judged(provider: Node, request: CaseRequest, scope: Scope) -> list[Finding]:
    if isinstance(request, AttachmentRecord | CheckResultRecord | UnfiledHandlingRecord):
        return []
    known = load_request_facts(provider, isp_id=provider.isp_id, requests=[request])
    return check_request(ask(request, known), {scope})
