"""One reviewer at a time: claims last, expire, and are taken over with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from beian.models import Event, Node, User
from bureau.models import Application
from bureau.services import review
from bureau.workflow import State
from tests.applications import application_row

pytestmark = pytest.mark.django_db


def expire(application: Application) -> None:
    Application.objects.filter(pk=application.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))


def test_a_claim_holds_the_application(guangdong: Node, reviewer: User, colleague: User) -> None:
    application = application_row(guangdong)
    claimed = review.claim(application.pk, reviewer)
    assert (claimed.state, claimed.claimed_by) == (State.CLAIMED, reviewer)
    with pytest.raises(review.ClaimedByOther, match="Zhao"):
        review.claim(application.pk, colleague)


def test_claiming_again_renews_quietly(guangdong: Node, reviewer: User) -> None:
    application = application_row(guangdong)
    review.claim(application.pk, reviewer)
    review.claim(application.pk, reviewer)
    assert Event.objects.filter(subject=str(application.pk), verb="claim").count() == 1


def test_an_expired_claim_is_open_to_others(guangdong: Node, reviewer: User, colleague: User) -> None:
    application = application_row(guangdong)
    review.claim(application.pk, reviewer)
    expire(application)
    assert review.claim(application.pk, colleague).claimed_by == colleague


def test_expired_claims_go_back_to_the_queue(guangdong: Node, reviewer: User) -> None:
    application = application_row(guangdong)
    review.claim(application.pk, reviewer)
    assert review.release_expired() == 0
    expire(application)
    assert review.release_expired() == 1
    application.refresh_from_db()
    assert (application.state, application.claimed_by) == (State.PENDING, None)


def test_only_a_running_claim_is_renewed(guangdong: Node, reviewer: User, colleague: User) -> None:
    application = application_row(guangdong)
    review.claim(application.pk, reviewer)
    assert review.renew(application.pk, reviewer)
    assert not review.renew(application.pk, colleague)
    expire(application)
    assert not review.renew(application.pk, reviewer)


def test_giving_back_what_is_not_ones_own_changes_nothing(guangdong: Node, reviewer: User, colleague: User) -> None:
    application = application_row(guangdong)
    review.claim(application.pk, reviewer)
    assert review.release(application.pk, colleague).claimed_by == reviewer
    assert review.release(application.pk, reviewer).state == State.PENDING


def test_a_supervisor_takes_over_with_a_reason(guangdong: Node, reviewer: User, supervisor: User) -> None:
    application = application_row(guangdong)
    review.claim(application.pk, reviewer)
    with pytest.raises(review.Invalid):
        review.take_over(application.pk, supervisor, " ")
    assert review.take_over(application.pk, supervisor, "审核员请假").claimed_by == supervisor
    event = Event.objects.get(subject=str(application.pk), verb="take_over")
    assert (event.reason, event.data) == ("审核员请假", {"from": "Zhao"})


def test_a_reviewer_does_not_take_over(guangdong: Node, reviewer: User, colleague: User) -> None:
    application = application_row(guangdong)
    review.claim(application.pk, reviewer)
    with pytest.raises(review.NotAllowed):
        review.take_over(application.pk, colleague, "我先来")


def test_people_without_the_role_do_not_claim(
    guangdong: Node, outsider: User, provider_manager: User, administrator: User
) -> None:
    application = application_row(guangdong)
    for user in (outsider, provider_manager, administrator):
        with pytest.raises(review.NotAllowed):
            review.claim(application.pk, user)


def test_a_decided_one_is_not_claimed(guangdong: Node, reviewer: User) -> None:
    application = application_row(guangdong, state=State.REFUSED)
    with pytest.raises(review.MovedOn, match="已拒绝"):
        review.claim(application.pk, reviewer)
