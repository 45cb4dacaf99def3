"""What the office reports of its own accord: written, checked and queued in one go."""

from __future__ import annotations

from beian.models import Node, User
from enterprise.models import Case
from enterprise.services import cases
from enterprise.services.contents import CaseRequest


def send(provider: Node, case: Case, request: CaseRequest, actor: User) -> Case:
    """Take a case that nobody else has to look at from its draft into the upload queue.

    Call inside a transaction. Raises `Invalid` where its record does not fit the wire.
    """
    cases.submit(provider, case.pk, request, actor)
    cases.pass_check(provider, case.pk, actor)
    return cases.queue(provider, case.pk, actor)
