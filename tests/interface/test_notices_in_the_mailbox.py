"""What a bureau tells unasked: into the mailbox, and out of it as it was said, each kind in parcels of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from beian.models import Access, ObjectKind, User, Website
from beian.models import Cancelled as Tombstone
from beian.records import Cancelled, CodeRecord, ResultRecord, from_json
from beian.records.notices import CancelledNotice, CheckTask, Concerned, CorrectionNotice, Notice, checkable
from beian.records.rows import filings
from interface.documents.download import NOTICES, DownloadDocument
from interface.models import Outcome, Parcel, ParcelKind
from interface.services import mailbox
from interface.services.rendering import NOT_CONCERNED, NOTICE_KINDS
from tests.interface import calling
from tests.interface.calling import Caller
from tests.interface.fetching import documents
from tests.interface.test_documents_fixtures import expected

pytestmark = pytest.mark.django_db

GONE = CancelledNotice(what=Cancelled.WEBSITE, number=7, remark="责令关闭")


def queue(caller: Caller, notice: Notice, about: str = "sponsor:1") -> Outcome:
    return mailbox.queue_notice(caller.account, NOTICE_KINDS[type(notice)], notice, about=about)


@pytest.mark.parametrize("kind", [kind for kind in NOTICES if kind != CheckTask], ids=lambda kind: kind.__name__)
def test_every_notice_arrives_as_it_was_said(caller: Caller, kind: type[Notice]) -> None:
    section = NOTICES[kind]
    notices = [from_json(each, kind) for each in expected(f"downloads/{section}")[section]]
    for notice in notices:
        queue(caller, notice)
    (document,) = documents(caller)
    assert document == DownloadDocument(version="V.3.0", **{section: tuple(notices)})


def test_every_kind_of_parcel_is_of_notices_or_is_queued_otherwise() -> None:
    otherwise = {ParcelKind.RESULTS, ParcelKind.FILINGS, ParcelKind.CODES, ParcelKind.SYNCHRONISATION}
    assert set(NOTICE_KINDS.values()) | otherwise == set(ParcelKind)
    assert set(NOTICE_KINDS) == set(NOTICES)


def test_a_notice_is_not_queued_as_another_kind(caller: Caller) -> None:
    with pytest.raises(TypeError, match="CancelledNotice is not told in parcels of notices"):
        mailbox.queue_notice(caller.account, ParcelKind.NOTICES, GONE, about="x")


def test_kinds_do_not_mix_and_nothing_overtakes_what_is_about_the_same(caller: Caller) -> None:
    result = ResultRecord(codes=(CodeRecord(code=1001),), operation=1)
    correction = CorrectionNotice(what=Concerned.SPONSOR, text="请变更", number=1)
    queue(caller, correction, "sponsor:1")
    mailbox.queue_result(caller.account, result, about="sponsor:2")
    queue(caller, correction, "sponsor:2")
    queue(caller, correction, "sponsor:3")
    told = [(len(each.results), len(each.corrections)) for each in documents(caller)]
    assert told == [(0, 2), (1, 0), (0, 1)]


def test_cancellations_go_before_all_that_waits(caller: Caller) -> None:
    calling.on_file(caller.account)
    mailbox.queue_result(caller.account, ResultRecord(codes=(CodeRecord(code=1001),), operation=1), about="sponsor:1")
    mailbox.queue_synchronisation(caller.account)
    queue(caller, GONE)
    queue(caller, replace(GONE, number=8))
    told = [(len(each.cancelled), len(each.synchronised), len(each.results)) for each in documents(caller)]
    assert told == [(2, 0, 0), (0, 1, 0), (0, 0, 1)]


def test_what_was_cancelled_meanwhile_is_not_told_of_otherwise(caller: Caller) -> None:
    bureau = caller.account.bureau
    Tombstone.objects.create_for(bureau, kind=ObjectKind.WEBSITE, number=7)
    moot = queue(caller, CorrectionNotice(what=Concerned.WEBSITE, text="请变更", number=7))
    queue(caller, CorrectionNotice(what=Concerned.WEBSITE, text="请变更", number=8))
    queue(caller, GONE)
    cancelled, corrections = documents(caller)
    assert (cancelled.cancelled, [each.number for each in corrections.corrections]) == ((GONE,), [8])
    moot.refresh_from_db()
    assert moot.left_out == "所涉主体或网站已注销"


def test_blacklist_and_inspections_of_all_types_share_a_parcel(caller: Caller) -> None:
    for section in ("blacklisted_sponsors", "blacklisted_websites"):
        for each in expected(f"downloads/{section}")[section]:
            queue(caller, from_json(each, dict(zip(NOTICES.values(), NOTICES, strict=True))[section]))
    (document,) = documents(caller)
    assert (len(document.blacklisted_sponsors), len(document.blacklisted_websites)) == (3, 2)


def test_what_the_schema_cannot_express_is_left_out_and_said(caller: Caller) -> None:
    odd = queue(caller, replace(GONE, what=Cancelled.ACCESS))
    queue(caller, GONE)
    (document,) = documents(caller)
    assert document.cancelled == (GONE,)
    odd.refresh_from_db()
    assert "Zxlb" in odd.left_out


def check_task(caller: Caller) -> CheckTask:
    filing = calling.on_file(caller.account, websites=2)
    (row,) = filings(caller.account.bureau, [filing.sponsor.number or 0], isp_id=caller.account.isp_id).values()
    return CheckTask(filing=checkable(row), instruction="请核实通信地址")


def test_a_check_task_says_what_is_on_file_when_it_is_fetched(caller: Caller) -> None:
    task = check_task(caller)
    queue(caller, task)
    Website.objects.held_by(caller.account.bureau).filter(number=task.filing.websites[1].number).delete()
    (document,) = documents(caller)
    (told,) = document.check_tasks
    assert (told.instruction, told.filing.sponsor.number) == (task.instruction, task.filing.sponsor.number)
    assert [website.number for website in told.filing.websites] == [task.filing.websites[0].number]
    assert [access.provider for access in told.filing.websites[0].accesses] == [caller.account.isp_id]
    assert [access.reported_by for access in told.filing.websites[0].accesses] == [task.filing.sponsor.reported_by]


def test_a_check_task_about_what_the_provider_no_longer_hosts_is_left_out(caller: Caller) -> None:
    outcome = queue(caller, check_task(caller))
    Access.objects.held_by(caller.account.bureau).delete()
    assert list(documents(caller)) == []
    outcome.refresh_from_db()
    assert outcome.left_out == NOT_CONCERNED


def test_a_notice_is_handed_out_again(caller: Caller) -> None:
    queue(caller, GONE)
    assert [each.cancelled for each in documents(caller)] == [(GONE,)]
    clerk = User.objects.create(username="clerk", name="Clerk")
    assert mailbox.hand_out_again(Parcel.objects.get(), clerk, "对方丢失了文件") == 1
    assert [each.cancelled for each in documents(caller)] == [(GONE,)]
