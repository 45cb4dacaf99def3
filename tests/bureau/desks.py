"""What tests of the reviewers' pages share."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from beian.models import Node, User
from bureau.models import Application, RefusalReason
from bureau.workflow import State
from tests.applications import application_row

REVIEW = "/bureaus/440000/review/"


def claimed_row(bureau: Node, user: User, **values: Any) -> Application:
    """An application that `user` holds for another half hour."""
    until = timezone.now() + datetime.timedelta(minutes=30)
    return application_row(bureau, **{"state": State.CLAIMED, "claimed_by": user, "claimed_until": until, **values})


def reasons(bureau: Node, *titles: str) -> list[RefusalReason]:
    """The bureau's list of reasons, whose texts say a little more than their titles."""
    return [
        RefusalReason.objects.create(bureau=bureau, title=title, text=f"{title}，请更正后重新报备。", position=place)
        for place, title in enumerate(titles, 1)
    ]
