"""What the decision panel of an application offers a person, and why something is missing from it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from bureau.models import Application
from bureau.views.review.desk import Desk
from bureau.workflow import APPROVERS, DECIDERS, REVIEWERS, Kind, State

CONSEQUENCES: dict[int, str] = {
    Kind.NEW_FILING: "通过后即发放备案号并告知接入商，不能撤销。",
    Kind.NEW_WEBSITE: "通过后即发放网站备案号并告知接入商，不能撤销。",
    Kind.NEW_ACCESS: "通过后接入即记入备案，并告知各接入商，不能撤销。",
    Kind.CHANGE: "通过后即按申请内容变更备案，并告知各接入商，不能撤销。",
    Kind.CANCEL_ACCESS: "通过后接入即从备案中移除，并告知各接入商，不能撤销。",
    Kind.CANCEL_SPONSOR: "通过后主体及其全部网站即注销，备案号收回、不再发放，各接入商须停止接入；不能撤销。",
    Kind.CANCEL_WEBSITE: "通过后网站即注销，备案号收回、不再发放，各接入商须停止接入；不能撤销。",
}
"""What an approval brings about, by kind of request: said before it is confirmed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One of: the decision (`approve` and `refuse` name the acts), a claim to take, or `why` neither is there.

    `holder` is who else has claimed it, `until` when the running claim ends; `consequence` says what an
    approval brings about.
    """

    approve: str = ""
    refuse: str = ""
    may_send_back: bool = False
    may_claim: bool = False
    may_take_over: bool = False
    may_withdraw: bool = False
    mine: bool = False
    holder: str = ""
    until: str = ""
    why: str = ""
    consequence: str = ""

    @property
    def first_review(self) -> bool:
        """Whether what is offered is the first of two reviews."""
        return self.approve == "recommend_approve"


def panel(desk: Desk, application: Application) -> Panel:
    """Work out the panel. What it leaves out the services refuse as well."""
    if not application.is_open:
        return Panel()
    claimed = application.claimed_now()
    mine = claimed and application.claimed_by_id == desk.user.pk
    until = timezone.localtime(application.claimed_until).strftime("%H:%M") if claimed else ""
    barred = _barred(desk, application)
    if claimed and not mine:
        return Panel(
            holder=str(application.claimed_by),
            until=until,
            may_take_over=desk.supervises and not barred,
            may_withdraw=desk.supervises,
            why=barred,
        )
    if not mine:
        return Panel(may_claim=not barred, may_withdraw=desk.supervises, why=barred)
    return _working(desk, application, until)


def _working(desk: Desk, application: Application, until: str) -> Panel:
    second = application.state == State.RECOMMENDED
    first = not second and desk.bureau.two_stages
    return Panel(
        approve="recommend_approve" if first else "approve",
        refuse="recommend_refuse" if first else "refuse",
        may_send_back=second,
        may_withdraw=desk.supervises,
        mine=True,
        until=until,
        consequence="提交后由另一人复核。" if first else CONSEQUENCES[application.kind],
    )


def _barred(desk: Desk, application: Application) -> str:
    """Say why this person may not work on it at all; "" where nothing stands against it."""
    if application.state == State.RECOMMENDED:
        if application.recommended_by_id == desk.user.pk:
            return "初审由您完成，复核须由另一人进行。"
        return "" if desk.roles & APPROVERS else "待复核：您是审核员，复核由复核员或主管进行。"
    if desk.bureau.two_stages and not desk.roles & REVIEWERS:
        return "本局为两级审核，这件申请还没有初审意见。初审由审核员或主管进行。"
    return "" if desk.roles & DECIDERS else "您的角色不能审核申请。"
