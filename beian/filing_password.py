"""The filing password (备案密码): how it is written when it is sent, and how it is kept.

Kept is a slow hash of the hex MD5 of it, because that is what callers may send. Less slow than for people's
passwords: nobody chooses it (eight random letters and digits, 46 bits), and one document may bring a
thousand of them.
"""

from __future__ import annotations

import hashlib
import re

from django.contrib.auth.hashers import Argon2PasswordHasher, check_password

_HEX_MD5 = re.compile(r"[0-9A-Fa-f]{32}")


class _Hasher(Argon2PasswordHasher):
    """Argon2id at the least that OWASP recommends: 19 MiB, two rounds, one lane."""

    algorithm = "filing"
    time_cost = 2
    memory_cost = 19_456
    parallelism = 1


_HASHER = _Hasher()


def digest(password: str) -> str:
    """Give the lower-case hex MD5 of a filing password, which may be one already."""
    if _HEX_MD5.fullmatch(password):
        return password.lower()
    return hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()


def keep(password: str) -> str:
    """Give what is kept of a filing password. Slow on purpose: call it before a transaction, not inside."""
    return str(_HASHER.encode(digest(password), _HASHER.salt()))


def fits(password: str, kept: str | None) -> bool:
    """Tell whether a password as sent is the one of which `kept` is kept. Slow on purpose.

    What was kept by another of Django's hashers is read as well.
    """
    if kept is None:
        return False
    if kept.startswith(f"{_HASHER.algorithm}$"):
        return bool(_HASHER.verify(digest(password), kept))
    return bool(check_password(digest(password), kept))
