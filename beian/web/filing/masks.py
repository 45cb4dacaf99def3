"""Personal data as screens show it: enough to recognise, not enough to use."""

from __future__ import annotations

from collections.abc import Callable

STAR = "*"


def certificate_number(number: str) -> str:
    """Keep the first three and the last two characters: `440***************56`."""
    if len(number) <= 6:
        return STAR * len(number)
    return number[:3] + STAR * (len(number) - 5) + number[-2:]


def telephone(number: str) -> str:
    """Keep the first three and the last two digits of a number of ten and more, the last two of a shorter one."""
    kept = 3 if len(number) >= 10 else 0
    return number[:kept] + STAR * max(0, len(number) - kept - 2) + number[-2:]


def email(address: str) -> str:
    """Keep the first character and the domain."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}{STAR * 4}{at}{domain}"


def postal(address: str) -> str:
    """Keep the first four characters of a detailed address, and no trace of its length."""
    return f"{address[:4] if len(address) > 8 else ''}{STAR * 6}"


def account(name: str) -> str:
    """Keep the first two characters of an account name or number."""
    return f"{name[:2]}{STAR * 4}"


def each(mask: Callable[[str], str], values: str) -> str:
    """Mask every one of several values that stand with `;` between."""
    return "; ".join(mask(value.strip()) for value in values.split(";") if value.strip())
