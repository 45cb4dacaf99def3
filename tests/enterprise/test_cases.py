"""The life of a case at the office, verb by verb."""

from __future__ import annotations

from dataclasses import replace

import pytest

from beian.models import Event, Node, User
from beian.records import AccessRecord
from beian.services.refusals import Invalid, MovedOn, NotAllowed
from enterprise.models import Case, SponsorAccount
from enterprise.services import cases
from enterprise.services.cases import Beginning, Correction, Defective
from enterprise.services.contents import request_of
from enterprise.services.drafts import record_of
from enterprise.workflow import Kind, Origin, State
from tests import builders
from tests.enterprise.conftest import case_in, new_filing


def test_submitting_gives_ids_and_a_date_for_the_check(isp: Node, sponsor_account: SponsorAccount) -> None:
    case = case_in(isp, State.SUBMITTED, account=sponsor_account)
    request = request_of(case)
    ids = [request.sponsor.provider_id, *(website.provider_id for website in request.websites)]
    assert None not in ids
    assert len(set(ids)) == len(ids)
    assert (case.subject, case.answered_as) == (str(request.sponsor.provider_id), 1)
    assert request.attachments[0].owner == str(request.sponsor.provider_id)
    assert case.precheck_due is not None


def test_a_corrected_request_keeps_its_ids(isp: Node, clerk: User) -> None:
    case = case_in(isp, State.SUBMITTED)
    before = request_of(case)
    cases.send_back(isp, case.pk, [Correction("websites.0.name", "请写全称")], clerk)
    corrected = builders.changed(before, "websites.0.name", "示例网站改")
    again = request_of(cases.submit(isp, case.pk, corrected, None))
    assert again == corrected


def test_all_defects_are_told_at_once(isp: Node) -> None:
    case = case_in(isp, State.DRAFT)
    wrong = builders.changed(new_filing(), "sponsor.person.mobile", "12")
    wrong = builders.changed(wrong, "websites.0.person.email", "nobody")
    with pytest.raises(Defective) as caught:
        cases.submit(isp, case.pk, wrong, None)
    assert {"sponsor.person.mobile", "websites.0.person.email"} <= set(caught.value.errors)
    assert Case.objects.get().state == State.DRAFT


def test_a_new_filing_waits_for_verification(isp: Node, clerk: User, verifier: User) -> None:
    case = case_in(isp, State.SUBMITTED)
    assert cases.pass_check(isp, case.pk, clerk).state == State.CHECKED
    material = builders.attachment("sponsor", data=builders.jpeg_bytes(5))
    verified = cases.verify(isp, case.pk, verifier, [material])
    assert verified.state == State.VERIFIED
    assert request_of(verified).attachments[-1].content == material.content


def test_a_record_that_the_schema_refuses_stays_out_of_the_queue(isp: Node, clerk: User) -> None:
    case = case_in(isp, State.VERIFIED)
    request = request_of(case)
    case.request["websites"][0]["name"] = "长" * 600
    case.save(update_fields=["request"])
    with pytest.raises(Invalid):
        cases.queue(isp, case.pk, clerk)
    assert request.websites


def test_roles_and_states_are_guarded(isp: Node, clerk: User, verifier: User, agent_person: User) -> None:
    case = case_in(isp, State.SUBMITTED)
    with pytest.raises(NotAllowed):
        cases.pass_check(isp, case.pk, agent_person)
    with pytest.raises(MovedOn):
        cases.queue(isp, case.pk, clerk)
    with pytest.raises(Invalid):
        cases.send_back(isp, case.pk, [], clerk)
    with pytest.raises(MovedOn):
        cases.verify(isp, case.pk, verifier)


def test_an_order_that_comes_twice_is_one_case(isp: Node) -> None:
    beginning = Beginning(kind=Kind.NEW_FILING, origin=Origin.API, reference="order-1")
    first, second = cases.begin(isp, beginning, None), cases.begin(isp, beginning, None)
    assert first == second
    assert cases.begin(isp, replace(beginning, reference="order-2"), None) != first


def test_each_step_is_an_event(isp: Node, clerk: User) -> None:
    case = case_in(isp, State.SUBMITTED)
    cases.abandon(isp, case.pk, clerk, "主办者不再需要")
    verbs = Event.objects.filter(subject_kind="case", subject=str(case.pk)).values_list("verb", flat=True)
    assert list(verbs) == ["begin", "submit", "abandon"]


def test_what_is_missing_of_an_access_is_the_offices_to_fill_in(isp: Node, clerk: User) -> None:
    case = case_in(isp, State.DRAFT)
    request = builders.changed(new_filing(), "websites.0.accesses.0", AccessRecord(locations=(), methods=(), ranges=()))
    with pytest.raises(Defective):
        cases.submit(isp, case.pk, request, None)
    cases.submit(isp, case.pk, request, None, leaves_access=True)
    with pytest.raises(Defective) as caught:
        cases.pass_check(isp, case.pk, clerk)
    paths = {"websites.0.accesses.0.ranges", "websites.0.accesses.0.locations", "websites.0.accesses.0.methods"}
    assert set(caught.value.errors) == paths
    assert Case.objects.get().state == State.SUBMITTED


def test_a_submitted_draft_is_the_request_with_its_ids_and_material_joins_it(
    isp: Node, clerk: User, verifier: User
) -> None:
    case = case_in(isp, State.SUBMITTED)
    assert record_of(case.kind, case.draft) == (request_of(case), {})
    cases.pass_check(isp, case.pk, clerk)
    verified = cases.verify(isp, case.pk, verifier, [builders.attachment("sponsor", data=builders.jpeg_bytes(5))])
    assert record_of(verified.kind, verified.draft) == (request_of(verified), {})
