"""The office fills in and puts right in the sponsor's place; what it changed is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from beian.models import Event, Node, User
from beian.records import AttachmentRecord, CancellationRecord
from beian.records.rows import store_filings
from beian.services.refusals import Invalid, MovedOn, NotAllowed
from enterprise.models import Agent, Case
from enterprise.services import cases, documents
from enterprise.services.cases import Defective
from enterprise.services.contents import request_of
from enterprise.services.drafts import draft_of
from enterprise.services.editing import edit
from enterprise.workflow import Kind, Origin, State
from tests import builders
from tests.enterprise.conftest import case_in, make_sponsor, new_filing
from tests.on_file import on_file


@pytest.fixture
def desk(clerk: User, signed_in: Callable[[User], Client]) -> Client:
    """The clerk at work."""
    return signed_in(clerk)


def put(path: str, value: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Set one value of a draft."""

    def change(draft: dict[str, Any]) -> dict[str, Any]:
        part: Any = draft
        *way, last = path.split(".")
        for step in way:
            part = part[int(step)] if step.isdecimal() else part[step]
        part[last] = value
        return draft

    return change


def test_what_was_submitted_is_put_right_and_the_fields_are_told(isp: Node, clerk: User) -> None:
    case = case_in(isp, State.SUBMITTED)
    ids = request_of(case).sponsor.provider_id
    edit(isp, case.pk, put("websites.0.name", "示例网站改"), clerk)
    case.refresh_from_db()
    assert (request_of(case).websites[0].name, request_of(case).sponsor.provider_id) == ("示例网站改", ids)
    assert case.state == State.SUBMITTED
    event = Event.objects.get(verb="edit", subject=str(case.pk))
    assert event.data == {"fields": ["websites.0.name"]}


def test_an_edit_that_breaks_a_rule_changes_nothing_and_says_all(isp: Node, clerk: User) -> None:
    case = case_in(isp, State.SUBMITTED)

    def change(draft: dict[str, Any]) -> dict[str, Any]:
        return put("sponsor.person.mobile", "12")(put("websites.0.person.email", "nobody")(draft))

    with pytest.raises(Defective) as caught:
        edit(isp, case.pk, change, clerk)
    assert {"sponsor.person.mobile", "websites.0.person.email"} <= set(caught.value.errors)
    assert Case.objects.get().version == case.version


def test_what_changes_nothing_makes_no_event(isp: Node, clerk: User) -> None:
    case = case_in(isp, State.SUBMITTED)
    edit(isp, case.pk, lambda draft: draft, clerk)
    assert not Event.objects.filter(verb="edit").exists()


def test_whom_a_verification_concerned_is_not_changed_afterwards(isp: Node, clerk: User) -> None:
    case = case_in(isp, State.VERIFIED)
    with pytest.raises(Invalid, match="重新核验"):
        edit(isp, case.pk, put("websites.0.person.name", "另一人"), clerk)
    edit(isp, case.pk, put("websites.0.remark", "备注"), clerk)
    assert request_of(Case.objects.get()).websites[0].remark == "备注"


def test_who_may_edit_what(isp: Node, clerk: User, verifier: User, agent_person: User) -> None:
    case = case_in(isp, State.SUBMITTED)
    for stranger in (verifier, agent_person):
        with pytest.raises(NotAllowed):
            edit(isp, case.pk, put("websites.0.name", "改"), stranger)
    queued = case_in(isp, State.QUEUED, 2)
    with pytest.raises(MovedOn):
        edit(isp, queued.pk, put("websites.0.name", "改"), clerk)


def test_a_sponsor_at_the_counter_is_filed_from_the_first_page_to_the_check(
    isp: Node, desk: Client, clerk: User
) -> None:
    isp_id = {"isp": isp.isp_id}
    assert desk.get(reverse("enterprise:case_new", kwargs=isp_id)).status_code == 200
    begin = reverse("enterprise:case_begin", kwargs={**isp_id, "kind": "new_filing"})
    assert desk.get(begin).status_code == 200
    assert desk.post(begin, {"team": "new"}).status_code == 302
    case = Case.objects.get()
    assert (case.origin, case.assigned_to, case.state) == (Origin.OFFICE, clerk, State.DRAFT)
    address = reverse("enterprise:case_edit", kwargs={**isp_id, "pk": case.pk, "step": "sponsor"})
    assert desk.get(address).status_code == 200
    data = {"version": case.version, "sponsor.name": "示例柜台有限公司", "sponsor.person.mobile": "1", "go": "next"}
    assert "/edit/websites" in desk.post(address, data)["Location"]
    case.refresh_from_db()
    assert case.typed["sponsor"]["name"] == "示例柜台有限公司"
    for step in ("websites", "access", "documents"):
        assert (
            desk.get(reverse("enterprise:case_edit", kwargs={**isp_id, "pk": case.pk, "step": step})).status_code == 200
        )
    submit = reverse("enterprise:case_submit", kwargs={**isp_id, "pk": case.pk})
    refused = desk.post(submit, {"version": case.version})
    assert refused.status_code == 422
    assert any("主体负责人·手机号码" in each for each in refused.context["problems"])
    draft = draft_of(new_filing(5))
    for slot in [each.key for each in documents.slots(case.kind, draft) if each.required]:
        draft = documents.put_in(case.kind, draft, slot, builders.jpeg_bytes(9))
    cases.save_draft(isp, case.pk, draft)
    case.refresh_from_db()
    done = desk.post(submit, {"version": case.version})
    assert done.status_code == 302, done.context["problems"]
    assert Case.objects.get(pk=case.pk).state == State.SUBMITTED


def test_an_error_in_a_step_keeps_what_was_typed(isp: Node, desk: Client) -> None:
    case = case_in(isp, State.SUBMITTED)
    address = reverse("enterprise:case_edit", kwargs={"isp": isp.isp_id, "pk": case.pk, "step": "sponsor"})
    response = desk.post(
        address, {"version": case.version, "sponsor.person.mobile": "12", "sponsor.name": "示例改名公司"}
    )
    assert response.status_code == 422
    shown = response.content.decode()
    assert 'value="12"' in shown
    assert "示例改名公司" in shown
    late = desk.post(address, {"version": case.version - 1, "sponsor.name": "示例改名公司"})
    assert late.status_code == 409
    assert "示例改名公司" in late.content.decode()


def test_a_picture_is_put_in_by_the_office(isp: Node, desk: Client) -> None:
    case = case_in(isp, State.SUBMITTED)
    address = reverse("enterprise:case_edit", kwargs={"isp": isp.isp_id, "pk": case.pk, "step": "documents"})
    photo = SimpleUploadedFile("a.jpg", builders.jpeg_bytes(9), "image/jpeg")
    before = {each.content.sha256 for each in request_of(case).attachments}
    data = {"version": case.version, "slot": "sponsor-2", "photo": photo, "go": "stay"}
    assert desk.post(address, data).status_code == 302
    assert {each.content.sha256 for each in request_of(Case.objects.get()).attachments} - before
    wrong = SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")
    case.refresh_from_db()
    assert desk.post(address, {**data, "version": case.version, "photo": wrong}).status_code == 422


@pytest.fixture
def filed(isp: Node, guangdong: Node) -> Any:
    """A filing in our copy."""
    filing = on_file(guangdong, builders.filing(7), isp.isp_id)
    store_filings(isp, [filing], isp_id=isp.isp_id)
    return filing


def begun(client: Client, isp: Node, kind: str, **data: Any) -> Any:
    return client.post(
        reverse("enterprise:case_begin", kwargs={"isp": isp.isp_id, "kind": kind}), {"team": "new", **data}
    )


def test_a_change_begins_with_what_our_copy_has(isp: Node, desk: Client, filed: Any) -> None:
    assert begun(desk, isp, "change", filing_number="粤ICP备2026999999号").status_code == 422
    assert begun(desk, isp, "change", filing_number=filed.sponsor.filing_number).status_code == 302
    case = Case.objects.get()
    assert case.typed["sponsor"]["name"] == filed.sponsor.name
    assert (case.sponsor_number, case.kind) == (filed.sponsor.number, Kind.CHANGE)


def test_a_cancellation_names_what_our_copy_calls_it(isp: Node, desk: Client, filed: Any) -> None:
    site = filed.websites[0]
    assert begun(desk, isp, "cancel_website", filing_number=site.filing_number, reason="").status_code == 422
    assert begun(desk, isp, "cancel_website", filing_number=site.filing_number, reason="1").status_code == 302
    case = Case.objects.get()
    submit = reverse("enterprise:case_submit", kwargs={"isp": isp.isp_id, "pk": case.pk})
    assert desk.post(submit, {"version": case.version}).status_code == 302
    request = request_of(Case.objects.get())
    assert isinstance(request, CancellationRecord)
    assert (request.what, request.number) == (1, site.number)


def test_what_is_open_about_the_same_is_named_before_another_begins(
    isp: Node, desk: Client, filed: Any, agent_person: User, signed_in: Callable[..., Client]
) -> None:
    number, site = filed.sponsor.filing_number, filed.websites[0].filing_number
    for kind, about in (("change", number), ("cancel_website", site), ("new_access", site), ("new_website", number)):
        told = {"filing_number": about, "reason": "1"}
        assert begun(desk, isp, kind, **told).status_code == 302
        case = Case.objects.latest("pk")
        asked = begun(desk, isp, kind, **told)
        assert reverse("enterprise:case", kwargs={"isp": isp.isp_id, "pk": case.pk}) in asked.content.decode()
        assert "这个备案已有一件" in asked.content.decode()
        assert Case.objects.latest("pk") == case
        assert begun(desk, isp, kind, **told, another="粤ICP备2026999999号").status_code == 422
        assert begun(desk, isp, kind, **told, another=about).status_code == 302
    Case.objects.filter(kind=Kind.NEW_ACCESS).update(agent=None)
    agents = signed_in(agent_person)
    assert begun(agents, isp, "new_access", agent=Agent.objects.get().pk, filing_number=site).status_code == 302


def test_material_of_a_filing_on_record_is_a_case(isp: Node, desk: Client, filed: Any) -> None:
    photo = SimpleUploadedFile("a.jpg", builders.jpeg_bytes(9), "image/jpeg")
    data = {"filing_number": filed.sponsor.filing_number, "purpose": "1", "file": photo}
    assert begun(desk, isp, "material", **data).status_code == 302
    case = Case.objects.get()
    submit = reverse("enterprise:case_submit", kwargs={"isp": isp.isp_id, "pk": case.pk})
    assert desk.post(submit, {"version": case.version}).status_code == 302
    request = request_of(Case.objects.get())
    assert isinstance(request, AttachmentRecord)
    assert request.owner == filed.sponsor.filing_number


def test_an_agents_people_begin_for_their_own_sponsors_alone(
    isp: Node, agent_person: User, filed: Any, signed_in: Callable[..., Client]
) -> None:
    client, agent = signed_in(agent_person), Agent.objects.get()
    make_sponsor(isp, "theirs@example4.cn", "甲示例", agent)
    make_sponsor(isp, "others@example5.cn", "乙示例")
    assert begun(client, isp, "new_filing", agent=agent.pk, email="others@example5.cn").status_code == 422
    assert begun(client, isp, "change", agent=agent.pk, filing_number=filed.sponsor.filing_number).status_code == 422
    assert begun(client, isp, "new_filing", email="theirs@example4.cn").status_code == 422
    assert begun(client, isp, "new_filing", agent=agent.pk, email="theirs@example4.cn").status_code == 302
    case = Case.objects.get()
    assert (case.agent, case.sponsor_account.email) == (agent, "theirs@example4.cn")  # type: ignore[union-attr]
    shown = client.get(reverse("enterprise:case_edit", kwargs={"isp": isp.isp_id, "pk": case.pk, "step": "sponsor"}))
    assert shown.status_code == 200
    other = case_in(isp, State.DRAFT, 2)
    away = client.get(reverse("enterprise:case_edit", kwargs={"isp": isp.isp_id, "pk": other.pk, "step": "sponsor"}))
    assert away.status_code == 404
