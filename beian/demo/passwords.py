"""Passwords of the demo's people."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class _Quick(Argon2PasswordHasher):
    """As little work as Argon2 can be asked for."""

    time_cost, memory_cost, parallelism = 1, 8, 1


def known(password: str) -> str:
    """Hash a password that everybody knows: `demo.json` says it, so a slow hash would guard nothing.

    A hash made so takes a millisecond, where forty-five slow ones would take seven seconds of a first start.
    Whoever signs in has it replaced by a slow one, as any hash that is weaker than today's.
    """
    hasher = _Quick()
    return hasher.encode(password, hasher.salt())
