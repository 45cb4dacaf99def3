"""Applications that a cancellation leaves without an object: they come back at once.

Left in the queue they would be returned only when a reviewer tries to approve them, and keep others
from their domains until then. This happens after the cancellation is committed, each application in a
transaction of its own, so that it waits for nobody who decides about the same sponsor; one that is
missed here comes back at its approval all the same.
"""

from __future__ import annotations

from django.db import transaction

from beian.checks.requests.names import SPONSOR_GONE, WEBSITE_GONE
from beian.models import Node
from bureau.models import Application
from bureau.services import approval
from bureau.services.guard import lock

GONE = frozenset({SPONSOR_GONE, WEBSITE_GONE})


def return_overtaken(bureau: Node, sponsor: int) -> int:
    """Return what waits about `sponsor` (bureau-issued number) and is about nothing any more; gives how many."""
    waiting = Application.objects.at(bureau).open().filter(target=sponsor).order_by("pk")
    return sum(_returned(pk) for pk in waiting.values_list("pk", flat=True))


def _returned(pk: int) -> bool:
    with transaction.atomic():
        application = lock(pk)
        if not application.is_open:
            return False
        findings = approval.consider(application).findings
        if not any(finding.code in GONE for finding in findings):
            return False
        approval.return_for_conflict(application, findings)
        return True
