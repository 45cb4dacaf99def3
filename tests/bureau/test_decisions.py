"""One decision, by the right person, with everything that follows from it."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from django.db import connection

from beian import filing_password
from beian.models import Event, Mail, Message, Node, Reservation, Sponsor, User, Website
from beian.records import FilingRecord, as_json
from beian.services.refusals import ServiceError
from bureau.models import Application
from bureau.services import intake, review
from bureau.workflow import State
from interface.models import Outcome, ParcelKind, ProviderAccount
from tests.builders import filing
from tests.uploads import upload_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]


def taken_in(account: ProviderAccount, seed: int = 1) -> Application:
    upload_of(account, [filing(seed)])
    intake.drain(account.pk)
    return Application.objects.get(state=State.PENDING, subject=str(filing(seed).sponsor.provider_id))


@pytest.fixture
def claimed(account: ProviderAccount, reviewer: User) -> Application:
    return review.claim(taken_in(account).pk, reviewer)


def test_approval_files_and_tells_everyone(claimed: Application, reviewer: User, guangdong: Node) -> None:
    approved = review.approve(claimed.pk, reviewer, claimed.version, "材料齐全")
    assert approved.state == State.APPROVED
    sponsor = Sponsor.objects.held_by(guangdong).get()
    assert sponsor.filing_number == approved.filing_number
    assert sponsor.filing_number.startswith("粤ICP备")
    assert Website.objects.held_by(guangdong).get().filing_number == f"{sponsor.filing_number}-1"
    assert [outcome.kind for outcome in Outcome.objects.order_by("id")] == [ParcelKind.RESULTS, ParcelKind.FILINGS]
    result = Outcome.objects.earliest("id").body
    assert result["result"]["codes"][0]["code"] == 1001
    assert result["opinions"][0] | {"reviewed": ""} == {
        "reviewed": "",
        "verdict": 1,
        "reviewer": "Zhao",
        "telephone": "020-80000001",
        "opinion": "材料齐全",
        "operation": 1,
        "subject": filing(1).sponsor.provider_id,
    }
    assert Message.objects.get().kind == "filing"
    assert Reservation.objects.filter(sponsor=sponsor.number, application=None).count() >= 2
    assert Event.objects.filter(subject=str(claimed.pk), verb="approve", actor=reviewer).exists()


def test_the_sponsor_gets_a_password_that_is_kept_only_hashed(
    claimed: Application, reviewer: User, guangdong: Node
) -> None:
    review.approve(claimed.pk, reviewer, claimed.version)
    mail = Mail.objects.get()
    assert mail.to == filing(1).sponsor.person.email
    assert mail.body is not None
    plain = mail.body.split("备案密码：")[1].split()[0]
    stored = Sponsor.objects.held_by(guangdong).get().filing_password_hash
    assert plain not in (stored or "")
    assert filing_password.fits(plain, stored)


def test_refusal_gives_back_and_tells_why(claimed: Application, reviewer: User) -> None:
    refused = review.refuse(claimed.pk, reviewer, ["证件照片不清晰"], "请重新拍摄", claimed.version)
    assert refused.state == State.REFUSED
    body = Outcome.objects.get().body
    assert body["result"]["codes"][0]["code"] == 1002
    assert body["opinions"][0]["opinion"] == "证件照片不清晰\n请重新拍摄"
    assert body["opinions"][0]["verdict"] == 0
    assert not Reservation.objects.exists()


def test_a_refused_filing_can_be_asked_for_again(
    claimed: Application, reviewer: User, account: ProviderAccount
) -> None:
    review.refuse(claimed.pk, reviewer, ["证件照片不清晰"], "", claimed.version)
    assert taken_in(account).pk != claimed.pk


@pytest.mark.parametrize(("reasons", "text", "field"), [([], "", "reasons"), (["理由"], "x" * 1022, "text")])
def test_a_refusal_needs_reasons_that_fit(
    claimed: Application, reviewer: User, reasons: list[str], text: str, field: str
) -> None:
    with pytest.raises(review.Invalid) as caught:
        review.refuse(claimed.pk, reviewer, reasons, text, claimed.version)
    assert field in caught.value.errors


def test_a_stale_page_decides_nothing(claimed: Application, reviewer: User) -> None:
    with pytest.raises(review.MovedOn):
        review.approve(claimed.pk, reviewer, claimed.version - 1)
    claimed.refresh_from_db()
    assert claimed.state == State.CLAIMED


def test_a_repeated_click_decides_nothing(claimed: Application, reviewer: User) -> None:
    review.approve(claimed.pk, reviewer, claimed.version)
    with pytest.raises(review.MovedOn, match="已通过"):
        review.approve(claimed.pk, reviewer, claimed.version)
    assert Outcome.objects.count() == 2


def test_nobody_decides_without_a_claim(account: ProviderAccount, reviewer: User, colleague: User) -> None:
    application = taken_in(account)
    with pytest.raises(review.MovedOn):
        review.approve(application.pk, reviewer, None)
    review.claim(application.pk, reviewer)
    with pytest.raises(review.ClaimedByOther):
        review.refuse(application.pk, colleague, ["理由"], "", None)


def test_a_conflict_that_shows_at_approval_returns_it(
    claimed: Application, reviewer: User, guangdong: Node, account: ProviderAccount
) -> None:
    Reservation.objects.filter(application=claimed.pk, kind="domain").update(
        application=None, sponsor=1, taken_by="粤ICP备2020000009号"
    )
    ended = review.approve(claimed.pk, reviewer, claimed.version)
    assert ended.state == State.RETURNED
    assert [entry["code"] for entry in Outcome.objects.get().body["result"]["codes"]] == [1005]
    assert not Sponsor.objects.held_by(guangdong).exists()
    assert not Mail.objects.exists()


def test_withdrawing_needs_a_supervisor_and_a_reason(claimed: Application, reviewer: User, supervisor: User) -> None:
    with pytest.raises(review.NotAllowed):
        review.withdraw(claimed.pk, reviewer, "接入商来函", None)
    with pytest.raises(review.Invalid):
        review.withdraw(claimed.pk, supervisor, "", None)
    assert review.withdraw(claimed.pk, supervisor, "接入商来函", None).state == State.WITHDRAWN
    assert not Reservation.objects.exists()


def beijing_filing(seed: int) -> FilingRecord:
    record = filing(seed)
    address = replace(record.sponsor.address, province=110000, city=110100, county=110101)
    return replace(record, sponsor=replace(record.sponsor, address=address))


@pytest.fixture
def in_two_stages(beijing_account: ProviderAccount, outsider: User) -> Application:
    upload_of(beijing_account, [beijing_filing(1)])
    intake.drain(beijing_account.pk)
    application = Application.objects.get()
    assert application.findings == []
    return review.claim(application.pk, outsider)


def test_two_stages_need_two_people(in_two_stages: Application, outsider: User, beijing_approver: User) -> None:
    with pytest.raises(review.NotAllowed, match="两级"):
        review.approve(in_two_stages.pk, outsider, None)
    recommended = review.recommend(in_two_stages.pk, outsider, "approve", [], "", None)
    assert recommended.state == State.RECOMMENDED
    with pytest.raises(review.NotAllowed):
        review.claim(in_two_stages.pk, outsider)
    review.claim(in_two_stages.pk, beijing_approver)
    assert review.approve(in_two_stages.pk, beijing_approver, None).state == State.APPROVED


def test_one_person_with_both_roles_still_needs_another(
    in_two_stages: Application, outsider: User, beijing: Node
) -> None:
    from beian.models import Membership, Role

    Membership.objects.create(user=outsider, node=beijing, role=Role.APPROVER)
    review.recommend(in_two_stages.pk, outsider, "approve", [], "", None)
    with pytest.raises(review.NotAllowed, match="另一人"):
        review.claim(in_two_stages.pk, outsider)


def test_a_second_reviewer_sends_back(in_two_stages: Application, outsider: User, beijing_approver: User) -> None:
    review.recommend(in_two_stages.pk, outsider, "refuse", ["域名证书缺失"], "", None)
    review.claim(in_two_stages.pk, beijing_approver)
    back = review.send_back(in_two_stages.pk, beijing_approver, "请核对证件", None)
    assert (back.state, back.recommendation, back.recommended_by) == (State.PENDING, None, None)


def test_bulk_decisions_report_each_row(
    account: ProviderAccount, reviewer: User, colleague: User, guangdong: Node
) -> None:
    applications = [taken_in(account, seed) for seed in (1, 2, 3)]
    review.claim(applications[1].pk, colleague)
    reports = review.decide_many(guangdong, [each.pk for each in applications], reviewer, "refuse", ["批量拒绝"], "")
    assert [report.done for report in reports] == [True, False, True]
    assert "Qian" in reports[1].message


@pytest.mark.django_db(transaction=True)
def test_two_who_click_at_once_make_one_decision(
    account: ProviderAccount, reviewer: User, guangdong: Node, code_tables: None
) -> None:
    claimed = review.claim(taken_in(account).pk, reviewer)
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def click() -> None:
        start.wait()
        try:
            outcomes.append(review.approve(claimed.pk, reviewer, claimed.version).state)
        except ServiceError as error:
            outcomes.append(type(error).__name__)
        connection.close()

    clicks = [threading.Thread(target=click) for _ in range(2)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()
    assert sorted(outcomes) == ["MovedOn", "approved"]
    assert Sponsor.objects.held_by(guangdong).count() == 1


def test_the_record_of_an_application_is_what_was_uploaded(account: ProviderAccount) -> None:
    application = taken_in(account)
    asked = as_json(filing(1))
    assert application.record["sponsor"] == asked["sponsor"]
