"""What the bureau answered to an operation that was tried, in words: a code of 0 alone says only that it was heard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from beian.web.components import Badge, Term
from enterprise.gateway.verbs import NO_SUCH_FILE, Attempt
from enterprise.models import Call
from interface.codes import Code
from interface.documents.returns import FileReturn, PasswordReturn, PlainReturn, StatusReturn, UploadReturn

FILED, NOT_FILED = 0, 1
RIGHT, WRONG = 0, 1
MORE_TO_DOWNLOAD = 3


@dataclass(frozen=True, slots=True)
class Said:
    """An answer in words: the answer itself in short, a sentence, and what was named in it."""

    words: str
    badge: Badge | None = None
    terms: tuple[Term, ...] = ()


def said(attempt: Attempt) -> Said | None:
    """Say what was answered; None where no answer came, or one of another kind than the operation has."""
    write = _WRITERS.get(type(attempt.answer))
    return write(attempt.answer, attempt.call) if write else None


def _status(answer: StatusReturn, call: Call) -> Said:
    if answer.code != Code.OK:
        return Said("管局没有查询，备案状态不明。")
    status = answer.status
    if status is None or status.not_filed not in (FILED, NOT_FILED):
        return Said("管局没有答复备案状态：应答中没有这一项，或不是接口规定的值。", Badge("状态不明", "warn"))
    if status.not_filed == NOT_FILED:
        return Said(f"管局没有“{status.condition}”的备案。", Badge("未备案", "neutral"))
    terms = (
        Term("主体备案号", status.sponsor_filing_number, code=True),
        Term("网站备案号", status.website_filing_number, code=True),
        Term("网站名称", status.website_name),
    )
    return Said(
        f"管局有“{status.condition}”的备案。", Badge("已备案", "good"), tuple(each for each in terms if each.value)
    )


def _password(answer: PasswordReturn, call: Call) -> Said:
    if answer.code != Code.OK:
        return Said("管局没有校验，密码是否正确不明。")
    if answer.wrong == RIGHT:
        return Said("管局答复备案密码正确。", Badge("密码正确", "good"))
    if answer.wrong == WRONG:
        return Said("管局答复备案密码不正确，或没有这个备案号。", Badge("密码错误", "bad"))
    return Said("管局没有答复密码是否正确：应答中没有这一项，或不是接口规定的值。", Badge("结果不明", "warn"))


def _file(answer: FileReturn, call: Call) -> Said:
    return _last_upload(answer) if call.operation == "isp_querypreviousupload" else _mailbox(answer)


def _last_upload(answer: FileReturn) -> Said:
    if answer.code != Code.OK:
        return Said("管局没有答复最近受理的序号。")
    if answer.file is None or answer.file.sequence is None:
        return Said("管局没有答复最近受理的序号：应答中没有这一项。")
    if not answer.file.sequence:
        return Said("管局还没有受理过本单位的上报。", terms=(Term("序号", "0", code=True),))
    return Said(f"管局最近受理的是第{answer.file.sequence}号文件。", terms=_named(answer))


def _mailbox(answer: FileReturn) -> Said:
    if answer.code == Code.NOTHING_TO_DOWNLOAD:
        return Said("信箱是空的，没有待取的文件。")
    if answer.code not in (Code.OK, MORE_TO_DOWNLOAD):
        return Said("管局没有答复信箱里有没有文件。")
    if answer.file is None:
        return Said("管局答复成功，但没有给出文件。")
    return Said("信箱里有待取的文件。这次只是查看，没有确认；系统会照常取回。", terms=_named(answer))


def _named(answer: FileReturn) -> tuple[Term, ...]:
    assert answer.file is not None
    sequence, name = answer.file.sequence, answer.file.file_name
    found = [Term("序号", str(sequence), code=True)] if sequence is not None else []
    return (*found, *([Term("文件", name, code=True)] if name else []))


def _upload(answer: UploadReturn, call: Call) -> Said:
    if answer.code == Code.OK:
        return Said(f"管局答复已接收：第{call.sequence}号文件此前已受理，这次是重发，不占用新的序号。")
    if answer.missing:
        return Said("管局没有接收，并答复缺少序号：" + "、".join(str(each) for each in answer.missing) + "。")
    return Said(f"管局没有接收重发的第{call.sequence}号文件；原先的受理不受影响。")


def _acknowledged(answer: PlainReturn, call: Call) -> Said:
    terms = (Term("文件", call.file_name, code=True),)
    if answer.code == Code.OK:
        return Said("管局答复已确认这个文件。", terms=terms)
    if call.file_name == NO_SUCH_FILE and answer.code == Code.OTHER:
        return Said("还没有确认过文件，用的是不存在的文件名，管局不予确认是正常的：调用已到达管局。", terms=terms)
    return Said("管局没有确认这个文件。", terms=terms)


_WRITERS: Mapping[type, Callable[[Any, Call], Said]] = {
    StatusReturn: _status,
    PasswordReturn: _password,
    FileReturn: _file,
    UploadReturn: _upload,
    PlainReturn: _acknowledged,
}
