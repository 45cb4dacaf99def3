"""Sponsors' accounts: registered, found again and changed by a code that was sent to the e-mail address.

Nobody learns here whether an address has an account: what the pages answer is the same either way, and the letter
says the rest to whoever reads that mailbox. What waits for its code is kept sealed in the visitor's session.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.utils import timezone

from beian import mail
from beian.crypto import CannotOpen, data_keys
from beian.events import record
from beian.models import Membership, Node, Role, User
from beian.services.refusals import Invalid, ServiceError
from beian.web.throttle import Throttle
from enterprise.models import SponsorAccount

MINUTES = 15
CODES_OF_AN_ADDRESS = Throttle("sponsor-code", 5, 3600)
CODES_OF_A_NETWORK = Throttle("sponsor-code-network", 40, 3600)
TRIES_OF_A_CODE = Throttle("sponsor-code-tries", 6, MINUTES * 60)
_BOUND = "sponsor.proof"
WRONG_CODE = "验证码不正确或已过期，请核对邮件，或重新获取。"


class Purpose(StrEnum):
    """What an address is to be proved for."""

    REGISTER = "register"
    RESET = "reset"
    CHANGE = "change"


class Paused(ServiceError):
    """Too many letters or tries."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"操作过于频繁，请在{-(-seconds // 60)}分钟后再试。")


@dataclass(frozen=True, slots=True)
class Proof:
    """An address that waits for its code. `digest` is "" where no code can be right."""

    id: str
    isp: int
    purpose: str
    email: str
    digest: str
    expires: int


def user_name(provider: Node, email: str) -> str:
    """Give the name of the account of an address at a provider."""
    return f"{provider.isp_id}/{normal(email)}"


def normal(email: str) -> str:
    """Give an address as accounts are known by it."""
    return email.strip().lower()


def ask_code(provider: Node, email: str, purpose: Purpose, network: str) -> str:
    """Send a letter to an address and give what the session keeps until its code is typed.

    Raises `Paused`, `redis.RedisError` where letters cannot be counted.
    """
    email = normal(email)
    counted = (
        (CODES_OF_A_NETWORK, (str(provider.isp_id), network)),
        (CODES_OF_AN_ADDRESS, (str(provider.isp_id), email)),
    )
    for throttle, key in counted:
        verdict = throttle.hit(*key)
        if not verdict.allowed:
            raise Paused(verdict.retry_after)
    known = User.objects.filter(username=user_name(provider, email)).first()
    right = known is not None and known.is_active if purpose == Purpose.RESET else known is None
    code = f"{secrets.randbelow(1_000_000):06d}"
    identity = secrets.token_urlsafe(12)
    with transaction.atomic():
        mail.write(email, *_letter(provider, purpose, code if right else ""))
    digest = _digest(identity, code) if right else ""
    return _sealed(Proof(identity, provider.isp_id or 0, purpose, email, digest, int(time.time()) + MINUTES * 60))


def pending(provider: Node, kept: str, purpose: Purpose) -> str:
    """Give the address that waits for its code; "" where none does (any more)."""
    proof = _opened(kept)
    fits = proof is not None and proof.isp == provider.isp_id and proof.purpose == purpose
    return proof.email if proof and fits and proof.expires > time.time() else ""


def prove(provider: Node, kept: str, purpose: Purpose, code: str) -> str:
    """Give the address whose code this is. Raises `Invalid` (field `code`), `Paused`. A code is tried six times."""
    email, proof = pending(provider, kept, purpose), _opened(kept)
    if not email or proof is None:
        raise Invalid({"code": [WRONG_CODE]})
    verdict = TRIES_OF_A_CODE.hit(proof.id)
    if not verdict.allowed:
        raise Paused(verdict.retry_after)
    typed = "".join(each for each in code if each.isdecimal())
    if not proof.digest or not hmac.compare_digest(proof.digest, _digest(proof.id, typed)):
        raise Invalid({"code": [WRONG_CODE]})
    return email


def register(provider: Node, email: str, name: str, password: str) -> SponsorAccount:
    """Make an account for a proved address. Raises `Invalid` where somebody was faster."""
    try:
        with transaction.atomic():
            user = User(username=user_name(provider, email), name=name.strip())
            user.set_password(password)
            user.save()
            Membership.objects.create(user=user, node=provider, role=Role.SPONSOR)
            account = SponsorAccount.objects.create(
                provider=provider, user=user, email=normal(email), email_proved_at=timezone.now()
            )
            record("user", user.pk, "sponsor.registered", node=provider, actor=user)
            return account
    except IntegrityError as error:
        raise Invalid({"code": [WRONG_CODE]}) from error


def account_of(provider: Node, email: str) -> SponsorAccount | None:
    """Find the account of an address that may sign in."""
    found = SponsorAccount.objects.filter(
        provider=provider, user__username=user_name(provider, email), user__is_active=True
    )
    return found.select_related("user").first()


def reset_password(provider: Node, email: str, password: str) -> SponsorAccount:
    """Give the account of a proved address a new password; all its sessions end. Raises `Invalid`."""
    with transaction.atomic():
        account = account_of(provider, email)
        if account is None:
            raise Invalid({"code": [WRONG_CODE]})
        account.user.set_password(password)
        account.user.save(update_fields=["password"])
        record("user", account.user_id, "password.reset", node=provider, actor=account.user)
        mail.write(account.email, *notice(provider, "您的登录密码已重设。"))
        return account


def change_email(account: SponsorAccount, email: str) -> None:
    """Let an account be known by another proved address; the old one is told. Raises `Invalid`."""
    provider, old = account.provider, account.email
    try:
        with transaction.atomic():
            user = account.user
            user.username = user_name(provider, email)
            user.save(update_fields=["username"])
            account.email, account.email_proved_at = normal(email), timezone.now()
            account.save(update_fields=["email", "email_proved_at"])
            record("user", user.pk, "email.changed", node=provider, actor=user)
            mail.write(old, *notice(provider, "您的登录邮箱已改为另一个地址，今后请用新邮箱登录。"))
    except IntegrityError as error:
        raise Invalid({"code": [WRONG_CODE]}) from error


def _letter(provider: Node, purpose: Purpose, code: str) -> tuple[str, str]:
    told = {
        Purpose.REGISTER: "这个邮箱已经注册过账号，请直接登录；忘记密码时可以在登录页重设。",
        Purpose.RESET: "这个邮箱没有可用的账号，请先注册。",
        Purpose.CHANGE: "这个邮箱已用于另一个账号，不能重复使用。",
    }
    said = f"验证码：{code}\n{MINUTES}分钟内有效。" if code else told[purpose]
    return (
        f"【{provider.name}】网站备案邮箱验证",
        f"{said}\n\n不是您本人操作的，请不必理会，也不要把验证码告诉任何人。\n",
    )


def notice(provider: Node, said: str) -> tuple[str, str]:
    """Write a letter about something that happened to an account: subject and body."""
    return f"【{provider.name}】网站备案账号变动", f"{said}\n不是您本人操作的，请立即联系{provider.name}。\n"


def _digest(identity: str, code: str) -> str:
    return hashlib.sha256(f"{identity}:{code}".encode()).hexdigest()


def _sealed(proof: Proof) -> str:
    values = [proof.id, proof.isp, str(proof.purpose), proof.email, proof.digest, proof.expires]
    return base64.b64encode(data_keys().seal(json.dumps(values).encode(), _BOUND)).decode()


def _opened(kept: str) -> Proof | None:
    try:
        return Proof(*json.loads(data_keys().open(base64.b64decode(kept), _BOUND)))
    except (CannotOpen, ValueError, TypeError):
        return None
