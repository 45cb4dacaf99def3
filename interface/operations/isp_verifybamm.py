"""`isp_verifybamm`: is this the filing password (备案密码) of that number?"""

from __future__ import annotations

from beian.result_codes import message
from interface.codes import Code, Refused
from interface.documents.returns import PasswordReturn
from interface.operations.base import Reply, Request
from interface.services import facts, password_tries

RIGHT, WRONG = 0, 1


def answer(request: Request) -> Reply:
    """Check a password; wrong ones are counted per provider and number, and per number."""
    number, password = facts.normal_number(request.text("baxh")), request.text("bamm")
    account = request.account
    limit = password_tries.take(account.isp_id, number)
    if limit is not None:
        raise _too_many(limit)
    right = facts.password_fits(account.bureau, number, password)
    if right:
        password_tries.give_back(account.isp_id, number)
    return Reply(
        answer=PasswordReturn(code=Code.OK, message=Code.OK.message, wrong=RIGHT if right else WRONG),
        why="备案密码正确" if right else "备案号不存在或备案密码错误",
    )


def _too_many(limit: int) -> Refused:
    why = f"60分钟内此备案号的密码校验错误已达{limit}次"
    return Refused(Code.TOO_MANY_TRIES, why, words=message(Code.TOO_MANY_TRIES).replace("X", str(limit)))
