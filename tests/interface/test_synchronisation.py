"""Everything that a bureau holds for a provider: in parcels, by sponsor, each as it stands when it is gathered."""

from __future__ import annotations

import pytest

from beian.models import Event, Sponsor, User, Website
from beian.records import CodeRecord, FilingRecord, ResultRecord
from beian.records.rows import filings
from interface.documents.download import DownloadDocument
from interface.models import Outcome, Parcel, ParcelKind, ProviderAccount
from interface.services import mailbox
from tests.interface import calling
from tests.interface.calling import Caller
from tests.interface.fetching import acknowledge, documents, fetch

pytestmark = pytest.mark.django_db

LONG = "http://www.example.cn/" + "x" * 300


def numbers(document: DownloadDocument) -> list[int | None]:
    return [each.sponsor.number for each in document.synchronised]


def on_file(account: ProviderAccount, count: int, websites: int = 1) -> list[int]:
    made = [calling.on_file(account, seed, websites) for seed in range(1, count + 1)]
    return [filing.sponsor.number or 0 for filing in made]


def held(caller: Caller, sponsors: list[int]) -> tuple[FilingRecord, ...]:
    account = caller.account
    found = filings(account.bureau, sponsors, isp_id=account.isp_id)
    return tuple(found[number] for number in sponsors)


def test_all_that_is_held_arrives_as_it_stands_in_parcels_by_number(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "MOST_PIECES", 2)
    sponsors = on_file(caller.account, 5)
    mailbox.queue_synchronisation(caller.account)
    parcels = list(documents(caller))
    assert [numbers(each) for each in parcels] == [sponsors[:2], sponsors[2:4], sponsors[4:]]
    assert sum((each.synchronised for each in parcels), ()) == held(caller, sponsors)
    assert [parcel.pieces for parcel in Parcel.objects.order_by("id")] == [2, 2, 1]


def test_what_changes_between_two_parcels_arrives_changed_and_what_goes_does_not(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "MOST_PIECES", 1)
    sponsors = on_file(caller.account, 3)
    mailbox.queue_synchronisation(caller.account)
    name, first = fetch(caller)
    rows = Sponsor.objects.held_by(caller.account.bureau)
    rows.filter(number=sponsors[1]).delete()
    rows.filter(number=sponsors[2]).update(name="改过名字的示例公司")
    acknowledge(caller, name)
    (last,) = documents(caller)
    assert (numbers(first), numbers(last)) == (sponsors[:1], sponsors[2:])
    assert last.synchronised[0].sponsor.name == "改过名字的示例公司"


def test_a_parcel_holds_at_most_so_many_bytes(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    sponsors = on_file(caller.account, 3)
    mailbox.queue_synchronisation(caller.account)
    (whole,) = documents(caller)
    size = Parcel.objects.get().document_size
    monkeypatch.setattr(mailbox, "MOST_BYTES", size * 3 // 4)
    mailbox.queue_synchronisation(caller.account)
    assert [numbers(each) for each in documents(caller)] == [sponsors[:2], sponsors[2:]]
    assert all(parcel.document_size <= size * 3 // 4 for parcel in Parcel.objects.all()[1:])
    assert numbers(whole) == sponsors


def test_it_is_not_queued_twice_before_it_begins_but_again_once_it_did(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "MOST_PIECES", 1)
    sponsors = on_file(caller.account, 2)
    assert mailbox.queue_synchronisation(caller.account) == mailbox.queue_synchronisation(caller.account)
    name, _ = fetch(caller)
    mailbox.queue_synchronisation(caller.account)
    acknowledge(caller, name)
    told = [number for each in documents(caller) for number in numbers(each)]
    assert told == [sponsors[1], *sponsors]


def test_it_goes_before_what_waits_already(caller: Caller) -> None:
    sponsors = on_file(caller.account, 1)
    result = ResultRecord(codes=(CodeRecord(code=1001),), operation=1)
    mailbox.queue_result(caller.account, result, about="x")
    mailbox.queue_synchronisation(caller.account)
    first, second = documents(caller)
    assert (numbers(first), second.results) == (sponsors, (result,))


def test_what_the_schema_cannot_express_is_left_out_and_listed(caller: Caller) -> None:
    sponsors = on_file(caller.account, 3, websites=2)
    websites = Website.objects.held_by(caller.account.bureau)
    websites.filter(sponsor__number=sponsors[0]).update(home_page=LONG)
    websites.filter(sponsor__number=sponsors[1], filing_number__endswith="-1").update(home_page=LONG)
    for _ in range(2):
        mailbox.queue_synchronisation(caller.account)
        (document,) = documents(caller)
        assert [(each.sponsor.number, len(each.websites)) for each in document.synchronised] == [
            (sponsors[1], 1),
            (sponsors[2], 2),
        ]
    listed = Outcome.objects.exclude(left_out="").order_by("about")
    assert [outcome.about for outcome in listed] == [f"sponsor:{number}" for number in sponsors[:2]]
    assert [outcome.left_out.count("未下发") for outcome in listed] == [2, 1]


def test_a_website_without_languages_can_be_synchronised_but_not_told_of_otherwise(caller: Caller) -> None:
    (number,) = on_file(caller.account, 1)
    Website.objects.held_by(caller.account.bureau).update(languages=[])
    mailbox.queue_synchronisation(caller.account)
    mailbox.queue_filing(caller.account, number, about="x")
    (document,) = documents(caller)
    assert [website.languages for website in document.synchronised[0].websites] == [()]
    assert "Yylb" in Outcome.objects.get(kind=ParcelKind.FILINGS).left_out


def test_a_filing_too_large_for_any_parcel_does_not_block_the_rest(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    sponsors = on_file(caller.account, 2)
    Sponsor.objects.held_by(caller.account.bureau).filter(number=sponsors[0]).update(remark="备" * 1000)
    monkeypatch.setattr(mailbox, "MOST_BYTES", 3000)
    mailbox.queue_synchronisation(caller.account)
    assert [numbers(each) for each in documents(caller)] == [sponsors[1:]]
    assert "上限" in Outcome.objects.get(about=f"sponsor:{sponsors[0]}").left_out


def test_nothing_held_is_said_and_blocks_nothing(caller: Caller) -> None:
    order = mailbox.queue_synchronisation(caller.account)
    assert list(documents(caller)) == []
    order.refresh_from_db()
    assert order.left_out == "没有可下发的数据"


def test_what_others_host_is_not_told(caller: Caller) -> None:
    other = calling.account(440000000902)
    calling.on_file(other, 9)
    (own,) = on_file(caller.account, 1)
    mailbox.queue_synchronisation(caller.account)
    (document,) = documents(caller)
    assert numbers(document) == [own]


def test_a_parcel_of_it_is_handed_out_again_as_it_stands_now(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "MOST_PIECES", 2)
    sponsors = on_file(caller.account, 5)
    mailbox.queue_synchronisation(caller.account)
    assert len(list(documents(caller))) == 3
    clerk = User.objects.create(username="clerk", name="Clerk")
    second = Parcel.objects.order_by("id")[1]
    Sponsor.objects.held_by(caller.account.bureau).filter(number=sponsors[2]).update(name="改过名字的示例公司")
    assert mailbox.hand_out_again(second, clerk, "对方丢失了文件") == 1
    (document,) = documents(caller)
    assert numbers(document) == sponsors[2:4]
    assert document.synchronised[0].sponsor.name == "改过名字的示例公司"


def test_an_order_brings_codes_and_filings_and_is_written_down(caller: Caller, code_tables: None) -> None:
    sponsors = on_file(caller.account, 1)
    clerk = User.objects.create(username="clerk", name="Clerk")
    mailbox.synchronise(caller.account, actor=clerk, reason="割接")
    *codes, last = documents(caller)
    assert all(each.units or each.code_tables for each in codes)
    assert (len(codes), numbers(last)) == (8, sponsors)
    event = Event.objects.get(subject_kind="account", verb="synchronisation ordered")
    assert (event.subject, event.actor, event.reason) == (str(caller.account.pk), clerk, "割接")


def test_the_first_call_brings_codes_and_filings_where_the_bureau_holds_any(code_tables: None) -> None:
    caller = Caller(calling.account(connected_at=None))
    sponsors = on_file(caller.account, 2)
    assert caller("isp_querypreviousupload").code == 0
    parcels = list(documents(caller))
    assert all(each.units or each.code_tables for each in parcels[:-1])
    assert numbers(parcels[-1]) == sponsors
    kinds = [parcel.kind for parcel in Parcel.objects.order_by("id")]
    assert kinds[-1] == ParcelKind.SYNCHRONISATION
    assert set(kinds[:-1]) == {ParcelKind.CODES}
    assert list(documents(caller)) == []


def test_a_first_call_that_is_refused_is_none(db: None) -> None:
    caller = Caller(calling.account(connected_at=None))
    on_file(caller.account, 1)
    assert caller("isp_download", pwdHash="AAAA").code == 5
    assert not Outcome.objects.exists()


def test_a_provider_of_whom_nothing_is_held_is_not_told_what_is_filed_later(db: None) -> None:
    caller = Caller(calling.account(connected_at=None))
    assert caller("isp_download").code == 2
    on_file(caller.account, 1)
    assert caller("isp_download").code == 2
    caller.account.refresh_from_db()
    assert caller.account.connected_at is not None
