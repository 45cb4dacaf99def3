"""The re-check of what is on file: who is asked and how often, what an answer changes, whose answer counts."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beian.models import Event, Mail, Node, Sponsor, User
from beian.services.refusals import Invalid, NotAllowed
from enterprise.models import (
    Case,
    Claim,
    Confirmation,
    How,
    RecheckRule,
    SponsorAccount,
    Verification,
    VerificationState,
)
from enterprise.queries.rechecks import DAYS_OF_A_MONTH, ahead, due, figures
from enterprise.services import rechecks
from enterprise.tasks import recheck_holdings
from enterprise.workflow import Kind, State
from tests.enterprise.tasked import holding

pytestmark = pytest.mark.usefixtures("code_tables")

SignIn = Callable[[User], Client]


@pytest.fixture
def rule(isp: Node) -> RecheckRule:
    """Every year; three letters, two weeks apart."""
    return RecheckRule.objects.create(provider=isp, active=True, months=12, days_between=14, most_reminders=3)


def old(sponsor: Sponsor, days: int = 400) -> Sponsor:
    """A holding that was last changed so many days ago."""
    sponsor.last_modified = timezone.now() - datetime.timedelta(days=days)
    sponsor.save(update_fields=["last_modified"])
    return sponsor


def known(sponsor: Sponsor) -> Confirmation:
    return Confirmation.objects.get(sponsor_number=sponsor.number)


def later(sponsor: Sponsor, days: int) -> None:
    """Let days pass since the last letter."""
    asked = timezone.now() - datetime.timedelta(days=days)
    Confirmation.objects.filter(sponsor_number=sponsor.number).update(reminded_at=asked)


def test_who_was_not_found_right_for_long_is_asked_at_the_address_on_file(isp: Node, rule: RecheckRule) -> None:
    late, fresh = old(holding(isp, 1)), old(holding(isp, 2), 30)
    assert rechecks.remind(isp) == 1
    letter = Mail.objects.get()
    assert letter.to == "person1@example1.cn"
    assert (late.filing_number or "?") in (letter.body or "")
    assert late.name not in (letter.body or "") + letter.subject
    assert known(late).reminders == 1
    assert not Confirmation.objects.filter(sponsor_number=fresh.number).exists()


def test_letters_are_apart_and_come_to_an_end(isp: Node, rule: RecheckRule) -> None:
    late = old(holding(isp))
    assert [rechecks.remind(isp), rechecks.remind(isp)] == [1, 0]
    for _ in range(5):
        later(late, 15)
        rechecks.remind(isp)
    assert (known(late).reminders, Mail.objects.count()) == (3, 3)


def test_not_more_letters_at_a_time_than_set_the_oldest_first(isp: Node, rule: RecheckRule) -> None:
    rule.per_run = 1
    rule.save()
    newer, older = old(holding(isp, 1), 400), old(holding(isp, 2), 500)
    assert rechecks.remind(isp) == 1
    assert known(older).reminders == 1
    assert not Confirmation.objects.filter(sponsor_number=newer.number).exists()


def test_nobody_is_asked_before_somebody_turned_it_on(isp: Node) -> None:
    old(holding(isp))
    assert rechecks.remind(isp) == 0
    assert not Mail.objects.exists()


def test_who_has_an_account_is_asked_there(isp: Node, rule: RecheckRule, sponsor_account: SponsorAccount) -> None:
    late = old(holding(isp))
    Claim.objects.create(provider=isp, account=sponsor_account, sponsor_number=late.number)
    rechecks.remind(isp)
    assert Mail.objects.get().to == sponsor_account.email


def test_without_an_address_it_is_noted_and_not_tried_for_ever(isp: Node, rule: RecheckRule) -> None:
    late = old(holding(isp))
    late.person_email = None
    late.save(update_fields=["person_email"])
    assert rechecks.remind(isp) == 0
    assert known(late).reminders == 1
    assert Event.objects.get(subject_kind="holding", verb="remind").data["letter"] is False


def test_a_sponsor_confirms_his_own_and_is_left_in_peace(
    isp: Node, rule: RecheckRule, sponsor_account: SponsorAccount
) -> None:
    late = old(holding(isp))
    Claim.objects.create(provider=isp, account=sponsor_account, sponsor_number=late.number)
    rechecks.remind(isp)
    rechecks.confirm(isp, late.number, sponsor_account)
    found = known(late)
    assert (found.how, found.reminders, found.verified_at) == (How.SPONSOR, 0, None)
    assert not due(isp, rule).exists()
    assert rechecks.remind(isp) == 0


def test_nobody_confirms_what_is_not_his(
    isp: Node, stranger_account: SponsorAccount, sponsor_account: SponsorAccount
) -> None:
    late = old(holding(isp))
    Claim.objects.create(provider=isp, account=sponsor_account, sponsor_number=late.number)
    with pytest.raises(Invalid):
        rechecks.confirm(isp, late.number, stranger_account)
    assert not Confirmation.objects.exists()


def test_a_verification_in_person_counts_from_its_day(isp: Node, rule: RecheckRule, verifier: User) -> None:
    late = old(holding(isp))
    case = Case.objects.create(
        provider=isp, reference="2026-000900", kind=Kind.CHANGE, state=State.FILED, sponsor_number=late.number
    )
    closed = timezone.now() - datetime.timedelta(days=10)
    Verification.objects.create(
        provider=isp,
        case=case,
        state=VerificationState.PASSED,
        opened_by=verifier,
        closed_by=verifier,
        closed_by_name="Chen",
        closed_at=closed,
    )
    assert [rechecks.gather(isp), rechecks.gather(isp)] == [1, 0]
    found = known(late)
    assert (found.verified_at, found.confirmed_at, found.by_name) == (closed, closed, "Chen")
    rechecks.note(isp, late.number, How.STOCK, "Feng")
    rechecks.note(isp, late.number, How.VERIFIED, "Chen", at=closed)
    assert known(late).by_name == "Feng"


def test_the_clock_runs_for_the_providers_of_this_process(isp: Node, rule: RecheckRule) -> None:
    old(holding(isp))
    assert recheck_holdings() == 1


def test_the_figures(isp: Node, rule: RecheckRule) -> None:
    first, second, third = (old(holding(isp, seed)) for seed in (1, 2, 3))
    rechecks.note(isp, first.number, How.STOCK, "Feng")
    rechecks.ask(isp, second, rule)
    found = figures(isp, rule)
    assert (found.holdings, found.due, found.waiting, found.exhausted) == (3, 2, 1, 0)
    assert found.recent == {"存量核验": 1}
    assert third.number in set(due(isp, rule).values_list("number", flat=True))


def test_who_sets_the_rule(isp: Node, clerk: User, office_administrator: User) -> None:
    with pytest.raises(NotAllowed):
        rechecks.set_rule(isp, clerk, months=6)
    rechecks.set_rule(isp, office_administrator, months=6, active=True)
    assert rechecks.rule_of(isp).months == 6
    assert Event.objects.get(subject_kind="recheck_rule").data == {"months": 6, "active": True}


def at(isp: Node, name: str, **kwargs: int) -> str:
    return reverse(f"enterprise:{name}", kwargs={"isp": isp.isp_id, **kwargs})


def test_the_page_of_the_office(signed_in: SignIn, isp: Node, rule: RecheckRule, office_supervisor: User) -> None:
    late = old(holding(isp))
    page = signed_in(office_supervisor).get(at(isp, "rechecks"))
    assert [row.row.number for row in page.context["page"].rows] == [late.number]
    wrong = {"months": "0", "days_between": "x", "most_reminders": "3", "per_run": "5"}
    refused = signed_in(office_supervisor).post(at(isp, "recheck_rule"), wrong)
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"months", "days_between"})
    signed_in(office_supervisor).post(at(isp, "recheck_rule"), {**wrong, "months": "24", "days_between": "30"})
    assert not RecheckRule.objects.get().active
    assert not signed_in(office_supervisor).get(at(isp, "rechecks")).context["page"].rows


def test_the_page_of_a_sponsor(
    signed_in: SignIn, isp: Node, sponsor_account: SponsorAccount, stranger_account: SponsorAccount
) -> None:
    late = old(holding(isp))
    Claim.objects.create(provider=isp, account=sponsor_account, sponsor_number=late.number)
    his, other = signed_in(sponsor_account.user), signed_in(stranger_account.user)
    assert "请核对" in his.get(at(isp, "portal_rechecks")).content.decode()
    assert late.name not in other.get(at(isp, "portal_rechecks")).content.decode()
    other.post(at(isp, "portal_recheck", number=late.number))
    assert not Confirmation.objects.exists()
    his.post(at(isp, "portal_recheck", number=late.number))
    assert "近期已确认" in his.get(at(isp, "portal_rechecks")).content.decode()


def test_with_nothing_due_it_says_only_what_is_true(
    signed_in: SignIn, isp: Node, rule: RecheckRule, office_supervisor: User
) -> None:
    def said() -> str:
        page = signed_in(office_supervisor).get(at(isp, "rechecks")).content.decode()
        return page.partition('id="due"')[2].partition('class="pager')[0]

    assert "还没有备案" in said()
    sponsors = [old(holding(isp, seed), days) for seed, days in ((1, 30), (2, 60))]
    assert "全部 2 份备案在本系统还没有确认过" in said()
    assert "个月内确认过" not in said()
    found = ahead(isp, rule)
    assert found.never_due == found.first_due
    assert found.first_due is not None
    assert (found.first_due - timezone.now()).days == int(12 * DAYS_OF_A_MONTH - 60)
    rechecks.note(isp, sponsors[1].number, How.STOCK, "Feng", at=timezone.now() - datetime.timedelta(days=90))
    assert "有 1 份备案在本系统还没有确认过" in said()
    assert "最早应复核的一份在" in said()
    rechecks.note(isp, sponsors[0].number, How.STOCK, "Feng")
    assert "所有备案都在 12 个月内确认过" in said()
