"""What a provider sees of itself at its bureau: its records, where each is, and how the answer stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from beian.calendar import working_days_between
from beian.models import Event, Membership, Node, NodeKind, Role, User
from bureau.models import Application
from bureau.services.answering import about
from bureau.workflow import State
from interface.models import Outcome, ParcelKind, ProviderAccount

Answers = Mapping[tuple[str, UUID], Outcome]


def account_for(user: User, bureau: Node) -> ProviderAccount | None:
    """Find the account at `bureau` of the provider that a person reads for."""
    mine = Membership.objects.filter(
        user=user, role=Role.PROVIDER_READER, node__kind=NodeKind.PROVIDER, node__province=bureau.province
    )
    accounts = ProviderAccount.objects.filter(bureau=bureau, provider__in=mine.values("node"))
    return accounts.select_related("bureau", "provider").order_by("isp_id").first()


def records_of(account: ProviderAccount) -> QuerySet[Application]:
    """Give the records that a provider uploaded here, those sent on to another province among them."""
    return Application.objects.filter(holder=account.bureau, received_by=account.bureau, isp_id=account.isp_id)


def answers_to(account: ProviderAccount, applications: Iterable[Application]) -> Answers:
    """Find the results that were queued about some applications, in one query."""
    topics = {about(application) for application in applications}
    found = Outcome.objects.filter(account=account, kind=ParcelKind.RESULTS, about__in=topics)
    found = found.defer("body").select_related("parcel").defer("parcel__content").order_by("id")
    return {(outcome.about, outcome.correlation): outcome for outcome in found}


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a record is, and how its answer stands, in words."""

    where: str
    answer: str


def whereabouts(application: Application, answers: Answers, homes: Mapping[int, str]) -> Whereabouts:
    """Say where a record is. `homes` names the bureaus that applications were sent on to."""
    outcome = answers.get((about(application), application.correlation))
    return Whereabouts(_where(application, homes), "" if outcome is None else _answer(outcome))


def homes_of(applications: Iterable[Application]) -> dict[int, str]:
    """Name the bureau that each forwarded application went to, by application id, in two queries."""
    forwarded = [str(application.pk) for application in applications]
    events = Event.objects.filter(subject_kind="application", subject__in=forwarded, verb="forward")
    went = {int(event.subject): str(event.data.get("to", "")) for event in events}
    names = dict(Node.objects.filter(code__in=set(went.values())).values_list("code", "name"))
    return {pk: names.get(code, code) for pk, code in went.items()}


def _where(application: Application, homes: Mapping[int, str]) -> str:
    home = homes.get(application.pk, "")
    if application.state == State.FORWARDED:
        return f"已转送{home or '主办者所在省的管局'}，由其审核，本局看不到待审核记录"
    if application.is_open:
        day = working_days_between(application.received_at, timezone.localdate())
        return f"本局审核中，第{day}个工作日，应于{application.deadline}前办结"
    by = f"由{home}" if home else ""
    words = {
        State.RETURNED: f"{by}自动退回，没有进入审核",
        State.APPROVED: f"{by}已通过，备案号{application.filing_number}",
        State.REFUSED: f"{by}审核拒绝",
        State.WITHDRAWN: "已应本单位要求撤回",
    }
    return words[State(application.state)]


def _answer(outcome: Outcome) -> str:
    """Say whether the provider's system has fetched an answer."""
    if outcome.left_out:
        return f"结果无法按接口规范写出，没有下发：{outcome.left_out}"
    parcel = outcome.parcel
    if parcel is None or parcel.first_fetched_at is None:
        return f"结果自{_clock(outcome.queued_at)}起在下发信箱中等待，贵单位系统尚未下载"
    if parcel.acknowledged_at is None:
        return f"结果已于{_clock(parcel.last_fetched_at)}下载，尚未确认"
    return f"结果已于{_clock(parcel.acknowledged_at)}确认收到"


def _clock(moment: datetime | None) -> str:
    return "" if moment is None else timezone.localtime(moment).strftime("%m-%d %H:%M")
