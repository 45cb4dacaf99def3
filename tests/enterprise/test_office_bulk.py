"""One act on many cases: each on its own, with a report of which went and which did not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from beian.models import Event, Node, User
from beian.services.refusals import Invalid, NotAllowed
from enterprise.models import Case
from enterprise.services.assigning import assign, assign_many, pass_many, queue_many
from enterprise.workflow import State, Team
from tests.enterprise.conftest import case_in


def test_each_case_is_passed_on_its_own(isp: Node, clerk: User) -> None:
    good, gone, other = (
        case_in(isp, State.SUBMITTED, 1),
        case_in(isp, State.VERIFIED, 2),
        case_in(isp, State.SUBMITTED, 3),
    )
    reports = pass_many(isp, [other.pk, gone.pk, good.pk], clerk)
    assert [(each.case_id, each.done) for each in reports] == [(other.pk, True), (gone.pk, False), (good.pk, True)]
    assert "待上报" in reports[1].message


def test_one_that_does_not_fit_keeps_no_other_from_the_queue(isp: Node, clerk: User) -> None:
    good, bad = case_in(isp, State.VERIFIED, 1), case_in(isp, State.VERIFIED, 2)
    bad.request["websites"][0]["name"] = "长" * 600
    bad.save(update_fields=["request"])
    assert [each.done for each in queue_many(isp, [bad.pk, good.pk], clerk)] == [False, True]
    assert Case.objects.get(pk=good.pk).state == State.QUEUED
    assert Case.objects.get(pk=bad.pk).state == State.VERIFIED


def test_the_page_asks_first_and_reports_then(isp: Node, clerk: User, signed_in: Callable[..., Client]) -> None:
    first, second = case_in(isp, State.SUBMITTED, 1), case_in(isp, State.VERIFIED, 2)
    client, address = signed_in(clerk), reverse("enterprise:bulk", kwargs={"isp": isp.isp_id})
    data = {"act": "pass_check", "chosen": [first.pk, second.pk, 999_999]}
    assert first.reference is not None
    assert client.post(address, data).context["counted"] == [("新增备案", 2)]
    assert Case.objects.get(pk=first.pk).state == State.SUBMITTED
    response = client.post(address, {**data, "confirmed": "1"})
    assert response.context["done"] == 1
    assert [line.report.done for line in response.context["lines"]] == [False, True]
    assert client.post(address, {"act": "pass_check"}).status_code == 302


def test_cases_are_given_to_a_person(isp: Node, clerk: User, verifier: User, signed_in: Callable[..., Client]) -> None:
    case = case_in(isp, State.CHECKED, 1)
    client, address = signed_in(clerk), reverse("enterprise:bulk", kwargs={"isp": isp.isp_id})
    client.post(address, {"act": "assign", "chosen": [case.pk], "confirmed": "1", "person": verifier.pk})
    assert Case.objects.get().assigned_to == verifier


def test_a_case_goes_to_the_other_team(isp: Node, clerk: User, signed_in: Callable[..., Client]) -> None:
    """One alone by its own page, several by their boxes; whose they are stays where nobody else is named."""
    case, *others = (case_in(isp, State.SUBMITTED, n) for n in (1, 2, 3))
    assign(isp, case.pk, clerk, clerk)
    client = signed_in(clerk)
    address = reverse("enterprise:case_assign", kwargs={"isp": isp.isp_id, "pk": case.pk})
    client.post(address, {"person": clerk.pk, "team": "legacy"})
    case.refresh_from_db()
    assert (case.team, case.assigned_to) == (Team.LEGACY, clerk)
    assert Event.objects.filter(verb="assign", subject=str(case.pk)).latest("pk").data == {"team": "legacy"}
    assert "分配：存量数据组" in client.get(f"/isp/{isp.isp_id}/cases/{case.pk}").content.decode()
    bulk = reverse("enterprise:bulk", kwargs={"isp": isp.isp_id})
    chosen = {"act": "assign", "chosen": [each.pk for each in others], "confirmed": "1"}
    client.post(bulk, {**chosen, "team": "legacy"})
    assert {each.team for each in Case.objects.all()} == {Team.LEGACY}
    client.post(bulk, {**chosen, "team": "", "person": clerk.pk})
    assert {each.team for each in Case.objects.all()} == {Team.LEGACY}


def test_a_verifier_takes_what_is_free_and_decides_nothing(
    isp: Node, clerk: User, verifier: User, signed_in: Callable[..., Client]
) -> None:
    free, theirs = case_in(isp, State.CHECKED, 1), case_in(isp, State.CHECKED, 2)
    assign(isp, theirs.pk, clerk, clerk)
    client, address = signed_in(verifier), reverse("enterprise:bulk", kwargs={"isp": isp.isp_id})
    response = client.post(address, {"act": "take", "chosen": [free.pk, theirs.pk]})
    assert response.context["done"] == 1
    assert Case.objects.get(pk=theirs.pk).assigned_to == clerk
    assert client.post(address, {"act": "pass_check", "chosen": [free.pk], "confirmed": "1"}).status_code == 400


def test_who_may_be_given_work(isp: Node, clerk: User, verifier: User, agent_person: User, reviewer: User) -> None:
    case = case_in(isp, State.SUBMITTED, 1)
    with pytest.raises(NotAllowed):
        assign(isp, case.pk, clerk, verifier)
    for stranger in (agent_person, reviewer):
        with pytest.raises(Invalid):
            assign(isp, case.pk, stranger, clerk)
    assert assign_many(isp, [case.pk], None, clerk)[0].done
