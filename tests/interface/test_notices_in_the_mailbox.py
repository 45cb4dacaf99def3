"""What a bureau tells unasked: into the mailbox, and out of it as it was said, each kind in parcels of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from beian.models import User
from beian.records import Cancelled, CodeRecord, ResultRecord, from_json
from beian.records.notices import CancelledNotice, CheckTask, Concerned, CorrectionNotice, Notice, checkable
from beian.records.rows import filings
from interface.documents.download import NOTICES, DownloadDocument
from interface.models import Outcome, Parcel, ParcelKind
from interface.services import mailbox
from interface.services.rendering import NOTICE_KINDS
from tests.interface import calling
from tests.interface.calling import Caller
from tests.interface.fetching import documents
from tests.interface.test_documents_fixtures import expected

pytestmark = pytest.mark.django_db

GONE = CancelledNotice(what=Cancelled.WEBSITE, number=7, remark="责令关闭")


def queue(caller: Caller, notice: Notice, about: str = "sponsor:1") -> Outcome:
    return mailbox.queue_notice(caller.account, NOTICE_KINDS[type(notice)], notice, about=about)


def without_scans(value: dict[str, Any]) -> dict[str, Any]:
    """A notice of the fixtures, none of whose files are in the store here."""
    websites = value.get("filing", {}).get("websites", ())
    for website in websites:
        website.pop("approvals", None)
    return value


@pytest.mark.parametrize("kind", NOTICES, ids=lambda kind: kind.__name__)
def test_every_notice_arrives_as_it_was_said(caller: Caller, kind: type[Notice]) -> None:
    section = NOTICES[kind]
    notices = [from_json(without_scans(each), kind) for each in expected(f"downloads/{section}")[section]]
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
    mailbox.queue_result(caller.account, result, about="sponsor:2")
    queue(caller, correction, "sponsor:1")
    queue(caller, GONE, "sponsor:2")
    queue(caller, correction, "sponsor:2")
    queue(caller, correction, "sponsor:3")
    told = [(len(each.results), len(each.corrections), len(each.cancelled)) for each in documents(caller)]
    assert told == [(1, 0, 0), (0, 2, 0), (0, 0, 1), (0, 1, 0)]


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


def test_a_check_task_is_made_of_what_is_on_file(caller: Caller) -> None:
    filing = calling.on_file(caller.account)
    (row,) = filings(caller.account.bureau, [filing.sponsor.number or 0], isp_id=caller.account.isp_id).values()
    queue(caller, CheckTask(filing=checkable(row), instruction="请核实通信地址"))
    (document,) = documents(caller)
    (task,) = document.check_tasks
    assert task.instruction == "请核实通信地址"
    assert task.filing.sponsor.number == filing.sponsor.number
    assert [access.provider for website in task.filing.websites for access in website.accesses] == [
        caller.account.isp_id
    ]


def test_a_notice_is_handed_out_again(caller: Caller) -> None:
    queue(caller, GONE)
    assert [each.cancelled for each in documents(caller)] == [(GONE,)]
    clerk = User.objects.create(username="clerk", name="Clerk")
    assert mailbox.hand_out_again(Parcel.objects.get(), clerk, "对方丢失了文件") == 1
    assert [each.cancelled for each in documents(caller)] == [(GONE,)]
