"""The queues: what each holds, for whom, in which order, and the way to the next case."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from beian.models import Node, Role, User
from enterprise.models import Agent, Case, TeamMember
from enterprise.queries.queues import NULLABLE, QUEUES, SORTS, holds_text, listed
from enterprise.services.assigning import assign
from enterprise.workflow import State, Team
from tests.enterprise.conftest import case_in, make_sponsor
from tests.planning import without


def shown(client: Client, isp: Node, query: str = "") -> list[Case]:
    response = client.get(reverse("enterprise:queue", kwargs={"isp": isp.isp_id}) + query)
    assert response.status_code == 200
    page = response.context["page"]
    return page.objects


def put(case: Case, state: State) -> Case:
    """Set a case where it could only come with a bureau's help, past the database's guard."""
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute("update enterprise_case set state = %s where id = %s", [state, case.pk])
        cursor.execute("set local session_replication_role = origin")
    return Case.objects.get(pk=case.pk)


def test_every_state_has_its_queue(isp: Node, clerk: User) -> None:
    """A case is in one of the queues by state, wherever it stands; what a sponsor still writes is in none."""
    case = case_in(isp, State.SUBMITTED)
    by_state = [queue for queue in QUEUES if queue.name not in ("mine", "unassigned")]
    for state in State:
        if state == State.DRAFT:
            continue
        put(case, state)
        found = [queue.name for queue in by_state if Case.objects.filter(queue.wanted(clerk), pk=case.pk).exists()]
        assert len(found) == 1, state


def test_a_clerk_begins_with_what_waits_for_the_check(isp: Node, clerk: User, signed_in: Callable[..., Client]) -> None:
    waiting = case_in(isp, State.SUBMITTED, 1)
    case_in(isp, State.VERIFIED, 2)
    assert shown(signed_in(clerk), isp) == [waiting]


def test_nothing_is_counted_by_a_filter_that_does_not_fit(
    isp: Node, clerk: User, signed_in: Callable[..., Client]
) -> None:
    case_in(isp, State.SUBMITTED, 1)
    client, address = signed_in(clerk), reverse("enterprise:queue", kwargs={"isp": isp.isp_id})
    words = {tab.label: words for tab, words in client.get(address).context["tabs"]}
    assert words["待初审"] == "1"
    assert {words for _, words in client.get(f"{address}?submitted_from=2026-99-99").context["tabs"]} == {""}


def test_a_verifier_begins_with_what_waits_for_verification(
    isp: Node, verifier: User, signed_in: Callable[..., Client]
) -> None:
    case_in(isp, State.SUBMITTED, 1)
    waiting = case_in(isp, State.CHECKED, 2)
    assert shown(signed_in(verifier), isp) == [waiting]


def test_the_nearest_deadline_comes_first_and_overdue_is_marked(
    isp: Node, clerk: User, signed_in: Callable[..., Client]
) -> None:
    later, sooner = case_in(isp, State.SUBMITTED, 1), case_in(isp, State.SUBMITTED, 2)
    Case.objects.filter(pk=sooner.pk).update(precheck_due="2026-01-05")
    client = signed_in(clerk)
    assert shown(client, isp) == [sooner, later]
    response = client.get(reverse("enterprise:queue", kwargs={"isp": isp.isp_id}) + "?due=overdue")
    assert response.context["page"].objects == [sooner]
    assert "超期" in response.content.decode()


def test_the_teams_have_queues_of_their_own(isp: Node, clerk: User, signed_in: Callable[..., Client]) -> None:
    new, legacy = case_in(isp, State.SUBMITTED, 1), case_in(isp, State.SUBMITTED, 2)
    Case.objects.filter(pk=legacy.pk).update(team=Team.LEGACY)
    client = signed_in(clerk)
    assert set(shown(client, isp)) == {new, legacy}
    TeamMember.objects.create(provider=isp, user=clerk, team=Team.LEGACY)
    assert shown(client, isp) == [legacy]
    TeamMember.objects.create(provider=isp, user=clerk, team=Team.NEW)
    assert set(shown(client, isp)) == {new, legacy}
    assert shown(client, isp, "?team=legacy") == [legacy]


def test_an_agents_people_see_its_own_sponsors_only(
    isp: Node, agent_person: User, signed_in: Callable[..., Client]
) -> None:
    agent = Agent.objects.get()
    own = case_in(isp, State.SUBMITTED, 1, make_sponsor(isp, "own@example3.cn", "齐示例", agent))
    other = case_in(isp, State.SUBMITTED, 2)
    client = signed_in(agent_person)
    assert shown(client, isp) == [own]
    kwargs = {"isp": isp.isp_id}
    assert client.get(reverse("enterprise:case", kwargs={**kwargs, "pk": own.pk})).status_code == 200
    assert client.get(reverse("enterprise:case", kwargs={**kwargs, "pk": other.pk})).status_code == 404
    Agent.objects.update(open=False)
    assert shown(client, isp) == []


def test_an_agents_people_are_not_told_who_else_works_for_the_provider(
    isp: Node, clerk: User, agent_person: User, signed_in: Callable[..., Client]
) -> None:
    Agent.objects.create(provider=isp, name="另一家代理商")
    address = reverse("enterprise:queue", kwargs={"isp": isp.isp_id})
    for user, told in ((clerk, True), (agent_person, False)):
        page = signed_in(user).get(address).content.decode()
        assert "示例代理商" in page
        assert ("另一家代理商" in page) is told
        assert (f'value="{clerk.pk}">{clerk}<' in page) is told


def test_cases_of_another_provider_are_none(
    isp: Node, clerk: User, person: Callable[..., User], signed_in: Callable[..., Client]
) -> None:
    case = case_in(isp, State.SUBMITTED)
    elsewhere = Node.objects.create(code="provider:440000000099", kind="provider", name="别家", province=440000)
    stranger = person("he", elsewhere, Role.CLERK)
    client = signed_in(stranger)
    assert shown(client, elsewhere) == []
    assert client.get(reverse("enterprise:case", kwargs={"isp": elsewhere.isp_id, "pk": case.pk})).status_code == 404
    assert client.get(reverse("enterprise:case", kwargs={"isp": isp.isp_id, "pk": case.pk})).status_code == 403


def test_the_next_case_is_nobodys_or_ones_own(isp: Node, clerk: User, office_supervisor: User, signed_in) -> None:  # type: ignore[no-untyped-def]
    first, second, third = (case_in(isp, State.SUBMITTED, n) for n in (1, 2, 3))
    assign(isp, second.pk, office_supervisor, office_supervisor)
    client, url = signed_in(clerk), reverse("enterprise:next_case", kwargs={"isp": isp.isp_id})
    assert f"/cases/{first.pk}" in client.post(f"{url}?queue=check")["Location"]
    assert f"/cases/{third.pk}" in client.post(f"{url}?queue=check", {"after": first.pk})["Location"]
    assert f"/cases/{first.pk}" in client.post(f"{url}?queue=check", {"after": third.pk})["Location"]


def test_a_name_a_domain_or_a_reference_finds_a_case(isp: Node, clerk: User, signed_in: Callable[..., Client]) -> None:
    case, _ = case_in(isp, State.SUBMITTED, 1), case_in(isp, State.SUBMITTED, 2)
    client = signed_in(clerk)
    for text in (case.first_domain, case.reference):
        assert shown(client, isp, f"?text={text}") == [case], text


@pytest.mark.parametrize("queue", [queue for queue in QUEUES if queue.due], ids=lambda queue: queue.name)
def test_deadlines_are_read_by_index(isp: Node, clerk: User, queue) -> None:  # type: ignore[no-untyped-def]
    case_in(isp, State.SUBMITTED)
    assert queue.due in NULLABLE
    rows = listed(Case.objects.at(isp)).filter(queue.wanted(clerk)).order_by(queue.due, "pk")[:50]
    assert f"case_{queue.due}" in explained(rows)


def test_the_other_orders_are_read_by_index(isp: Node, clerk: User) -> None:
    case_in(isp, State.SUBMITTED)
    wanted = QUEUES[0].wanted(clerk)
    for path, index in ((SORTS["since"], "case_standing_since"), (SORTS["sponsor"], "case_by_name")):
        assert index in explained(listed(Case.objects.at(isp)).filter(wanted).order_by(path, "pk")[:50])
    without("indexscan")
    assert "case_search" in explained(Case.objects.filter(holds_text("科技有限")))


def explained(rows) -> str:  # type: ignore[no-untyped-def]
    without("seqscan", "sort")
    return str(rows.explain())
