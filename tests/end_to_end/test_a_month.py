"""A month in the life of one provider: what it asks for, what it is told, and what it knows in the end.

Each step is one day of March 2026. After each, everybody knows what the bureau holds, and no number stands
for two things or comes back after it was given up.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from beian.checks import shipped_facts
from beian.checks.missing_material import missing_material
from beian.checks.verification import Level, Verification, verification
from beian.models import Event, User
from beian.records import (
    Cancelled,
    FilingRecord,
    NameRecord,
    NewAccessRecord,
    NewWebsitesRecord,
    ResultRecord,
)
from bureau.models import Application
from bureau.services.prospects import prospect_of
from bureau.services.requests import attachments_of, request_of
from interface.client import NoConnection
from interface.models import ProviderAccount, Upload
from tests.builders import access, attachment, changed, filing, website
from tests.conftest import make_account
from tests.end_to_end.month import NOT_FOUND, Month, Provider
from tests.requests import cancellation, change_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("code_tables"), pytest.mark.slow]

NEIGHBOUR_ID = 440000000003
OURS, THEIRS = filing(1), filing(2)
SECOND = website(150)
SUCCESSOR = filing(3).sponsor.person
OUT_OF_SEQUENCE = 14


class Story:
    """Who takes part, and what the steps pass on to each other."""

    def __init__(self, month: Month, we: Provider, neighbour: Provider) -> None:
        self.month, self.we, self.neighbour = month, we, neighbour

    @property
    def ours(self) -> FilingRecord:
        """The filing of our customer, as we know it."""
        return self.we.filing_of(OURS.sponsor.name)

    @property
    def theirs(self) -> FilingRecord:
        """The neighbour's customer's filing, as the neighbour knows it."""
        return self.neighbour.filing_of(THEIRS.sponsor.name)

    @property
    def theirs_as_we_know_it(self) -> FilingRecord:
        """The same, as far as we are told of it."""
        return self.we.filing_of(THEIRS.sponsor.name)

    def ask(self, **sections: Any) -> Application:
        """Upload one request of ours and let a worker take it up."""
        self.we.upload(**sections)
        return self.month.work(self.we)

    def told(self) -> ResultRecord:
        """Fetch; gives the one result that came."""
        (result,) = self.we.fetch()
        return result

    def password(self) -> str:
        """The filing password of the neighbour's customer, out of its letter."""
        letter = self.month.letter(f"网站备案已通过：{self.theirs.sponsor.filing_number}")
        found = re.search(r"备案密码：(\w+)", letter)
        assert found, letter
        return found[1]


def codes(result: ResultRecord) -> list[int]:
    return [each.code for each in result.codes]


def needed(application: Application) -> Verification:
    """What the reviewer is told of the verification that a request needs."""
    prospect = prospect_of(application)
    assert prospect.after is not None
    return verification(prospect.before, prospect.after, shipped_facts(timezone.localdate()))


def files_and_is_returned(story: Story) -> None:
    """Everything that is wrong comes back at once, each with what is wrong about it."""
    wrong = changed(OURS, "sponsor.person.mobile", "12000000000")
    wrong = changed(wrong, "websites.0.home_page", "http://www.example999.cn/")
    story.we.upload(wrong)
    assert story.month.work(story.we).state == "returned"
    result = story.told()
    assert (result.operation, result.subject) == (1, str(OURS.sponsor.provider_id))
    assert codes(result) == [1011, 1041]
    assert "12000000000" in (result.remark or "")
    assert "example999.cn" in (result.remark or "")


def files_again_and_loses_the_answer(story: Story) -> None:
    """What was sent is sent again under its number: 0, and nothing twice."""
    we = story.we
    document = we.document(OURS)
    we.calls.breaks = True
    with pytest.raises(NoConnection):
        we.calls.upload(document, we.sequence + 1)
    answer = we.calls.previous_upload()
    assert answer.file is not None
    assert answer.file.sequence == we.sequence + 1
    we.sequence += 1
    assert we.calls.upload(document, we.sequence).code == 0
    assert Upload.objects.filter(account=we.account).count() == we.sequence
    story.month.work(we)
    assert Application.objects.filter(state="pending").count() == 1


def is_approved(story: Story) -> None:
    """A number for the sponsor, one for the website, and a letter with the password."""
    story.month.approve(Application.objects.get(state="pending"))
    result = story.told()
    assert codes(result) == [1001]
    number = story.ours.sponsor.filing_number
    assert number == "粤ICP备2026000001号"
    assert [each.filing_number for each in story.ours.websites] == [f"{number}-1"]
    assert "备案密码：" in story.month.letter(f"网站备案已通过：{number}")
    assert str(number) in story.month.ask_publicly("example101.cn")


def skips_a_number(story: Story) -> None:
    """The bureau names what it misses, and takes nothing."""
    we = story.we
    answer = we.calls.upload(we.document(filing(77)), we.sequence + 3)
    assert (answer.code, answer.missing) == (OUT_OF_SEQUENCE, (we.sequence + 1, we.sequence + 2))
    again = we.calls.upload(we.document(filing(77)), we.sequence)
    assert (again.code, again.missing) == (OUT_OF_SEQUENCE, (we.sequence + 1,))
    assert Upload.objects.filter(account=we.account).count() == we.sequence


def adds_a_website(story: Story) -> None:
    """Any string is taken as its filing password."""
    asked = NewWebsitesRecord(
        sponsor=NameRecord(filing_number=story.ours.sponsor.filing_number),
        websites=(SECOND,),
        filing_password="whatever",
    )
    application = story.ask(new_websites=[asked])
    assert needed(application).level == Level.REQUIRED
    story.month.approve(application)
    result = story.told()
    assert (codes(result), result.operation, result.subject) == ([1001], 2, story.ours.sponsor.filing_number)
    assert story.ours.websites[1].filing_number == f"{story.ours.sponsor.filing_number}-2"
    assert story.ours.websites[1].provider_id == SECOND.provider_id


def downloads_twice_without_acknowledging(story: Story) -> None:
    """The same parcel again, until it is acknowledged."""
    story.we.upload(changed(filing(78), "sponsor.person.mobile", "12000000000"))
    story.month.work(story.we)
    first, document = story.we.look()
    second, again = story.we.look()
    assert (first.file_name, first.hash, document) == (second.file_name, second.hash, again)
    assert codes(story.told()) == [1011]


def the_neighbour_files(story: Story) -> None:
    """We hear nothing of what is not ours."""
    story.neighbour.upload(THEIRS)
    story.month.approve(story.month.work(story.neighbour))
    story.neighbour.fetch()
    assert story.we.fetch() == []
    assert len(story.we.knows.filings()) == 1


def names_a_sponsor_where_a_website_is_needed(story: Story) -> None:
    """The message says which websites there are."""
    asked = NewAccessRecord(
        website=NameRecord(filing_number=story.theirs.sponsor.filing_number),
        access=access(900),
        filing_password=story.password(),
    )
    assert story.ask(new_accesses=[asked]).state == "returned"
    result = story.told()
    assert codes(result) == [1016]
    assert str(story.theirs.websites[0].filing_number) in (result.codes[0].description or "")


def access_to_theirs(story: Story, password: str) -> NewAccessRecord:
    name = NameRecord(filing_number=story.theirs.websites[0].filing_number)
    return NewAccessRecord(website=name, access=access(900), filing_password=password)


def gives_a_wrong_password(story: Story) -> None:
    """A new access is one of the two requests for which it is checked."""
    assert story.ask(new_accesses=[access_to_theirs(story, "Falsch12")]).state == "returned"
    result = story.told()
    assert (codes(result), result.operation) == ([1018], 3)
    answer = story.we.calls.verify_password(story.theirs.sponsor.filing_number or "", "Falsch12")
    assert (answer.code, answer.wrong) == (0, 1)


def gives_the_right_one(story: Story) -> None:
    """It came with the sponsor's letter. Both providers get the filing with both accesses."""
    password = story.password()
    answer = story.we.calls.verify_password(story.theirs.sponsor.filing_number or "", password)
    assert (answer.code, answer.wrong) == (0, 0)
    application = story.ask(new_accesses=[access_to_theirs(story, password)])
    assert needed(application).level == Level.KEEP_TRUE
    story.month.approve(application)
    result = story.told()
    assert (codes(result), result.subject) == ([1001], story.theirs.websites[0].filing_number)
    story.neighbour.fetch()
    for known in (story.theirs, story.theirs_as_we_know_it):
        assert {each.provider for each in known.websites[0].accesses} == {story.we.isp_id, NEIGHBOUR_ID}
    assert story.theirs_as_we_know_it.sponsor.provider_id is None


def changes_the_address(story: Story) -> None:
    """Nobody has to come for that; other parts stay as they are."""
    before = story.ours
    address = replace(before.sponsor.address, detail="示例新路8号")
    asked = replace(change_of(before), sponsor=replace(before.sponsor, address=address))
    application = story.ask(changes=[asked])
    assert [delta["path"] for delta in application.difference["changes"]] == [["sponsor", "address", "detail"]]
    assert needed(application).level == Level.ADVISABLE
    story.month.approve(application)
    result = story.told()
    assert (codes(result), result.operation, result.subject) == ([1001], 4, str(before.sponsor.number))
    assert story.ours.sponsor.address == address
    assert story.ours.websites == before.websites


def changes_the_responsible_person(story: Story) -> None:
    """Somebody comes in person; without the form the reviewer is told that it lacks."""
    before = story.ours
    person = replace(before.sponsor.person, name=SUCCESSOR.name, certificate_number=SUCCESSOR.certificate_number)
    asked = replace(change_of(before), sponsor=replace(before.sponsor, person=person))
    application = story.ask(changes=[asked])
    found = needed(application)
    assert found.level == Level.REQUIRED
    assert {reason.field for reason in found.required} == {
        ("sponsor", "person", "name"),
        ("sponsor", "person", "certificate_number"),
    }
    assert [each.demanded for each in lacks(application)] == [True, False]
    story.month.refuse(application, "缺少核验单")
    result = story.told()
    assert codes(result) == [1002]
    assert "缺少核验单" in (result.remark or "")
    number = str(before.sponsor.number)
    photo = attachment(str(before.websites[0].number), owner_kind=2, purpose=5)
    application = story.ask(changes=[replace(asked, attachments=(attachment(number), photo))])
    assert lacks(application) == ()
    story.month.approve(application)
    assert codes(story.told()) == [1001]
    assert story.ours.sponsor.person == person


def lacks(application: Application) -> tuple[Any, ...]:
    after = prospect_of(application).after
    assert after is not None
    given = attachments_of(request_of(application))
    return missing_material(needed(application), after, given, shipped_facts(timezone.localdate()))


def changes_a_copy_that_is_stale(story: Story) -> None:
    """The neighbour renamed the website; we have not heard of it and change something else."""
    known = story.theirs_as_we_know_it
    renamed = replace(story.theirs.websites[0], name="邻居所改的名称")
    story.neighbour.upload(changes=[change_of(story.theirs, renamed)])
    story.month.approve(story.month.work(story.neighbour))
    page = "https://www.example201.cn/neu"
    application = story.ask(changes=[change_of(known, replace(known.websites[0], home_page=page))])
    assert [delta["path"][-1] for delta in application.difference["changes"]] == ["home_page"]
    assert application.difference["both"] == []
    story.month.approve(application)
    assert codes(story.told()) == [1001]
    site = story.theirs_as_we_know_it.websites[0]
    assert (site.name, site.home_page) == ("邻居所改的名称", page)


def changes_what_the_neighbour_changed_too(story: Story) -> None:
    """The reviewer sees both, and decides knowingly."""
    known = story.theirs_as_we_know_it
    story.neighbour.fetch()
    renamed = replace(story.theirs.websites[0], name="邻居再改的名称")
    story.neighbour.upload(changes=[change_of(story.theirs, renamed)])
    story.month.approve(story.month.work(story.neighbour))
    application = story.ask(changes=[change_of(known, replace(known.websites[0], name="我方所改的名称"))])
    (both,) = application.difference["both"]
    assert (both["base"], both["old"], both["new"]) == ("邻居所改的名称", "邻居再改的名称", "我方所改的名称")
    story.month.approve(application)
    assert codes(story.told()) == [1001]
    assert story.theirs_as_we_know_it.websites[0].name == "我方所改的名称"


def own_access(filing: FilingRecord, provider: Provider, place: int = 0) -> int:
    (number,) = [each.number for each in filing.websites[place].accesses if each.provider == provider.isp_id]
    assert number is not None
    return number


def cancels_an_access_that_is_the_only_one(story: Story) -> None:
    """The message says that the website is what could be cancelled, and gives its number."""
    asked = cancellation(Cancelled.ACCESS, own_access(story.ours, story.we, 1))
    assert story.ask(cancellations=[asked]).state == "returned"
    result = story.told()
    assert (codes(result), result.operation, result.subject) == ([1025], 5, str(asked.number))
    assert str(story.ours.websites[1].number) in (result.remark or "")


def cancels_one_of_two_accesses(story: Story) -> None:
    """The website goes on with the neighbour; its sponsor is told by letter."""
    number = own_access(story.theirs_as_we_know_it, story.we)
    story.month.approve(story.ask(cancellations=[cancellation(Cancelled.ACCESS, number)]))
    result = story.told()
    assert (codes(result), result.operation, result.subject) == ([1001], 5, str(number))
    assert [each.sponsor.name for each in story.we.knows.filings().values()] == [OURS.sponsor.name]
    story.neighbour.fetch()
    assert {each.provider for each in story.theirs.websites[0].accesses} == {NEIGHBOUR_ID}
    assert story.we.account.provider.name in story.month.letter("网站备案变动")


def cancels_a_website(story: Story) -> None:
    """Its domain is free, its number is not."""
    site = story.ours.websites[1]
    story.month.approve(story.ask(cancellations=[cancellation(Cancelled.WEBSITE, site.number or 0)]))
    result = story.told()
    assert (codes(result), result.operation, result.subject) == ([1001], 7, str(site.number))
    assert len(story.ours.websites) == 1
    status = story.we.calls.status(0, site.domains[0].name).status
    assert status is not None
    assert status.not_filed == 1
    assert NOT_FOUND in story.month.ask_publicly(site.domains[0].name)


def cancels_the_sponsor(story: Story) -> None:
    """With its password. Everything goes along."""
    gone = story.ours
    letter = story.month.letter(f"网站备案已通过：{gone.sponsor.filing_number}")
    password = re.findall(r"备案密码：(\w+)", letter)[0]
    asked = cancellation(Cancelled.SPONSOR, gone.sponsor.number or 0, filing_password=password)
    story.month.approve(story.ask(cancellations=[asked]))
    result = story.told()
    assert (codes(result), result.operation, result.subject) == ([1001], 6, str(gone.sponsor.number))
    assert story.we.knows.filings() == {}
    late = NewWebsitesRecord(sponsor=NameRecord(number=gone.sponsor.number), websites=(website(151),))
    story.ask(new_websites=[late])
    assert codes(story.told()) == [1049]


def files_what_was_cancelled(story: Story) -> None:
    """Certificate and domain are free, own ids as well; the numbers are new ones."""
    story.we.upload(OURS)
    story.month.approve(story.month.work(story.we))
    assert codes(story.told()) == [1001]
    assert story.ours.sponsor.filing_number == "粤ICP备2026000003号"


def the_public_sees_nothing_of_what_is_gone(story: Story) -> None:
    """Neither by number nor by name; each upload was judged once, each parcel acknowledged once."""
    for text in ("粤ICP备2026000001号", "粤ICP备2026000001号-1", "粤ICP备2026000001号-2", "example150.cn"):
        assert NOT_FOUND in story.month.ask_publicly(text), text
    assert "粤ICP备2026000003号-1" in story.month.ask_publicly("example101.cn")
    assert "粤ICP备2026000002号-1" in story.month.ask_publicly("example201.cn")
    uploads = Upload.objects.filter(account=story.we.account)
    assert list(uploads.order_by("sequence").values_list("sequence", flat=True)) == [*range(1, story.we.sequence + 1)]
    processed = Event.objects.filter(subject_kind="upload", verb__in=("processed", "returned"))
    assert processed.count() == Upload.objects.count()


STEPS: list[tuple[int, Callable[[Story], None]]] = [
    (2, files_and_is_returned),
    (3, files_again_and_loses_the_answer),
    (4, is_approved),
    (5, skips_a_number),
    (6, adds_a_website),
    (8, downloads_twice_without_acknowledging),
    (9, the_neighbour_files),
    (10, names_a_sponsor_where_a_website_is_needed),
    (11, gives_a_wrong_password),
    (12, gives_the_right_one),
    (16, changes_the_address),
    (17, changes_the_responsible_person),
    (18, changes_a_copy_that_is_stale),
    (19, changes_what_the_neighbour_changed_too),
    (23, cancels_an_access_that_is_the_only_one),
    (24, cancels_one_of_two_accesses),
    (25, cancels_a_website),
    (26, cancels_the_sponsor),
    (30, files_what_was_cancelled),
    (31, the_public_sees_nothing_of_what_is_gone),
]


def test_a_month(live_server: LiveServer, account: ProviderAccount, reviewer: User) -> None:
    month = Month(live_server.url, reviewer)
    with month.on(1):
        neighbour = make_account(account.bureau, NEIGHBOUR_ID, "邻居接入商")
        story = Story(month, month.connect(account), month.connect(neighbour))
        month.check()
    for day, step in STEPS:
        with month.on(day):
            try:
                step(story)
                month.check()
            except BaseException as error:
                error.add_note(f"on day {day} of March: {step.__name__}")
                raise
