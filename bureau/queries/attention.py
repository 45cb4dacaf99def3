"""What needs a provider's attention now: everything that stands between it and a decision, the worst first."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.utils import timezone

from beian.advice import advise
from beian.web.components import Tone
from bureau.models import CheckTask, UnfiledWebsite
from bureau.queries.calls import OPERATIONS
from bureau.queries.provider import FETCHED, WAITING, answered, calls_of, pieces_of, records_of, uploads_of
from bureau.queries.whereabouts import clock
from bureau.services import mailboxes
from bureau.workflow import OPEN, State
from interface.models import CallLog, Outcome, Parcel, ParcelKind, ProviderAccount, UploadState

ORDER: tuple[Tone, ...] = ("bad", "warn", "info")
DOWNLOAD = "isp_download"
RECENT = datetime.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Attention:
    """One thing: what it is, why and what to do about it, and the page that shows more (`page` of urls_provider)."""

    tone: Tone
    title: str
    text: str
    page: str = ""
    label: str = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A provider's whole situation, read in a fixed number of queries."""

    account: ProviderAccount
    addresses: tuple[str, ...]
    in_review: int
    tasks: int
    tasks_late: int
    unfiled: int
    unfiled_late: int
    forwarded: int
    unfetched: int
    came_back: int
    waiting: int
    waiting_since: datetime.datetime | None
    cancelled: int
    outstanding: Parcel | None
    processing: int
    stuck: int
    whole: list[str]
    left_out: int
    last_call: CallLog | None
    last_download: CallLog | None


def standing_of(account: ProviderAccount) -> Standing:
    """Read the situation of a provider. Twelve queries."""
    pieces, calls = pieces_of(account), calls_of(account).order_by("-id")
    counted = records_of(account).aggregate(
        in_review=Count("pk", filter=Q(state__in=sorted(OPEN))),
        forwarded=Count("pk", filter=Q(state=State.FORWARDED)),
    )
    answers = records_of(account).filter(answered(account, WAITING))
    unfetched = answers.aggregate(
        all=Count("pk"), back=Count("pk", filter=Q(state__in=(State.RETURNED, State.REFUSED)))
    )
    queue = pieces.filter(WAITING).aggregate(
        count=Count("pk"), since=Min("queued_at"), cancelled=Count("pk", filter=Q(kind=ParcelKind.CANCELLED))
    )
    late = Q(due__lt=timezone.localdate())
    tasks = CheckTask.objects.filter(account=account).open().aggregate(all=Count("pk"), late=Count("pk", filter=late))
    unfiled = (
        UnfiledWebsite.objects.filter(account=account).open().aggregate(all=Count("pk"), late=Count("pk", filter=late))
    )
    uploads = uploads_of(account).filter(state=UploadState.RECEIVED)
    in_hand = uploads.aggregate(all=Count("pk"), stuck=Count("pk", filter=~Q(problem="")))
    return Standing(
        account=account,
        addresses=tuple(account.addresses.order_by("id").values_list("network", flat=True)),
        in_review=counted["in_review"],
        forwarded=counted["forwarded"],
        tasks=tasks["all"],
        tasks_late=tasks["late"],
        unfiled=unfiled["all"],
        unfiled_late=unfiled["late"],
        unfetched=unfetched["all"],
        came_back=unfetched["back"],
        waiting=queue["count"],
        waiting_since=queue["since"],
        cancelled=queue["cancelled"],
        outstanding=mailboxes.outstanding(account),
        processing=in_hand["all"],
        stuck=in_hand["stuck"],
        whole=_returned_whole(account),
        left_out=pieces.exclude(left_out="").filter(queued_at__gt=timezone.now() - RECENT).count(),
        last_call=calls.first(),
        last_download=calls.filter(operation=DOWNLOAD).first(),
    )


def _returned_whole(account: ProviderAccount) -> list[str]:
    """Give the sequence numbers of uploads that came back whole, of which the provider's system has not heard yet."""
    unheard = Outcome.objects.filter(WAITING | FETCHED, account=account, about__startswith="upload:").order_by("id")
    return [about.removeprefix("upload:") for about in unheard.values_list("about", flat=True)[:20]]


def attention(standing: Standing) -> list[Attention]:
    """Say what needs attention, the worst first."""
    found = [
        *_account(standing), *_mailbox(standing), *_orders(standing), *_uploads(standing), *_calls(standing)
    ]  # fmt: skip
    return sorted(found, key=lambda each: ORDER.index(each.tone))


def _account(standing: Standing) -> Iterator[Attention]:
    account = standing.account
    if account.left_at:
        yield Attention("bad", "本单位已退出", f"账号已于{clock(account.left_at)}关闭，一切调用都将得到12。")
        return
    if account.suspended:
        reason = account.suspended_reason or "管局未写原因"
        yield Attention("bad", "账号已暂停", f"{reason}。一切调用都将得到12，恢复请联系管局。")
    elif account.is_locked:
        until = clock(account.locked_until)
        yield Attention(
            "bad", "账号已锁定", f"密码连续错误，{until}之前一切调用都将得到12，到时自动解除。请先核对认证密码。"
        )
    if not standing.addresses:
        yield Attention("bad", "没有登记地址", "一切调用都将得到13。请把服务器的出口地址告知管局登记。")
    if not account.may_report:
        yield Attention("bad", "没有报备权限", "一切调用都将得到19。请联系管局开通。")


def _mailbox(standing: Standing) -> Iterator[Attention]:
    parcel, late = standing.outstanding, mailboxes.is_late(standing.waiting_since)
    if parcel is not None:
        what = f"{parcel.pieces}条{parcel.get_kind_display()}"
        again = parcel.times_fetched > 1
        yield Attention(
            "warn" if again else "info",
            f"已下载{parcel.times_fetched}次而未确认：{what}",
            f"请在处理之后以文件名 {parcel.file_name} 调用 isp_downloadack；确认之前不会下发新的文件。",
            "my_mailbox",
            "查看信箱",
        )
    if standing.came_back:
        yield Attention(
            "bad" if late else "warn",
            f"{standing.came_back}件申请已退回或被拒绝，本单位系统还不知道",
            "系统仍显示“等待管局审核”，而管局已无待审核的数据：结果在信箱中，尚未下载。" + _last_download(standing),
            "my_records",
            "查看这些申请",
            "answer=waiting&state=back",
        )
    if standing.cancelled:
        yield Attention(
            "bad",
            f"{standing.cancelled}条注销通知等待下载",
            "其中的主体或网站已注销：请立即下载，停止接入，然后确认；确认即回执。",
            "my_mailbox",
            "查看信箱",
        )
    if standing.waiting:
        yield Attention(
            "bad" if late and not standing.came_back else "info",
            f"信箱中有{standing.waiting}条等待下载，最早{clock(standing.waiting_since)}",
            "请让本单位系统调用 isp_download，处理后确认，直到返回2。"
            + ("" if standing.came_back else _last_download(standing)),
            "my_mailbox",
            "查看信箱",
        )
    if standing.left_out:
        yield Attention(
            "warn",
            f"{standing.left_out}条内容无法按接口规范写出，没有下发",
            "请在信箱中查看，并把内容录入本单位系统。",
            "my_mailbox",
            "查看信箱",
        )


def _orders(standing: Standing) -> Iterator[Attention]:
    """Name what the bureau wants done and has not heard of (spec: check tasks, unfiled websites)."""
    wanted = (
        ("核实任务", "件", standing.tasks, standing.tasks_late, "核实后上报核实结果"),
        ("未备案网站", "个", standing.unfiled, standing.unfiled_late, "处理后上报处理结果"),
    )
    for what, unit, count, late, how in wanted:
        if count:
            over = f"，其中{late}{unit}已超过期限" if late else ""
            yield Attention(
                "bad" if late else "warn",
                f"{count}{unit}{what}待反馈{over}",
                f"请下载任务，{how}。内容和期限在下载的文件中。",
                "my_mailbox",
                "查看信箱",
            )


def _last_download(standing: Standing) -> str:
    call = standing.last_download
    if call is None:
        return "本单位系统还从未调用过下载接口。"
    refused = f"，得到{call.code}" if call.code not in (0, 2) else ""
    return f"最近一次调用下载接口：{clock(call.at)}{refused}。"


def _uploads(standing: Standing) -> Iterator[Attention]:
    if standing.whole:
        numbers = "、".join(standing.whole[:5]) + ("等" if len(standing.whole) > 5 else "")
        yield Attention(
            "bad",
            f"上报序号{numbers}整体退回",
            "文件有错，其中的记录都没有受理。改正后用新的上报序号重新上报。",
            "my_uploads",
            "查看原因",
            "state=returned",
        )
    if standing.stuck:
        yield Attention(
            "warn",
            f"{standing.stuck}份上报处理受阻",
            "文件已受理，系统会自动重试，请勿重复上报。长时间没有结果请联系管局。",
            "my_uploads",
            "查看上报",
            "state=received",
        )
    elif standing.processing:
        yield Attention(
            "info",
            f"{standing.processing}份上报正在处理",
            "文件已受理，处理完毕后各条记录列在“备案申请”中，通常不超过一分钟。",
            "my_uploads",
            "查看上报",
            "state=received",
        )


def _calls(standing: Standing) -> Iterator[Attention]:
    call = standing.last_call
    if call is None:
        if standing.account.left_at is None:
            yield Attention(
                "info",
                "还没有收到过本单位系统的调用",
                "请核对接口地址和通信参数，并确认服务器的出口地址已登记。",
                "my_help",
                "常见问题",
            )
        return
    if call.code not in (0, 2):
        operation = OPERATIONS.get(call.operation, call.operation or "无法识别的请求")
        code = f"得到{call.code}" if call.code is not None else "不是有效调用"
        yield Attention(
            "bad",
            f"最近一次调用被拒绝：{operation}，{code}",
            f"{clock(call.at)}：{call.reason}。{advise(call.code)}",
            "my_calls",
            "查看调用",
            "refused=1",
        )
