"""Two people of a bureau approve the one application that waits there: a process of that node."""

from __future__ import annotations

import sys

import django

django.setup()

from beian import store  # noqa: E402
from beian.models import User  # noqa: E402
from beian.records import FilingRecord, from_json  # noqa: E402
from bureau.models import Application  # noqa: E402
from bureau.services import review  # noqa: E402
from bureau.services.requests import contents_of  # noqa: E402

if __name__ == "__main__":
    first, second = (User.objects.get(username=name) for name in sys.argv[1:])
    application = Application.objects.get()
    for content in contents_of(from_json(application.record, FilingRecord)):
        assert len(store.get(content.sha256)) == content.size
        print("attachment", content.sha256)
    review.claim(application.pk, first)
    review.recommend(application.pk, first, "approve", [], "材料齐全", None)
    review.claim(application.pk, second)
    print("approved", review.approve(application.pk, second, None, "同意").filing_number)
