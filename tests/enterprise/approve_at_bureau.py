"""A reviewer approves the one application that waits: a process of the bureau's node, with one stage of review."""

from __future__ import annotations

import sys

import django

django.setup()

from beian.models import User  # noqa: E402
from bureau.models import Application  # noqa: E402
from bureau.services import review  # noqa: E402

if __name__ == "__main__":
    reviewer, application = User.objects.get(username=sys.argv[1]), Application.objects.get()
    review.decide_many(application.holder, [application.pk], reviewer, "approve", [], "同意")
    application.refresh_from_db()
    print("approved", application.filing_number)
