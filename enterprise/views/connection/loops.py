"""How both loops of the gateway stand, in a calm sentence each: what is the matter, and what will happen next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from beian.web.components import Tone
from enterprise.gateway import choosing, composing
from enterprise.gateway import waiting as pauses
from enterprise.models import Connection, Outgoing

QUIET_POLLS = 5
LEAST_QUIET = timedelta(minutes=2)
"""The mailbox was not looked into for so many intervals, and at least so long: nobody does."""

_CLOCK_WAS_AHEAD = (
    "上次查看信箱的时间不可靠：本机的时钟当时快了。系统会马上再查看；"
    "若几分钟后仍是如此，请核对本机时钟，并检查gateway进程是否在运行。"
)


@dataclass(frozen=True, slots=True)
class Loop:
    """How a loop stands. `help` names what a person can do about it: let it `go_on`, or `resolve` a doubt."""

    title: str
    text: str
    tone: Tone = "good"
    help: str = ""


@dataclass(frozen=True, slots=True)
class Loops:
    """Both loops, and what the queue holds."""

    uploads: Loop
    downloads: Loop
    queued: int
    blocked: int
    sending: Outgoing | None


def loops_of(connection: Connection) -> Loops:
    """Look at both loops of a connection."""
    provider = connection.provider
    queued, blocked = choosing.queued(provider).count(), choosing.blocked(provider).count()
    document = composing.sending(provider)
    return Loops(_uploads(connection, queued, blocked, document), _downloads(connection), queued, blocked, document)


def _uploads(connection: Connection, queued: int, blocked: int, document: Outgoing | None) -> Loop:
    waiting = f"排队{queued}件" if queued else "没有排队的申请"
    if not connection.active:
        return Loop("上报已停用", f"{waiting}。启用后继续上报。", "neutral")
    if connection.stopped:
        undecided = document is not None and document.in_doubt and not connection.password_refused
        return Loop("上报已停止，等待处理", connection.stopped_because, "bad", "resolve" if undecided else "go_on")
    if until := pauses.uploads_until(connection):
        text = f"{waiting}：{connection.uploads_wait_because}{when(until)}自动继续。"
        return Loop("上报等待中", text, "warn", "go_on")
    if document is not None:
        text = f"第{document.sequence}号文件（{document.records}件）正在上报；{waiting}。"
        return Loop("正在上报", text, "info")
    if queued > blocked:
        return Loop("正在上报", f"{waiting}，即将编入下一份文件。{_blocked(blocked)}", "info")
    return Loop("上报正常", f"{waiting}，{_last(connection)}。{_blocked(blocked)}")


def _downloads(connection: Connection) -> Loop:
    if not connection.active:
        return Loop("取回已停用", "启用后继续查看信箱。", "neutral")
    if connection.password_refused:
        return Loop("取回已停止", "认证密码被拒绝，系统不再发出任何调用，以免账号被锁定。", "bad", "go_on")
    if until := pauses.downloads_until(connection):
        text = f"{connection.downloads_wait_because}{when(until)}自动再取。"
        return Loop("取回等待中", text, "warn", "go_on")
    if connection.held_because:
        return Loop("等待处置后确认", connection.held_because, "warn")
    looked = pauses.last_look(connection)
    if looked is None and connection.last_looked_at is not None:
        return Loop("上次取回的时间不明", _CLOCK_WAS_AHEAD, "warn")
    if looked is None:
        text = "还没有查看过信箱。若几分钟后仍是如此，请检查gateway进程是否在运行。"
        return Loop("尚未取回", text, "warn")
    if timezone.now() - looked > max(LEAST_QUIET, timedelta(seconds=QUIET_POLLS * connection.poll_seconds)):
        text = f"上次查看信箱是{when(looked)}，此后没有再看：请检查gateway进程是否在运行。"
        return Loop("取回可能已中断", text, "warn")
    return Loop("取回正常", f"{when(looked)}查看过信箱，每{connection.poll_seconds}秒查看一次。")


def when(moment: datetime | None) -> str:
    """Write a moment as short as it can be said: today without the date, else without the year."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local:%H:%M:%S}" if local.date() == timezone.localdate() else f"{local:%m-%d %H:%M}"


def _last(connection: Connection) -> str:
    if connection.last_sequence is None:
        return "首次上报前会先向管局查询序号"
    return f"管局最近受理的是第{connection.last_sequence}号" if connection.last_sequence else "管局还没有受理过上报"


def _blocked(blocked: int) -> str:
    return f"其中{blocked}件在等同一对象前一件的结果。" if blocked else ""
