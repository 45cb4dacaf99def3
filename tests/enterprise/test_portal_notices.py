"""Letters to sponsors: what they say, whom they go to, and what never stands in them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from beian.models import Mail, Node, User
from beian.result_codes import messages
from enterprise.models import Case, SponsorAccount
from enterprise.services import advising, cases, notices
from enterprise.services.cases import Correction
from enterprise.workflow import Kind, State
from tests.enterprise.conftest import case_in, new_filing


@pytest.fixture
def case(isp: Node, sponsor_account: SponsorAccount) -> Case:
    return case_in(isp, State.SUBMITTED, account=sponsor_account)


def test_what_is_sent_back_is_named_field_by_field(case: Case, isp: Node, clerk: User) -> None:
    wanted = [Correction("websites.0.name", "请写全称"), Correction("sponsor.person.mobile", "号码 13912345678 打不通")]
    cases.send_back(isp, case.pk, wanted, clerk)
    letter = Mail.objects.get()
    assert letter.to == "shen@example1.cn"
    assert case.reference in letter.subject
    assert "网站1·网站名称：请写全称" in letter.body
    assert "主体负责人·手机号码" in letter.body
    assert "13912345678" not in letter.body
    assert f"/isp/{isp.isp_id}/mine/cases/{case.reference}" in letter.body


def test_a_sending_back_that_fails_writes_no_letter(case: Case, isp: Node, agent_person: User) -> None:
    with pytest.raises(Exception, match="角色"):
        cases.send_back(isp, case.pk, [Correction("", "改")], agent_person)
    assert not Mail.objects.exists()


def test_nobody_is_written_to_about_a_case_of_the_office(isp: Node, clerk: User) -> None:
    case = case_in(isp, State.SUBMITTED)
    cases.send_back(isp, case.pk, [Correction("", "改")], clerk)
    assert not Mail.objects.exists()


def test_nobody_is_written_to_whose_account_is_closed(case: Case, isp: Node, sponsor_account: SponsorAccount) -> None:
    sponsor_account.user.is_active = False
    sponsor_account.user.save()
    assert notices.tell_uploaded(Case.objects.get(pk=case.pk)) is None


@pytest.mark.parametrize(
    ("state", "columns", "said"),
    [
        (State.FILED, {"filing_number": "粤ICP备2026000001号"}, "粤ICP备2026000001号"),
        (State.FILED, {}, "收到后另行通知"),
        (State.REFUSED, {"opinions": [{"opinion": "证件号码440099196001011234有误", "reviewer": "赵"}]}, "有误"),
        (State.RETURNED, {"codes": [{"code": 1018, "description": "…"}]}, "备案密码不正确"),
    ],
)
def test_each_result_is_told(case: Case, state: State, columns: dict[str, object], said: str) -> None:
    for name, value in columns.items():
        setattr(case, name, value)
    case.state = state
    letter = notices.tell_result(case)
    assert letter is not None
    assert said in letter.body
    assert "440099196001011234" not in letter.body
    assert "赵" not in letter.body


def test_a_result_that_is_none_is_not_told(case: Case) -> None:
    assert notices.tell_result(case) is None


def test_an_appointment_says_when_where_and_what_to_bring(case: Case) -> None:
    letter = notices.tell_appointment(case, at=timezone.now(), where="示例路1号", bring=["身份证"])
    assert letter is not None
    assert "示例路1号" in letter.body
    assert "· 身份证" in letter.body
    cancelled = notices.tell_appointment(case, at=None)
    assert cancelled is not None
    assert "已取消" in cancelled.body


def test_no_letter_holds_personal_data(case: Case, isp: Node, clerk: User) -> None:
    filing = new_filing()
    person = filing.sponsor.person
    case.state, case.corrections = State.REFUSED, [{"about": "sponsor.person.email", "note": f"{person.email}无法送达"}]
    case.opinions = [{"opinion": f"{person.mobile}、{filing.sponsor.certificate.number}不符"}]
    letters = [notices.tell_sent_back(case), notices.tell_result(case), notices.tell_uploaded(case)]
    bodies = "\n".join(letter.body for letter in letters if letter)
    for secret in (person.mobile, person.email, person.certificate_number, filing.sponsor.certificate.number):
        assert secret not in bodies


def test_every_code_of_a_record_has_words_for_a_sponsor() -> None:
    codes = [code for code in messages() if code >= 1000]
    assert all(advising.advise(code) for code in codes)
    assert set(advising.CODES) <= set(codes)
    assert advising.advise(1037) == advising.OFFICE


def test_every_kind_of_case_can_be_told_of(case: Case) -> None:
    for kind in Kind:
        case.kind, case.state = kind, State.FILED
        assert notices.tell_result(case)


def test_another_request_at_the_bureau_is_waited_for_not_corrected() -> None:
    """1052 is no fault of the provider's: the sponsor hands in again once the other has its result."""
    assert advising.advise(1052) != advising.OFFICE
    assert "另一件申请" in advising.advise(1052)
    assert "重新提交" in advising.advise(1052)
