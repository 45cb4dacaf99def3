"""`generate_cases` leaves what the services would have left, and never in the way of what is real."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from beian import store
from beian.models import Access, Event, Node, ProviderId, Sponsor, User
from enterprise.generate.ways import SHARES, WITH_BUREAU
from enterprise.models import Case, Outgoing, SponsorAccount
from enterprise.queries.on_file import filing_of
from enterprise.services import cases, judging
from enterprise.services.cases import Beginning
from enterprise.services.contents import address_of, request_of
from enterprise.services.drafts import record_of
from enterprise.services.writing import problems
from enterprise.workflow import Kind, State
from tests.enterprise.conftest import new_filing


def generate(provider: Node, count: int = 100, holdings: int = 80) -> None:
    isp_id = provider.isp_id
    call_command("generate_cases", provider=isp_id, cases=count, holdings=holdings, batch=60, verbosity=0)


@pytest.fixture
def made(isp: Node, clerk: User, sponsor_account: SponsorAccount) -> Node:
    generate(isp)
    return isp


def test_every_state_has_its_share(made: Node) -> None:
    for state, share in SHARES:
        assert Case.objects.filter(state=state).count() == share, state


def test_a_case_says_what_its_request_says(made: Node) -> None:
    for case in Case.objects.exclude(state=State.DRAFT):
        request = request_of(case)
        address = address_of(request)
        assert (case.subject, case.answered_as) == (address.subject, address.answered_as)
        assert case.first_domain == request.websites[0].domains[0].name
        assert judging.findings(made, request) == []
        assert problems(made, case) == []
        assert record_of(case.kind, case.typed)[0] is not None


def test_documents_hold_the_cases_that_the_bureau_had(made: Node) -> None:
    went = Case.objects.filter(state__in=sorted(WITH_BUREAU))
    assert went.filter(document=None).count() == 0
    assert Case.objects.exclude(state__in=sorted(WITH_BUREAU)).exclude(document=None).count() == 0
    for outgoing in Outgoing.objects.all():
        assert outgoing.cases.count() == outgoing.records
        assert store.get(outgoing.content).startswith(b"<?xml")


def test_a_filed_case_is_among_the_holdings(made: Node) -> None:
    assert Sponsor.objects.held_by(made).count() == 80
    filed = Case.objects.filter(state=State.FILED)
    for case in filed:
        held = filing_of(made, case.sponsor_number)
        assert held is not None
        assert (held.sponsor.filing_number, held.sponsor.name) == (case.filing_number, case.sponsor_name)
    names = Case.objects.exclude(state=State.FILED).values_list("sponsor_name", "certificate_index")
    taken = set(Sponsor.objects.held_by(made).values_list("certificate_index", flat=True))
    assert not taken & {index for _, index in names if index}


def test_holdings_are_the_providers_own(made: Node) -> None:
    assert set(Access.objects.held_by(made).values_list("isp_id", flat=True)) == {made.isp_id}
    assert ProviderId.objects.filter(holder=made, isp_id=made.isp_id).exists()


def test_events_tell_the_way(made: Node) -> None:
    case = Case.objects.filter(state=State.FILED).first()
    assert case is not None
    told = Event.objects.filter(subject_kind="case", subject=str(case.pk)).order_by("id")
    verbs = [event.verb for event in told]
    assert verbs[0] == "begin"
    assert verbs[-1] == "hear_filed"
    assert [event.at for event in told] == sorted(event.at for event in told)
    assert told.last().data["after"] == State.FILED


def test_a_real_case_comes_after_it(made: Node, clerk: User) -> None:
    case = cases.begin(made, Beginning(kind=Kind.NEW_FILING), clerk)
    submitted = cases.submit(made, case.pk, new_filing(), clerk)
    taken = set(Case.objects.exclude(pk=case.pk).values_list("subject", flat=True))
    assert submitted.subject not in taken


def test_it_goes_on_with_new_numbers(made: Node) -> None:
    generate(made, 20, 20)
    assert Case.objects.count() == 120
    assert Sponsor.objects.held_by(made).count() == 100


def test_outside_demo_mode_it_refuses(isp: Node, settings: Settings) -> None:
    settings.ENV = replace(settings.ENV, demo=False)
    with pytest.raises(CommandError, match="demo mode"):
        generate(isp)
