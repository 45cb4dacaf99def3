"""Applying in steps: what is typed is kept, what is wrong is said beside the field, and the end hands it in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from beian.models import Node, User
from beian.services.refusals import MovedOn
from enterprise.api.cases import submit
from enterprise.models import Case, OfficeSettings, SponsorAccount
from enterprise.services.contents import request_of
from enterprise.services.handing_in import hand_in
from enterprise.workflow import State
from tests.enterprise.applying_in_steps import draft_case, form_values, open_tab, page_url, send_photo, whole_draft
from tests.enterprise.conftest import make_sponsor

SPONSOR = ("sponsor", "sponsor.person")
WEBSITE = ("websites.0", "websites.0.person")


@pytest.fixture
def case(sponsor_account: SponsorAccount) -> Case:
    return draft_case(sponsor_account)


@pytest.fixture
def shen(sponsor_account: SponsorAccount, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(sponsor_account.user)


def test_a_whole_application_from_the_first_word_to_the_office(shen: Client, case: Case, isp: Node) -> None:
    OfficeSettings.objects.create(
        provider=isp,
        default_ranges=[{"first": "198.18.9.1", "last": "198.18.9.9"}],
        default_locations=["5"],
        default_methods=["3"],
    )
    draft = whole_draft()
    answer = open_tab(shen, case).press(form_values(draft, *SPONSOR))
    assert answer["Location"].endswith("/websites/1")
    answer = open_tab(shen, case, website=1).press(form_values(draft, *WEBSITE))
    assert answer["Location"].endswith("/access")
    answer = open_tab(shen, case, "access").press({})
    assert answer["Location"].endswith("/documents")
    for key in ("sponsor-2", "sponsor-3", "websites-0-4"):
        assert send_photo(shen, case, key).status_code == 302
    review = shen.get(page_url(isp, "apply_review", pk=case.pk)).content.decode()
    assert "没有发现问题" in review
    version = Case.objects.get().version
    handed_in = shen.post(page_url(isp, "apply_review", pk=case.pk), {"version": version})
    assert handed_in.status_code == 302
    case.refresh_from_db()
    assert case.state == State.SUBMITTED
    request = request_of(case)
    assert request.sponsor.name == draft["sponsor"]["name"]
    assert request.sponsor.reported_by == 1
    assert request.websites[0].accesses[0].methods == (3,)
    assert [each.purpose for each in request.attachments] == [2, 3, 4]
    assert request.attachments[2].owner == str(request.websites[0].provider_id)


def test_a_step_says_beside_each_field_what_is_wrong_and_keeps_all_that_was_typed(shen: Client, case: Case) -> None:
    values = form_values(whole_draft(), *SPONSOR) | {"sponsor.person.mobile": "12", "sponsor.name": ""}
    page = open_tab(shen, case).press(values)
    text = page.content.decode()
    assert "应为11位数字" in text
    assert "请填写主办者名称" in text
    assert 'href="#f-sponsor-person-mobile"' in text
    assert 'value="12"' in text
    assert Case.objects.get().draft["sponsor"]["person"]["mobile"] == "12"


def test_typing_is_saved_and_hints_are_only_about_what_is_filled_in(shen: Client, case: Case) -> None:
    answer = open_tab(shen, case).type({"sponsor.person.mobile": "12"}).content.decode()
    assert "已保存" in answer
    assert "应为11位数字" in answer
    assert "请填写" not in answer
    assert Case.objects.get().draft["sponsor"]["person"]["mobile"] == "12"


def test_what_was_typed_is_there_again_on_another_device(
    shen: Client, case: Case, sponsor_account: SponsorAccount
) -> None:
    open_tab(shen, case).type({"sponsor.name": "示例<b>科技"})
    other = Client()
    other.force_login(sponsor_account.user)
    text = open_tab(other, case).text
    assert 'value="示例&lt;b&gt;科技"' in text


def test_what_no_database_can_keep_is_left_out(shen: Client, case: Case) -> None:
    typed = {"websites.0.domains": "a\x00.example1.cn", "websites.0.name": "示\x00例"}
    assert open_tab(shen, case, website=1).type(typed).status_code == 200
    case.refresh_from_db()
    website = case.typed["websites"][0]
    assert (website["domains"], website["name"]) == ([{"name": "a.example1.cn"}], "示例")


def test_a_second_window_is_told_and_overwrites_only_knowingly(shen: Client, case: Case) -> None:
    first, second = open_tab(shen, case), open_tab(shen, case)
    first.type({"sponsor.name": "甲"})
    told = second.type({"sponsor.name": "乙"}).content.decode()
    assert "另一个窗口" in told
    assert Case.objects.get().draft["sponsor"]["name"] == "甲"
    page = second.press({"sponsor.name": "乙"})
    text = page.content.decode()
    assert 'value="乙"' in text
    assert "以本页内容为准" in text
    assert Case.objects.get().draft["sponsor"]["name"] == "甲"
    second.press({"sponsor.name": "乙"}, overwrite="1")
    assert Case.objects.get().draft["sponsor"]["name"] == "乙"


def test_one_window_after_another_saving_is_no_conflict_with_itself(shen: Client, case: Case) -> None:
    tab = open_tab(shen, case)
    for name in ("示", "示例", "示例科"):
        assert "已保存" in tab.type({"sponsor.name": name}).content.decode()
    assert tab.press({"sponsor.name": "示例科技"}, "previous").status_code == 302
    assert Case.objects.get().draft["sponsor"]["name"] == "示例科技"


def test_a_saving_that_was_overtaken_on_its_way_changes_nothing(shen: Client, case: Case) -> None:
    tab = open_tab(shen, case)
    tab.turn = 4
    tab.type({"sponsor.name": "新"})
    tab.turn = 2
    tab.type({"sponsor.name": "旧"})
    assert Case.objects.get().draft["sponsor"]["name"] == "新"


def test_a_background_saving_keeps_and_does_nothing_else(shen: Client, case: Case) -> None:
    """A saving carries the button that was pressed while it waited: the button is sent by itself."""
    first, second = open_tab(shen, case, website=1), open_tab(shen, case, website=1)
    first.press({"websites.0.name": "甲"}, "add:website")
    tab = open_tab(shen, case, website=1)
    for go in ("add:website", "add:approval", "remove:website"):
        assert "已保存" in tab.type({"websites.0.name": "乙", "go": go}).content.decode()
    assert [each.get("name") for each in Case.objects.get().draft["websites"]] == ["乙", None]
    assert not Case.objects.get().draft["websites"][0].get("approvals")
    assert "另一个窗口" in second.type({"websites.0.name": "丙", "overwrite": "1"}).content.decode()


@pytest.mark.parametrize("go", ["add:website", "remove:website", "next"])
def test_a_saving_that_comes_after_the_button_of_its_page_changes_nothing(shen: Client, case: Case, go: str) -> None:
    open_tab(shen, case, website=1).press({"websites.0.name": "甲"}, "add:website")
    open_tab(shen, case, website=2).press({"websites.1.name": "乙"}, "stay")
    tab = open_tab(shen, case, website=1)
    tab.turn = 1
    tab.press({"websites.0.name": "新"}, go)
    after = Case.objects.get()
    tab.turn = 0
    assert "已保存" in tab.type({"websites.0.name": "旧"}).content.decode()
    case.refresh_from_db()
    assert (case.version, case.draft) == (after.version, after.draft)


def test_different_steps_in_two_windows_do_not_disturb_one_another(shen: Client, case: Case) -> None:
    first, second = open_tab(shen, case), open_tab(shen, case, website=1)
    send_photo(shen, case, "sponsor-2")
    assert "已保存" in first.type({"sponsor.name": "甲"}).content.decode()
    assert "已保存" in second.type({"websites.0.name": "示例网站"}).content.decode()
    draft = Case.objects.get().draft
    assert (draft["sponsor"]["name"], draft["websites"][0]["name"]) == ("甲", "示例网站")
    assert len(draft["attachments"]) == 1


def test_websites_come_and_go_with_what_belongs_to_them(shen: Client, case: Case) -> None:
    tab = open_tab(shen, case, website=1)
    answer = tab.press({"websites.0.name": "甲"}, "add:website")
    assert answer["Location"].endswith("/websites/2")
    open_tab(shen, case, website=2).press({"websites.1.name": "乙"}, "stay")
    send_photo(shen, case, "websites-1-4")
    answer = open_tab(shen, case, website=1).press({}, "remove:website")
    assert answer.status_code == 302
    draft = Case.objects.get().draft
    assert [each["name"] for each in draft["websites"]] == ["乙"]
    assert [each["owner"] for each in draft["attachments"]] == ["websites.0"]


def test_a_window_on_a_website_is_told_when_another_was_removed(shen: Client, case: Case) -> None:
    open_tab(shen, case, website=1).press({"websites.0.name": "甲"}, "add:website")
    second = open_tab(shen, case, website=2)
    open_tab(shen, case, website=1).press({"websites.0.name": "甲"}, "remove:website")
    answer = second.type({"websites.1.name": "乙"}).content.decode()
    assert "另一个窗口" in answer


def test_boxes_without_a_tick_are_taken_away_only_where_they_were_shown(shen: Client, case: Case) -> None:
    tab = open_tab(shen, case, website=1)
    tab.type({"websites.0.services": ["1", "8"], "shown": ["websites.0.services"]})
    assert Case.objects.get().draft["websites"][0]["services"] == ["1", "8"]
    tab.type({"websites.0.name": "甲"})
    assert Case.objects.get().draft["websites"][0]["services"] == ["1", "8"]
    tab.type({"shown": ["websites.0.services"]})
    assert Case.objects.get().draft["websites"][0]["services"] == []


def test_people_entered_before_are_offered_and_only_the_accounts_own(
    shen: Client, case: Case, sponsor_account: SponsorAccount, stranger_account: SponsorAccount
) -> None:
    earlier = draft_case(sponsor_account, whole_draft(3))
    foreign = draft_case(stranger_account, whole_draft(4))
    tab = open_tab(shen, case)
    assert f"use:sponsor.person:{earlier.pk}:sponsor.person" in tab.text
    assert f"{foreign.pk}:sponsor.person" not in tab.text
    assert whole_draft(3)["sponsor"]["person"]["certificate_number"] not in tab.text
    tab.press({"sponsor.name": "甲"}, f"use:sponsor.person:{foreign.pk}:sponsor.person")
    assert not Case.objects.get(pk=case.pk).draft["sponsor"].get("person", {}).get("name")
    open_tab(shen, case).press({"sponsor.name": "甲"}, f"use:sponsor.person:{earlier.pk}:sponsor.person")
    draft = Case.objects.get(pk=case.pk).draft
    assert draft["sponsor"]["person"]["name"] == whole_draft(3)["sponsor"]["person"]["name"]
    assert draft["sponsor"]["name"] == "甲"
    website = open_tab(shen, case, website=1)
    website.press({}, "use:websites.0.person:here:sponsor.person")
    draft = Case.objects.get(pk=case.pk).draft
    assert draft["websites"][0]["person"]["mobile"] == draft["sponsor"]["person"]["mobile"]


def test_the_review_leads_to_every_field_that_is_wrong(shen: Client, case: Case, isp: Node) -> None:
    draft = whole_draft()
    open_tab(shen, case).press(form_values(draft, *SPONSOR) | {"sponsor.person.email": "nobody"})
    text = shen.get(page_url(isp, "apply_review", pk=case.pk)).content.decode()
    assert f"/apply/{case.pk}/sponsor?check=1#f-sponsor-person-email" in text
    assert f"/apply/{case.pk}/websites/1?check=1#f-websites-0-domains" in text
    assert f"/apply/{case.pk}/documents?check=1#slot-sponsor-2" in text
    refused = shen.post(page_url(isp, "apply_review", pk=case.pk), {"version": Case.objects.get().version})
    assert refused.status_code == 422
    assert Case.objects.get().state == State.DRAFT


def test_counties_follow_the_city_that_is_chosen(shen: Client, isp: Node) -> None:
    chosen = {"at": "sponsor", "sponsor.address.province": "440000", "sponsor.address.city": "440300"}
    text = shen.get(page_url(isp, "regions"), chosen).content.decode()
    assert "南山区" in text
    assert "海淀区" not in text


def test_the_steps_work_for_their_sponsor_and_nobody_else(
    case: Case, isp: Node, stranger_account: SponsorAccount, clerk: User, signed_in: Callable[[User], Client],
    beijing_account: object,
) -> None:  # fmt: skip
    elsewhere = make_sponsor(beijing_account.provider, "li@example3.cn", "李示例")  # type: ignore[attr-defined]
    addresses = [
        page_url(isp, "apply", pk=case.pk, step="sponsor"),
        page_url(isp, "apply_website", pk=case.pk, website=1),
        page_url(isp, "apply_documents", pk=case.pk),
        page_url(isp, "apply_review", pk=case.pk),
    ]
    for address in addresses:
        assert signed_in(stranger_account.user).get(address).status_code == 404
        assert signed_in(stranger_account.user).post(address, {}).status_code in (404, 405)
        assert signed_in(clerk).get(address).status_code == 403
        assert signed_in(elsewhere.user).get(address).status_code == 403
    assert Case.objects.get().version == 1


def test_what_is_handed_in_can_no_longer_be_typed(shen: Client, sponsor_account: SponsorAccount, isp: Node) -> None:
    draft = whole_draft(7)
    case = draft_case(sponsor_account, draft)
    tab = open_tab(shen, case)
    for key in ("sponsor-2", "sponsor-3", "websites-0-4"):
        send_photo(shen, case, key)
    shen.post(page_url(isp, "apply_review", pk=case.pk), {"version": Case.objects.get().version})
    before = Case.objects.get().draft
    assert tab.type({"sponsor.name": "改"}).status_code == 200
    assert tab.press({"sponsor.name": "改"}).status_code == 302
    assert Case.objects.get().draft == before


def test_what_was_typed_while_it_was_being_handed_in_is_not_lost(
    shen: Client, sponsor_account: SponsorAccount, isp: Node
) -> None:
    case = draft_case(sponsor_account, whole_draft(7))
    for key in ("sponsor-2", "sponsor-3", "websites-0-4"):
        send_photo(shen, case, key)
    read = Case.objects.select_related("provider").get()
    assert open_tab(shen, case).type({"sponsor.name": "示例七号新名称有限公司"}).status_code == 200
    with pytest.raises(MovedOn):
        hand_in(read, sponsor_account.user)
    with pytest.raises(MovedOn):
        submit(isp, read, None)
    case.refresh_from_db()
    assert (case.state, case.typed["sponsor"]["name"]) == (State.DRAFT, "示例七号新名称有限公司")


def test_another_province_takes_what_lay_in_the_one_before(shen: Client, case: Case) -> None:
    tab = open_tab(shen, case)
    there = {"sponsor.address.province": "440000", "sponsor.address.city": "440300", "sponsor.address.county": "440305"}
    tab.type(there)
    tab.type(there | {"sponsor.address.city": "440100"})
    assert Case.objects.get().draft["sponsor"]["address"] == {"province": "440000", "city": "440100", "county": ""}
    tab.type(there | {"sponsor.address.province": "110000"})
    assert Case.objects.get().draft["sponsor"]["address"] == {"province": "110000", "city": "", "county": ""}


@pytest.mark.parametrize("digits", [5000, 30])
def test_a_region_beyond_counting_is_told_beside_its_field(shen: Client, case: Case, digits: int) -> None:
    values = form_values(whole_draft(), *SPONSOR) | {"sponsor.address.province": "9" * digits}
    page = open_tab(shen, case).press(values)
    assert page.status_code == 200
    inputs = {each.path: each for section in page.context["sections"] for each in section.inputs}
    assert inputs["sponsor.address.province"].errors


@pytest.mark.parametrize("again", ["example1.cn", "EXAMPLE1.CN", "ｅxample1.cn"])
def test_a_domain_that_stands_there_already_is_wrong_beside_its_field(shen: Client, case: Case, again: str) -> None:
    values = form_values(whole_draft(), *WEBSITE) | {"websites.0.domains": f"example1.cn\n{again}"}
    page = open_tab(shen, case, website=1).press(values)
    assert page.status_code == 200
    assert "与网站1·域名1重复" in page.content.decode()


def test_the_review_finds_nothing_only_where_it_says_nothing(
    shen: Client, isp: Node, sponsor_account: SponsorAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = draft_case(sponsor_account, whole_draft())
    for key in ("sponsor-2", "sponsor-3", "websites-0-4"):
        send_photo(shen, case, key)
    address = page_url(isp, "apply_review", pk=case.pk)
    assert "没有发现问题" in shen.get(address).content.decode()
    said = {"websites.0.domains.0.name": ["域名已存在。"]}
    monkeypatch.setattr("enterprise.services.checking.warnings", lambda *of: said)
    text = shen.get(address).content.decode()
    assert "域名已存在" in text
    assert "没有发现问题" not in text


def test_a_home_page_is_not_blamed_for_the_domains_that_are_missing(shen: Client, case: Case) -> None:
    values = form_values(whole_draft(), *WEBSITE) | {"websites.0.domains": ""}
    text = open_tab(shen, case, website=1).press(values).content.decode()
    assert "请填写域名" in text
    assert "不含本网站的域名" not in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("198.18.0.1\n198.18.0.999", "IP段2：“198.18.0.999”不是IPv4地址"),
        ("198.18.0.1\n198.18.0.1-198.18.0.999", "IP段2的终止IP：“198.18.0.999”不是IPv4地址"),
        ("2001:db8::1", "管局的接口只接受IPv4地址"),
        ("2001:db8::/64", "管局的接口只接受IPv4地址"),
    ],
)
def test_a_wrong_address_is_told_once_with_its_place(shen: Client, case: Case, typed: str, said: str) -> None:
    path = "websites.0.accesses.0"
    values = form_values(whole_draft(), path) | {f"{path}.ranges": typed}
    page = open_tab(shen, case, "access").press(values)
    found = page.context["errors"]
    assert sum("IPv" in each for texts in found.values() for each in texts) == 1
    assert said in page.content.decode()


def test_a_photo_as_an_iphone_takes_it_is_named_with_the_remedy(shen: Client, case: Case) -> None:
    for brand in (b"heic", b"heix", b"mif1", b"msf1"):
        page = send_photo(shen, case, "sponsor-2", b"\0\0\0\x18ftyp" + brand + bytes(64))
        assert page.status_code == 422
        assert "兼容性最佳" in page.content.decode()
