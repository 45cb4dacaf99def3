"""What a return code of a call means for the provider, and what to do about it, in plain words.

The bureau's advice (`beian.advice`) helps whoever builds a provider's system; this one its office.
"""

from __future__ import annotations

import socket
from contextlib import closing
from urllib.parse import urlsplit

from interface.client import CallFailed, NoAnswer, NoConnection, NotUnderstood

CALLS: dict[int, str] = {
    0: "无需处理。",
    1: "无需处理。",
    2: "管局目前没有待取的数据。",
    3: "管局还有待取的数据，系统会继续取回。",
    4: "请在“对接配置”中核对用户名：它是管局发放的通信参数，不是单位名称；报备单位标识也须与管局发放的一致。",
    5: "请在“对接配置”中核对认证密码。密码多次错误会使账号被锁定，因此系统已停止一切调用；核对后点“继续”。",
    6: "请在“对接配置”中核对AES密钥和偏移量（各16个字符），或关闭上报加密。",
    7: "文件可能在途中损坏，系统会重发几次；仍然如此的，检查与管局之间的线路和代理。",
    8: "管局不能解开文件。系统会拆分后重报，找出有问题的那一件；个别件受阻的请联系管局。",
    9: "管局不认识加密方式，请与管局确认是否支持加密上报，或在“对接配置”中关闭加密。",
    10: "管局不认识哈希算法，请与管局确认接口版本（V.3.0）。",
    11: "管局不认识压缩格式，请与管局确认接口版本（V.3.0）。",
    12: "账号已被暂停或锁定，请联系管局恢复；恢复后系统会自动继续。",
    13: "调用来自未在管局登记的地址：请核对本机的出口地址，并向管局登记或更正。",
    14: "双方的序号不一致，系统会查询管局最近受理的序号并自动对齐。",
    15: "管局还有太多本单位的文件没有处理完，系统稍后自动再报，序号不变。",
    16: "管局认为随机数太短；本系统每次都用20个字符，请与管局确认接口版本。",
    17: "管局认为文件数量不符。系统会拆分后重报，找出有问题的那一件；个别件受阻的请联系管局。",
    18: "管局认为文件过大。系统会拆分后重报；单独一件仍然过大的，请压缩附件。",
    19: "管局没有为本单位开通报备权限，请联系管局开通；开通后系统会自动继续。",
    20: "现在不在管局规定的报备时间内，系统到时自动上报；下载和查询不受影响。",
    21: "确认时没有文件名；由系统自动填写，出现时请联系维护人员。",
    22: "备案密码试错次数已满，一小时后再试；请主办者核对备案密码，不要反复猜测。",
    901: "管局正在维护或按计划暂停受理，系统稍后自动再报，序号不变。",
    902: "管局正在维护，系统稍后自动再取。",
    999: "管局没有说明类别的错误，见其说明。系统会重试，并用其他文件判断是否只是这一份的问题。",
}
"""For every published return code of a call; a test walks them."""

FETCHED: dict[int, str] = {
    6: CALLS[6],
    7: "可能在途中损坏；仍然如此的，在“对接配置”中核对AES密钥，并检查与管局之间的线路和代理。",
}
"""What makes a fetched document unusable, by the code that an upload of it would get."""

UNKNOWN = "这个返回码不在公布的接口中，请与管局确认；系统会稍后再试。"

NO_ANSWER: dict[type[CallFailed], str] = {
    NoConnection: "没有连上管局的系统，或没有等到应答：请检查网络、接口地址和防火墙。系统会自动再试。",
    NotUnderstood: "管局的系统没有认出这次调用：请核对接口地址。系统会自动再试。",
    NoAnswer: "收到的不是接口的应答，可能是代理或网关的页面：请检查接口地址和中间的代理。系统会自动再试。",
}


def advise(code: int) -> str:
    """Give what to do about the return code of a call."""
    return CALLS.get(code, UNKNOWN)


def say(code: int, message: str, *, endpoint: str = "") -> str:
    """Say what was answered and what to do; with 13, which address calls to `endpoint` leave from."""
    said = f"管局返回{code}“{message}”。{advise(code)}"
    address = own_address(endpoint) if code == 13 and endpoint else None
    return f"{said}本机调用管局的地址是{address}（经过地址转换的，以出口地址为准）。" if address else said


def no_answer(error: CallFailed) -> str:
    """Say what to do where no answer came back."""
    words = next((text for kind, text in NO_ANSWER.items() if isinstance(error, kind)), UNKNOWN)
    return f"{words}（{error}）"


def own_address(endpoint: str) -> str | None:
    """Give the address of this machine from which calls to `endpoint` leave; nothing is sent to find out."""
    url = urlsplit(endpoint)
    if not url.hostname:
        return None
    try:
        port = url.port or (443 if url.scheme == "https" else 80)
        family, kind, _, _, there = socket.getaddrinfo(url.hostname, port, type=socket.SOCK_DGRAM)[0]
        with closing(socket.socket(family, kind)) as line:
            line.connect(there)
            return str(line.getsockname()[0])
    except (OSError, ValueError):
        return None
