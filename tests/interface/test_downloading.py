"""isp_download and isp_downloadack: parcels, their order, their bounds, handed out until acknowledged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from beian.models import Sponsor, User, Website
from beian.records import CodeRecord, FilingRecord, OpinionRecord, ResultRecord
from interface.documents.download import DownloadDocument
from interface.models import CallLog, Outcome, Parcel
from interface.services import mailbox, rendering
from tests.interface import calling
from tests.interface.calling import Caller
from tests.interface.fetching import acknowledge, fetch

pytestmark = pytest.mark.django_db


def result(subject: str = "1", code: int = 1001) -> ResultRecord:
    return ResultRecord(codes=(CodeRecord(code=code, description="说明"),), operation=1, subject=subject, remark="备注")


def queue(caller: Caller, subject: str, about: str = "") -> Outcome:
    return mailbox.queue_result(caller.account, result(subject), about=about or subject)


def subjects(document: DownloadDocument) -> list[str | None]:
    return [each.subject for each in document.results]


def test_an_empty_mailbox_is_2(caller: Caller) -> None:
    assert caller("isp_download").code == 2


@pytest.mark.parametrize("encrypted", [False, True])
def test_a_result_with_its_opinion_arrives(caller: Caller, encrypted: bool) -> None:
    caller.account.encrypt_downloads = encrypted
    caller.account.save()
    opinion = OpinionRecord(reviewed="2026-11-22 12:00:00", verdict=1, reviewer="审核人", operation=1, subject=1)
    mailbox.queue_result(caller.account, result(), opinions=(opinion,), about="x")
    _, document = fetch(caller)
    assert document.results == (result(),)
    assert document.opinions == (opinion,)


def test_the_same_parcel_comes_until_it_is_acknowledged(caller: Caller) -> None:
    queue(caller, "1")
    name, first = fetch(caller)
    queue(caller, "2")
    assert fetch(caller) == (name, first)
    assert acknowledge(caller, name) == 0
    assert subjects(fetch(caller)[1]) == ["2"]
    parcel = Parcel.objects.get(file_name=name)
    assert parcel.times_fetched == 2
    assert parcel.first_fetched_at is not None


def test_acknowledging_again_is_0_and_another_name_is_999(caller: Caller) -> None:
    queue(caller, "1")
    name, _ = fetch(caller)
    assert [acknowledge(caller, name) for _ in range(2)] == [0, 0]
    assert acknowledge(caller, "other.xml") == 999
    assert acknowledge(caller, "") == 21
    assert caller("isp_downloadack").code == 21
    assert caller("isp_download").code == 2


def test_nobody_acknowledges_for_another(caller: Caller) -> None:
    queue(caller, "1")
    name, _ = fetch(caller)
    other = Caller(calling.account(440000000902))
    assert acknowledge(other, name) == 999
    assert fetch(caller)[0] == name


def test_a_parcel_holds_at_most_so_many_pieces(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "MOST_PIECES", 3)
    for number in range(5):
        queue(caller, str(number))
    name, first = fetch(caller)
    acknowledge(caller, name)
    assert (subjects(first), subjects(fetch(caller)[1])) == (["0", "1", "2"], ["3", "4"])


def test_a_parcel_holds_at_most_so_many_bytes(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        queue(caller, str(number))
    one = rendering.Renderer(caller.account, []).render(Outcome.objects.all()[0]).size
    monkeypatch.setattr(mailbox, "MOST_BYTES", one * 2)
    name, first = fetch(caller)
    acknowledge(caller, name)
    assert (subjects(first), subjects(fetch(caller)[1])) == (["0", "1"], ["2"])
    assert all(parcel.document_size <= one * 2 for parcel in Parcel.objects.all())


def file_a_website(caller: Caller, seed: int = 1, websites: int = 1) -> FilingRecord:
    """Put a filing with accesses by the caller on file at the bureau."""
    return calling.on_file(caller.account, seed, websites)


def test_one_document_holds_one_kind_and_nothing_overtakes(caller: Caller) -> None:
    filing = file_a_website(caller)
    sponsor = filing.sponsor.number
    assert sponsor is not None
    queue(caller, "1", "a")
    mailbox.queue_filing(caller.account, sponsor, about="b")
    queue(caller, "2", "b")
    queue(caller, "3", "c")
    seen = []
    for _ in range(3):
        name, document = fetch(caller)
        seen.append((subjects(document), len(document.filings)))
        acknowledge(caller, name)
    assert seen == [(["1", "3"], 0), ([], 1), (["2"], 0)]
    assert caller("isp_download").code == 2


def test_a_filing_is_rendered_when_it_is_gathered_and_once(caller: Caller) -> None:
    filing = file_a_website(caller)
    for _ in range(2):
        mailbox.queue_filing(caller.account, filing.sponsor.number or 0, about="a")
    Sponsor.objects.held_by(caller.account.bureau).update(name="改过名字的示例公司")  # type: ignore[attr-defined]
    _, document = fetch(caller)
    assert [each.sponsor.name for each in document.filings] == ["改过名字的示例公司"]
    assert not Outcome.objects.filter(parcel=None).exists()


def test_what_the_schema_cannot_express_is_left_out_and_said(caller: Caller) -> None:
    filing = file_a_website(caller, websites=2)
    bad = Website.objects.held_by(caller.account.bureau).order_by("number").first()  # type: ignore[attr-defined]
    bad.home_page = "http://www.example.cn/" + "x" * 300
    bad.save()
    mailbox.queue_filing(caller.account, filing.sponsor.number or 0, about="a")
    _, document = fetch(caller)
    assert [len(each.websites) for each in document.filings] == [1]
    assert bad.filing_number in Outcome.objects.get().left_out


def test_what_is_partly_left_out_is_still_handed_out_when_it_waits_for_the_next_parcel(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    filings = [calling.on_file(caller.account, seed, websites=2) for seed in (1, 2)]
    bureau = caller.account.bureau
    Website.objects.held_by(bureau).filter(filing_number__endswith="-1").update(  # type: ignore[attr-defined]
        home_page="http://www.example.cn/" + "x" * 300
    )
    for filing in filings:
        mailbox.queue_filing(caller.account, filing.sponsor.number or 0, about=str(filing.sponsor.number))
    outcomes = list(Outcome.objects.all())
    size = rendering.Renderer(caller.account, outcomes).render(outcomes[0]).size
    monkeypatch.setattr(mailbox, "MOST_BYTES", size + 10)
    for filing in filings:
        name, document = fetch(caller)
        assert [each.sponsor.name for each in document.filings] == [filing.sponsor.name]
        acknowledge(caller, name)
    assert caller("isp_download").code == 2


def test_what_cannot_be_expressed_at_all_does_not_block_the_rest(caller: Caller) -> None:
    mailbox.queue_result(caller.account, replace(result("1"), operation=35), about="a")
    mailbox.queue_filing(caller.account, 440_000_000_000_999, about="b")
    queue(caller, "2")
    assert subjects(fetch(caller)[1]) == ["2"]
    assert Outcome.objects.exclude(left_out="").count() >= 1
    assert acknowledge(caller, Parcel.objects.get().file_name) == 0
    assert caller("isp_download").code == 2
    assert Outcome.objects.filter(parcel=None, left_out="").count() == 0


def test_a_piece_too_large_for_any_parcel_does_not_block_the_rest(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = replace(result("1"), remark="备注" * 1000)
    mailbox.queue_result(caller.account, large, about="1")
    queue(caller, "2")
    monkeypatch.setattr(mailbox, "MOST_BYTES", 2000)
    assert subjects(fetch(caller)[1]) == ["2"]
    assert "上限" in Outcome.objects.order_by("id")[0].left_out


def test_an_acknowledged_parcel_can_be_handed_out_again(caller: Caller) -> None:
    queue(caller, "1")
    name, _ = fetch(caller)
    clerk = User.objects.create(username="clerk", name="Clerk")
    parcel = Parcel.objects.get()
    assert mailbox.hand_out_again(parcel, clerk, "对方丢失了文件") == 0
    acknowledge(caller, name)
    assert mailbox.hand_out_again(parcel, clerk, "对方丢失了文件") == 1
    again, document = fetch(caller)
    assert again != name
    assert subjects(document) == ["1"]


def test_the_log_says_what_was_handed_out(caller: Caller) -> None:
    queue(caller, "1")
    name, _ = fetch(caller)
    assert name in CallLog.objects.latest("id").reason
