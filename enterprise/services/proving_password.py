"""The filing password (备案密码): proved by the bureau where it is needed (isp_verifybamm), then kept no longer
than until the case that needs it has ended.

The bureau locks a number after a few wrong tries, for all of a provider's sponsors together (22): so tries
are counted here first, per account and number, fewer than the bureau allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from beian.filing_numbers import parse
from beian.models import Node, User
from beian.web.throttle import Throttle
from enterprise.gateway.calls import Line
from enterprise.models import Connection
from enterprise.services.asking_status import SECONDS, is_away, note_away, usable
from enterprise.workflow import Kind
from interface.client import CallFailed
from interface.codes import Code

NEEDED = frozenset({Kind.NEW_ACCESS, Kind.CANCEL_SPONSOR})
"""Requests whose filing password the bureau checks (1018); elsewhere it takes any."""

HOUR = 3600
OF_A_NUMBER = Throttle("filing-password", limit=3, seconds=HOUR)
OF_A_PERSON = Throttle("filing-password-person", limit=10, seconds=HOUR)
OF_AN_ADDRESS = Throttle("filing-password-address", limit=20, seconds=HOUR)

WHERE_TO_GET_ONE = (
    "备案密码在备案通过时由管局发到备案的电子邮箱。忘记或遗失的，到工业和信息化部的备案系统网站重新生成："
    "填写备案号和证件号码，再填写发到备案邮箱的验证码。邮箱也不能用了的，请向主办者所在省的通信管理局咨询。"
    "接入商没有您的备案密码，也不能代为取得。"
)


class Proof(StrEnum):
    """What came of proving a password."""

    RIGHT = "right"
    WRONG = "wrong"
    LOCKED = "locked"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Proved:
    """The outcome, and what it means in words."""

    proof: Proof
    says: str

    @property
    def is_right(self) -> bool:
        """Tell whether the bureau says that it is the password."""
        return self.proof == Proof.RIGHT


def prove(provider: Node, person: User, address: str, filing_number: str, password: str) -> Proved:
    """Ask the bureau whether `password` is that of a filing number. Not inside a transaction.

    `address` is where the person sits, as tries are counted. Raises `redis.RedisError` where they cannot be:
    nobody guesses uncounted.
    """
    connection = usable(Connection.objects.select_related("provider").filter(provider=provider).first())
    if connection is None:
        return Proved(Proof.AWAY, "接入商与管局的对接没有启用，现在不能校验备案密码。")
    if is_away(connection):
        return _no_answer()
    wait = _counted(person, address, filing_number)
    if wait:
        return Proved(Proof.LOCKED, f"备案密码错误次数过多，请 {_minutes(wait)} 分钟后再试，不要猜测。")
    proved = _ask(connection, filing_number, password)
    if proved.proof != Proof.WRONG:
        _give_back(person, address, filing_number)
    return proved


def _ask(connection: Connection, filing_number: str, password: str) -> Proved:
    try:
        answer = Line(connection, seconds=SECONDS).verify_password(filing_number, password)
    except CallFailed:
        note_away(connection)
        return _no_answer()
    if answer.code == Code.TOO_MANY_TRIES:
        return Proved(Proof.LOCKED, f"管局答复：{answer.message}。错误次数要等 60 分钟才清零，请过后再试，不要猜测。")
    if answer.code != Code.OK or answer.wrong is None:
        return Proved(Proof.AWAY, f"管局没有校验（返回码 {answer.code}），请稍后再试。")
    if answer.wrong:
        return Proved(Proof.WRONG, "管局答复：备案密码不正确，或没有这个备案号。请核对后再填，不要猜测。")
    return Proved(Proof.RIGHT, "管局已确认备案密码正确。")


def _no_answer() -> Proved:
    return Proved(Proof.AWAY, "管局的系统现在没有应答，未能校验备案密码。")


def _counted(person: User, address: str, filing_number: str) -> int:
    """Count a try before it is made; gives the seconds to wait where there were too many."""
    for throttle, key in _counters(person, address, filing_number):
        verdict = throttle.hit(*key)
        if not verdict.allowed:
            return verdict.retry_after
    return 0


def _give_back(person: User, address: str, filing_number: str) -> None:
    """Only wrong passwords count."""
    for throttle, key in _counters(person, address, filing_number):
        throttle.give_back(*key)


def _counters(person: User, address: str, filing_number: str) -> tuple[tuple[Throttle, tuple[str, ...]], ...]:
    parsed = parse(filing_number)
    number = str(parsed.of_sponsor) if parsed else filing_number.strip()
    return (
        (OF_AN_ADDRESS, (address,)),
        (OF_A_PERSON, (str(person.pk),)),
        (OF_A_NUMBER, (str(person.pk), number)),
    )


def _minutes(seconds: int) -> int:
    return -(-seconds // 60)
