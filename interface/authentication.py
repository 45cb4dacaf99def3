"""Who is calling: the checks of a call in their order, the first that fails answers.

16, 10, 4, 13, 12, 5, 19, 901 or 902, 20. The place of 13 before 5 matters: wrong passwords count
towards a lock only when they come from registered addresses, so nobody can lock a provider out
from elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import hmac
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from beian.models import Node
from beian.question import Question
from interface import codec
from interface.codes import Code, Refused
from interface.models import ProviderAccount, RegisteredAddress
from interface.services import random_values, tries

RANDOM_LENGTH = 20
MAX_LONG = 2**63 - 1
UPLOAD, DOWNLOAD = "isp_upload", "isp_download"

_ACCOUNT = Question(
    ProviderAccount,
    "WHERE bureau_id = %s AND isp_id = %s",
    networks="ARRAY(SELECT network FROM interface_registeredaddress"
    " WHERE account_id = interface_provideraccount.id ORDER BY id)",
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a caller says of itself: the operation, its parameters, the address it calls from.

    `fingerprint` is the same for identical calls and differs for others.
    """

    bureau: Node
    operation: str
    parameters: Mapping[str, str]
    address: str
    fingerprint: str

    def integer(self, name: str) -> int | None:
        """Give a parameter as a long, None where it is missing or is none."""
        return as_long(self.parameters.get(name, ""))


def as_long(text: str) -> int | None:
    """Read an xsd:long, None for anything else."""
    digits = text.removeprefix("-").removeprefix("+")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 19):
        return None
    number = int(text)
    return number if -MAX_LONG - 1 <= number <= MAX_LONG else None


def authenticate(claim: Claim, known: Callable[[ProviderAccount], None] = lambda account: None) -> ProviderAccount:
    """Give the account that calls, or raise `Refused` with the first code that applies.

    `known` is told whose account is named, as soon as that is clear: for the log, also of refusals.
    """
    _check_form(claim)
    account = _account(claim)
    known(account)
    _check_address(claim, account)
    _check_standing(claim, account)
    _check_password(claim, account)
    random_values.remember(account, claim.parameters["randVal"], claim.fingerprint)
    _check_permission(account)
    _check_open(claim)
    if claim.operation == UPLOAD:
        _check_hours(account)
    return account


def _check_form(claim: Claim) -> None:
    if len(claim.parameters.get("randVal", "")) < RANDOM_LENGTH:
        raise Refused(Code.SHORT_RANDOM_VALUE, "randVal缺失或不足20个字符")
    if "hashAlgorithm" not in claim.parameters:
        raise missing("hashAlgorithm")
    if claim.integer("hashAlgorithm") != codec.MD5:
        raise Refused(Code.UNKNOWN_HASH, "hashAlgorithm只支持0（MD5）")


def missing(name: str) -> Refused:
    """Make the answer to a call without the parameter `name`."""
    return Refused(Code.OTHER, f"缺少参数{name}", told=f"：缺少参数{name}")


def invalid(name: str, expected: str) -> Refused:
    """Make the answer to a call whose parameter `name` is not what is `expected`."""
    return Refused(Code.OTHER, f"参数{name}应为{expected}", told=f"：参数{name}应为{expected}")


def _account(claim: Claim) -> ProviderAccount:
    isp_id, user_name = claim.integer("ispID"), claim.parameters.get("userName", "")
    if isp_id is None:
        raise Refused(Code.NO_SUCH_USER, "ispID缺失或不是数字")
    found = _ACCOUNT.ask(claim.bureau.pk, isp_id)
    if not found:
        raise _stranger(claim, isp_id)
    [own] = found
    own.bureau = claim.bureau
    if not hmac.compare_digest(own.user_name.encode(), user_name.encode()):
        raise Refused(
            Code.NO_SUCH_USER,
            "userName与该标识登记的用户名不一致；用户名是管局发给的通信参数，不是单位名称",
        )
    return own


def _stranger(claim: Claim, isp_id: int) -> Refused:
    """Tell a provider of another province (13) from one that nobody knows (4)."""
    user_names = set(ProviderAccount.objects.filter(isp_id=isp_id).values_list("user_name", flat=True))
    node = Node.objects.filter(code=f"provider:{isp_id}").first()
    if node is None or (user_names and claim.parameters.get("userName", "") not in user_names):
        return Refused(Code.NO_SUCH_USER, "没有这个标识的报备单位，或用户名不对")
    if node.province == claim.bureau.province:
        return Refused(Code.NO_SUCH_USER, "该单位在本局没有账号")
    return Refused(Code.WRONG_ADDRESS, f"该单位属于外省（{node.province}），应向所在省局报备")


def _check_address(claim: Claim, account: ProviderAccount) -> None:
    networks: list[str] = account.networks  # type: ignore[attr-defined]  # `_ACCOUNT` gives them
    if any(_contains(network, claim.address) for network in networks):
        return
    registered = "、".join(networks) or "（无）"
    raise Refused(Code.WRONG_ADDRESS, f"调用来自{claim.address}，登记的地址为{registered}")


def is_registered(bureau: Node, address: str) -> bool:
    """Tell whether any provider of `bureau` calls from `address`: nobody else needs to be heard out."""
    networks = RegisteredAddress.objects.filter(account__bureau=bureau).values_list("network", flat=True)
    return any(_contains(network, address) for network in networks)


def _contains(network: str, address: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False


def _check_standing(claim: Claim, account: ProviderAccount) -> None:
    if account.left_at is not None:
        raise Refused(Code.NOT_ACCEPTED, f"该单位已于{timezone.localtime(account.left_at):%Y-%m-%d}退出")
    if account.suspended:
        raise Refused(Code.NOT_ACCEPTED, f"账号已暂停：{account.suspended_reason or '未写原因'}")
    if account.locked_until and account.is_locked:
        until = timezone.localtime(account.locked_until)
        raise Refused(Code.NOT_ACCEPTED, f"密码多次错误，账号锁定至{until:%Y-%m-%d %H:%M}")
    if random_values.is_reused(account, claim.parameters["randVal"], claim.fingerprint):
        raise Refused(Code.NOT_ACCEPTED, "randVal以前用过，而请求内容不同")


def _check_password(claim: Claim, account: ProviderAccount) -> None:
    try:
        expected = codec.password_hash(account.password, claim.parameters["randVal"])
    except UnicodeEncodeError:
        expected = ""
    if expected and _same_hash(claim.parameters.get("pwdHash", ""), expected):
        tries.forget(account)
        return
    counted = tries.count(account)
    raise Refused(
        Code.WRONG_PASSWORD,
        f"pwdHash与登记的密码不符，应为base64(MD5(GBK(密码+randVal)))；连续第{counted}次",
    )


def _same_hash(given: str, expected: str) -> bool:
    try:
        raw = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    return hmac.compare_digest(raw, base64.b64decode(expected))


def _check_permission(account: ProviderAccount) -> None:
    if not account.may_report:
        raise Refused(Code.NO_PERMISSION, "账号没有ICP、IP、域名中的任何一项报备权限")


def _check_open(claim: Claim) -> None:
    closed = {word.strip() for word in settings.ENV.maintenance.split(",")}
    if claim.operation == UPLOAD and "upload" in closed:
        raise Refused(Code.UPLOAD_CLOSED, "系统维护或割接期间，上报关闭")
    if claim.operation == DOWNLOAD and "download" in closed:
        raise Refused(Code.DOWNLOAD_CLOSED, "系统维护或割接期间，下载关闭")


def _check_hours(account: ProviderAccount, now: datetime.time | None = None) -> None:
    first, last = account.hours_from, account.hours_to
    if first is None or last is None or first == last:
        return
    now = now or timezone.localtime().time()
    # A span that passes midnight is the complement of one that does not.
    inside = first <= now < last if first < last else not last <= now < first
    if not inside:
        hours = f"{first:%H:%M}-{last:%H:%M}"
        raise Refused(Code.OUTSIDE_HOURS, f"现在{now:%H:%M}，报备时间为{hours}", told=hours)


def fingerprint(operation: str, parameters: Mapping[str, str], payload_hashes: Mapping[str, str]) -> str:
    """Give what tells identical calls from others."""
    digest = hashlib.sha256(operation.encode())
    for name, value in sorted({**parameters, **payload_hashes}.items()):
        digest.update(f"\0{name}\0{value}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
