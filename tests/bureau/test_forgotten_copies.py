"""Of a sponsor that was cancelled, nothing is kept of what providers had of its filing."""

from __future__ import annotations

import pytest

from beian.models import Node, User
from beian.records import Cancelled
from bureau.services import copies, review
from bureau.workflow import State
from interface.models import HandedFiling, ProviderAccount
from interface.services import mailbox
from tests.builders import filing
from tests.bureau.test_forwarding import of_beijing
from tests.conftest import ISP_ID
from tests.on_file import PASSWORD, on_file
from tests.requests import cancellation, uploaded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]


def acknowledge_all(account: ProviderAccount, *sponsors: int) -> None:
    for sponsor in sponsors:
        mailbox.queue_filing(account, sponsor, about=f"sponsor:{sponsor}")
    while parcel := mailbox.hand_out(account):
        mailbox.acknowledge(account, parcel.file_name)


def test_at_its_own_bureau(account: ProviderAccount, reviewer: User) -> None:
    first, second = (on_file(account.bureau, filing(n), ISP_ID).sponsor.number or 0 for n in (1, 2))
    acknowledge_all(account, first, second)
    asked = cancellation(Cancelled.SPONSOR, first, filing_password=PASSWORD)
    application = uploaded(account, cancellations=[asked])
    review.claim(application.pk, reviewer)
    assert review.approve(application.pk, reviewer, None).state == State.APPROVED
    acknowledge_all(account)
    assert list(HandedFiling.objects.values_list("sponsor", flat=True)) == [second]


def test_at_a_bureau_that_has_a_copy(account: ProviderAccount, beijing: Node) -> None:
    stored = on_file(account.bureau, of_beijing(1), ISP_ID)
    acknowledge_all(account, stored.sponsor.number or 0)
    assert HandedFiling.objects.count() == 1
    copies.keep_copy(account.bureau, stored, None)
    assert not HandedFiling.objects.exists()
