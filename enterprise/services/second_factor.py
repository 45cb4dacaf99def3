"""The second factor of a sponsor's sign-in: one-time passwords by time (RFC 6238), and codes for when they are gone."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time

import pyotp
import segno
from django.db import transaction

from beian import mail
from beian.events import record
from beian.services.refusals import Invalid
from beian.web.throttle import Throttle
from enterprise.models import SponsorAccount
from enterprise.services.accounts import Paused, notice

TRIES = Throttle("second-factor", 6, 900)
SECONDS = 30
DRIFT = 1
"""Steps of time that a telephone's clock may be off, either way."""
RECOVERY_CODES = 10
WRONG = "验证码不正确，或已经用过。"
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """Make a secret to be set up."""
    return pyotp.random_base32()


def address(account: SponsorAccount, secret: str) -> str:
    """Give what the telephone's application reads (otpauth)."""
    issuer = account.provider.name
    return pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=issuer)


def picture(uri: str) -> str:
    """Draw an address as a QR code, an SVG for the page."""
    return str(segno.make(uri, error="m").svg_inline(scale=4, border=2, omitsize=True, title="二维码"))


def turn_on(account: SponsorAccount, secret: str, code: str) -> list[str]:
    """Set up the second factor, proved by a first code; gives the recovery codes, shown this once. Raises `Invalid`."""
    step = _step_of(secret, code, after=0)
    if step is None:
        raise Invalid({"code": [WRONG]})
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        account.second_factor, account.last_step = secret, step
        account.recovery_codes = [_hashed(each) for each in codes]
        account.save(update_fields=["second_factor", "last_step", "recovery_codes"])
        record("user", account.user_id, "second_factor.on", node=account.provider, actor=account.user)
    return codes


def turn_off(account: SponsorAccount) -> None:
    """Take the second factor away; the holder is told by mail."""
    with transaction.atomic():
        account.second_factor, account.recovery_codes = None, []
        account.save(update_fields=["second_factor", "recovery_codes"])
        record("user", account.user_id, "second_factor.off", node=account.provider, actor=account.user)
        mail.write(account.email, *notice(account.provider, "您的账号已关闭两步验证。"))


def accept(account_id: int, code: str) -> SponsorAccount | None:
    """Take a code of an account, each once; a recovery code is used up. None where it is wrong.

    Raises `Paused`, `redis.RedisError`: nobody tries uncounted.
    """
    verdict = TRIES.hit(str(account_id))
    if not verdict.allowed:
        raise Paused(verdict.retry_after)
    with transaction.atomic():
        rows = SponsorAccount.objects.select_for_update(of=("self",)).select_related("user", "provider")
        account = rows.get(pk=account_id)
        if not (_take_password(account, code) or _take_recovery(account, code)):
            return None
    TRIES.clear(str(account_id))
    return account


def _take_password(account: SponsorAccount, code: str) -> bool:
    step = _step_of(account.second_factor or "", code, after=account.last_step)
    if step is None:
        return False
    account.last_step = step
    account.save(update_fields=["last_step"])
    return True


def _take_recovery(account: SponsorAccount, code: str) -> bool:
    digest = _hashed(code)
    kept = [each for each in account.recovery_codes if not hmac.compare_digest(each, digest)]
    if len(kept) == len(account.recovery_codes):
        return False
    account.recovery_codes = kept
    account.save(update_fields=["recovery_codes"])
    record("user", account.user_id, "second_factor.recovery_used", node=account.provider, data={"left": len(kept)})
    return True


def _step_of(secret: str, code: str, *, after: int) -> int | None:
    """Give the step of time that a code is right for, if it comes after `after`: no code is taken twice."""
    typed = "".join(each for each in code if each.isdecimal())
    if not secret or len(typed) != 6:
        return None
    now = int(time.time()) // SECONDS
    totp = pyotp.TOTP(secret)
    for step in range(max(now - DRIFT, after + 1), now + DRIFT + 1):
        if hmac.compare_digest(totp.at(step * SECONDS), typed):
            return step
    return None


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(12))
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def _hashed(code: str) -> str:
    """Codes hold 59 bits: a plain hash is enough."""
    return hashlib.sha256("".join(code.lower().replace("-", "").split()).encode()).hexdigest()
