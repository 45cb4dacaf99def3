"""Which request a sponsor needs, found out from certificate and domain; and what he may not learn by it."""

from __future__ import annotations

import itertools
import re

import pytest

from beian.models import Node
from beian.records import FilingRecord
from enterprise.models import Case, Connection, SponsorAccount
from enterprise.services import asking_status
from enterprise.services.starting import OF_A_PERSON, STARTABLE, WAYS, About, Facts, Question, advise, choose
from enterprise.workflow import Kind, State
from interface.models import ProviderAccount
from tests import builders
from tests.enterprise.conftest import case_in
from tests.enterprise.sponsoring import ELSEWHERE, Away, at_bureau, fresh_counters, held, his, in_process, page, text_of


@pytest.fixture(autouse=True)
def _bureau(monkeypatch: pytest.MonkeyPatch, account: ProviderAccount, connection: Connection) -> None:
    in_process(monkeypatch, account)
    fresh_counters(monkeypatch, connection)


def asked_of(filing: FilingRecord, *, certificate: bool = True, domain: bool = True) -> Question:
    number = filing.sponsor.certificate
    return Question(
        certificate_type=number.type if certificate else None,
        certificate_number=number.number if certificate else "",
        domain=filing.websites[0].domains[0].name if domain else "",
    )


def test_every_pair_has_a_way_and_others_to_choose() -> None:
    assert set(WAYS) == set(itertools.product(About, About))
    for certificate, domain in WAYS:
        advice = choose(Facts(certificate=certificate, domain=domain))
        assert advice.way.because
        assert {advice.way.kind, *advice.others} >= set(STARTABLE)


def test_nothing_on_file_is_a_new_filing(isp: Node) -> None:
    assert advise(isp, asked_of(builders.filing(7))).way.kind == Kind.NEW_FILING


def test_a_certificate_on_file_wants_a_new_website(isp: Node, account: ProviderAccount) -> None:
    filing = at_bureau(account, isp_id=ELSEWHERE)
    number = filing.sponsor.certificate
    question = Question(certificate_type=number.type, certificate_number=number.number, domain="example9.cn")
    advice = advise(isp, question)
    assert (advice.facts.certificate, advice.facts.domain) == (About.ELSEWHERE, About.NOT)
    assert advice.way.kind == Kind.NEW_WEBSITE
    held(isp, at_bureau(account, 2))
    other = builders.filing(2).sponsor.certificate
    here = advise(isp, Question(certificate_type=other.type, certificate_number=other.number, domain="example9.cn"))
    assert here.facts.certificate == About.HERE


def test_a_domain_elsewhere_wants_a_new_access_with_its_number(isp: Node, account: ProviderAccount) -> None:
    filing = at_bureau(account, isp_id=ELSEWHERE)
    advice = advise(isp, asked_of(filing))
    assert advice.way.kind == Kind.NEW_ACCESS
    assert advice.facts.website_filing_number == filing.websites[0].filing_number


def test_what_is_with_us_is_changed(isp: Node, account: ProviderAccount) -> None:
    assert advise(isp, asked_of(held(isp, at_bureau(account)))).way.kind == Kind.CHANGE


def test_a_domain_of_somebody_else_comes_first(isp: Node, account: ProviderAccount) -> None:
    one, other = at_bureau(account, 1, isp_id=ELSEWHERE), at_bureau(account, 2, isp_id=ELSEWHERE)
    question = Question(
        certificate_type=one.sponsor.certificate.type,
        certificate_number=one.sponsor.certificate.number,
        domain=other.websites[0].domains[0].name,
    )
    advice = advise(isp, question)
    assert (advice.facts.same, advice.way.kind) == (False, None)
    stranger = Question(certificate_type=1, certificate_number=builders.credit_code(77), domain=question.domain)
    assert advise(isp, stranger).way.kind is None


def test_a_bureau_that_is_away_is_said_and_asked_once(
    isp: Node, account: ProviderAccount, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_process(monkeypatch, account, Away(account))
    Away.asked = 0
    advice = advise(isp, asked_of(builders.filing(7)))
    assert advice.way.kind == Kind.NEW_FILING
    assert len([each for each in advice.facts.unchecked if "没有应答" in each]) == 2
    assert Away.asked == 1
    assert asking_status.is_away(connection)


@pytest.mark.parametrize("column", [{"active": False}, {"password_refused": True}])
def test_a_connection_out_of_use_is_not_called(isp: Node, connection: Connection, column: dict[str, bool]) -> None:
    Connection.objects.filter(pk=connection.pk).update(**column)
    advice = advise(isp, asked_of(builders.filing(7)))
    assert "没有启用" in advice.facts.unchecked[0]
    assert not connection.calls.exists()


def test_types_that_the_interface_does_not_take_are_not_asked(isp: Node, connection: Connection) -> None:
    advice = advise(isp, Question(certificate_type=14, certificate_number="H12345678"))
    assert "不能按这种证件查询" in advice.facts.unchecked[0]
    assert not connection.calls.exists()


def test_the_page_says_which_and_begins_it(sponsor_account: SponsorAccount) -> None:
    certificate = builders.filing(7).sponsor.certificate
    asked = {"certificate_type": "1", "certificate_number": certificate.number, "domain": "www.Example7.cn"}
    shown = text_of(page(sponsor_account, "mine/start", asked))
    assert "您需要办理：新增备案" in shown
    begun = page(sponsor_account, "mine/begin", {**asked, "kind": "1"})
    case = Case.objects.get()
    assert begun.status_code == 302
    assert f"/apply/{case.pk}/" in begun["Location"]
    assert case.draft["sponsor"]["certificate"] == {"type": "1", "number": certificate.number}
    assert case.draft["websites"][0]["domains"] == [{"name": "example7.cn"}]
    again = text_of(page(sponsor_account, "mine/start", asked))
    assert "您需要办理：新增备案" in again


def test_nothing_of_another_filing_is_told_or_filled_in(
    isp: Node, account: ProviderAccount, sponsor_account: SponsorAccount
) -> None:
    filing = held(isp, at_bureau(account))
    certificate, person = filing.sponsor.certificate, filing.sponsor.person
    asked = {"certificate_type": str(certificate.type), "certificate_number": certificate.number, "domain": ""}
    shown = re.sub(
        r'<input[^>]*name="certificate_number"[^>]*>', "", text_of(page(sponsor_account, "mine/start", asked))
    )
    for secret in (filing.sponsor.name, filing.sponsor.filing_number, person.name, person.mobile, person.email):
        assert secret not in shown
    own = {**asked, "kind": "2", "own": str(filing.sponsor.number)}
    assert page(sponsor_account, "mine/begin", own).status_code == 404
    assert page(sponsor_account, "mine/begin", {**own, "kind": "4"}).status_code == 404
    named = {**asked, "kind": "2", "filing_number": filing.sponsor.filing_number}
    assert page(sponsor_account, "mine/begin", named).status_code == 302
    assert "person" not in Case.objects.get().draft["websites"][0]


def test_his_own_filing_fills_in_its_people(
    isp: Node, account: ProviderAccount, sponsor_account: SponsorAccount
) -> None:
    filing = his(sponsor_account, held(isp, at_bureau(account)))
    page(sponsor_account, f"mine/filings/{filing.sponsor.number}/new-website", {})
    case = Case.objects.get()
    assert (case.kind, case.draft["sponsor"]) == (Kind.NEW_WEBSITE, {"number": filing.sponsor.number})
    assert case.draft["websites"][0]["person"]["mobile"] == filing.sponsor.person.mobile


@pytest.mark.parametrize(
    ("kind", "number", "said"),
    [("2", "粤ICP备2026000001号-1", "主体备案号"), ("3", "粤ICP备2026000001号", "网站备案号"), ("3", "", "网站备案号")],
)
def test_the_wrong_kind_of_number_is_said(sponsor_account: SponsorAccount, kind: str, number: str, said: str) -> None:
    response = page(sponsor_account, "mine/begin", {"kind": kind, "filing_number": number, "domain": "example1.cn"})
    assert response.status_code == 422
    assert said in text_of(response)
    assert 'value="example1.cn"' in text_of(response)
    assert number in text_of(response)
    assert not Case.objects.exists()


@pytest.mark.parametrize("kind", ["5", "6", "35", "x", ""])
def test_kinds_that_are_not_begun_here_do_not_exist(sponsor_account: SponsorAccount, kind: str) -> None:
    assert page(sponsor_account, "mine/begin", {"kind": kind}).status_code == 404


def test_questions_are_counted(sponsor_account: SponsorAccount, connection: Connection) -> None:
    asked = {"certificate_type": "", "certificate_number": "", "domain": "example7.cn"}
    answers = [page(sponsor_account, "mine/start", asked).status_code for _ in range(OF_A_PERSON.limit + 1)]
    assert answers == [200] * OF_A_PERSON.limit + [429]
    assert connection.calls.count() == OF_A_PERSON.limit


def test_without_a_word_nothing_is_asked(sponsor_account: SponsorAccount, connection: Connection) -> None:
    assert page(sponsor_account, "mine/start", {"domain": ""}).status_code == 422
    assert page(sponsor_account, "mine/start", {"certificate_number": "91440300"}).status_code == 422
    assert not connection.calls.exists()


def test_a_case_under_way_is_pointed_out_to_its_owner_only(
    sponsor_account: SponsorAccount, stranger_account: SponsorAccount
) -> None:
    case = case_in(sponsor_account.provider, State.SUBMITTED, 7, sponsor_account)
    asked = {"certificate_type": "", "certificate_number": "", "domain": case.first_domain}
    assert case.reference in text_of(page(sponsor_account, "mine/start", asked))
    assert case.reference not in text_of(page(stranger_account, "mine/start", asked))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"certificate_type": "2", "certificate_number": "110101199003070000"}, "末位校验码"),
        ({"domain": "example"}, "后缀不在顶级域名列表中"),
        ({"domain": "例 子.cn"}, "不是合法的域名"),
    ],
)
def test_what_cannot_be_is_not_asked_about(sponsor_account: SponsorAccount, typed: dict[str, str], said: str) -> None:
    blank = {"certificate_type": "", "certificate_number": "", "domain": ""}
    response = page(sponsor_account, "mine/start", blank | typed)
    assert response.status_code == 422
    assert said in text_of(response)
    assert list(response.context["form"].errors) == [list(typed)[-1]]
    assert "您需要办理：" not in text_of(response)


def test_what_stands_before_a_registered_domain_is_forgiven(sponsor_account: SponsorAccount) -> None:
    asked = {"certificate_type": "", "certificate_number": "", "domain": "ｗｗｗ.example9.cn"}
    assert page(sponsor_account, "mine/start", asked).status_code == 200


def test_a_domain_on_file_alone_asks_for_the_certificate(
    isp: Node, account: ProviderAccount, sponsor_account: SponsorAccount
) -> None:
    filing = held(isp, at_bureau(account))
    domain = filing.websites[0].domains[0].name
    asked = {"certificate_type": "", "certificate_number": "", "domain": domain}
    shown = text_of(page(sponsor_account, "mine/start", asked))
    assert "应办理“新增网站”" not in shown
    assert "请在上面填写主办者证件再查询一次" in shown
    assert "如果实际上已有备案，管局会退回" not in shown
