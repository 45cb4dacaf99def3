"""What an approval does to a filing that stands: enter the change or cancel, hand over, tell everyone."""

from __future__ import annotations

from beian import events, reservations
from beian.checks.keys import reservation_keys
from beian.codes.tables import read_table
from beian.models import Sponsor, User
from beian.records import CancellationRecord, Cancelled, CodeRecord, FilingRecord, Request, ResultRecord
from beian.records.notices import CancelledNotice
from beian.records.rows import number_of
from beian.result_codes import message
from bureau.models import Application
from bureau.services import refusal
from bureau.services.answering import answer
from bureau.services.applying import claim_name
from bureau.services.cancelling import cancel
from bureau.services.concerned import providers_of, tell_filing, tell_gone
from bureau.services.entering import enter
from bureau.services.letters import tell_access_ended
from bureau.services.prospects import Prospect

APPROVED = 1001


def lock_filing(application: Application) -> None:
    """Let decisions about one sponsor pass one after another, until the end of the transaction."""
    if application.target is not None:
        held = Sponsor.objects.held_by(application.holder).filter(number=application.target)
        list(held.select_for_update(of=("self",)).order_by("pk").values_list("pk"))


def grant(application: Application, user: User, request: Request, found: Prospect) -> None:
    """Do what an approved request asks for, on the filing as it stands now, and tell everyone concerned.

    The provider that asked hears first: its own bureau's messages and pieces go ahead of the news for
    the others.
    """
    assert found.before is not None
    application.sponsor_number = number_of(found.before.sponsor)
    application.filing_number = found.before.sponsor.filing_number or ""
    if isinstance(request, CancellationRecord):
        _cancel(application, user, request, found.before)
    else:
        assert found.after is not None
        _enter(application, user, found.before, found.after)


def _enter(application: Application, user: User, before: FilingRecord, wanted: FilingRecord) -> None:
    bureau, isp_id = application.holder, application.isp_id
    old, new = set(reservation_keys(before)), set(reservation_keys(wanted))
    reservations.take_missing(bureau, application.pk, sorted(new - old), claim_name(application))
    after = enter(bureau, before, wanted, isp_id=isp_id, reviewer=user)
    reservations.hand_over(application.pk, number_of(before.sponsor), application.filing_number)
    reservations.free(bureau, number_of(before.sponsor), old - new)
    _answer(application, user, after, _numbers(application, before, after))
    tell_filing(bureau, before, after, requester=isp_id, correlation=application.correlation)


def _numbers(application: Application, before: FilingRecord, after: FilingRecord) -> str:
    """Say under which number the sponsor is filed, and which numbers new websites got."""
    known = {website.number for website in before.websites}
    new = [website for website in after.websites if website.number not in known]
    return "；".join([f"备案号：{application.filing_number}", *(f"{each.name}：{each.filing_number}" for each in new)])


def _cancel(application: Application, user: User, request: CancellationRecord, before: FilingRecord) -> None:
    bureau, isp_id, correlation = application.holder, application.isp_id, application.correlation
    gone = cancel(bureau, before, request.what, request.number, words(request))
    reservations.give_back([application.pk])
    _answer(application, user, gone.after, f"已注销，编号{request.number}，不再使用")
    notice = None
    if request.what != Cancelled.ACCESS:
        notice = CancelledNotice(what=request.what, number=request.number, remark=words(request) or None)
    tell_gone(bureau, gone, notice, requester=isp_id, correlation=correlation)
    tell_access_ended(gone)
    events.record(
        "sponsor",
        application.sponsor_number,
        f"cancel_{gone.what.name.lower()}",
        node=bureau,
        actor=user,
        data={"number": gone.number, "filing_number": gone.filing_number},
        correlation=correlation,
    )


def words(request: CancellationRecord) -> str:
    """Say why something is cancelled: the reason's name, and the provider's remark."""
    reason = read_table("cancellation_reason").get(request.reason)
    return "：".join(part for part in (reason.name if reason else "", request.remark or "") if part)


def _answer(application: Application, user: User, after: FilingRecord | None, remark: str) -> None:
    result = ResultRecord(
        codes=(CodeRecord(code=APPROVED, description=message(APPROVED)),),
        operation=application.kind,
        subject=application.subject,
        remark=remark,
    )
    has_access = application.isp_id in providers_of(after)
    opinions = refusal.opinions_of(application, user, verdict=1)
    answer(application, result, opinions, after if has_access else None)
