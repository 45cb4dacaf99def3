"""What a password must be, said in Chinese (Django's translation lacks these sentences), and how it is hashed."""

from __future__ import annotations

import threading

from django.contrib.auth import password_validation as django
from django.contrib.auth.hashers import Argon2PasswordHasher

HASHED_AT_ONCE = 2
_hashing = threading.BoundedSemaphore(HASHED_AT_ONCE)


class Argon2(Argon2PasswordHasher):
    """Django's Argon2, few at a time: each takes 100 MB while it runs, and anybody may try to sign in."""

    def encode(self, password: str, salt: str) -> str:
        with _hashing:
            return str(super().encode(password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        with _hashing:
            return bool(super().verify(password, encoded))


class MinimumLength(django.MinimumLengthValidator):
    """A password has at least so many characters."""

    def get_error_message(self) -> str:
        return f"密码太短，至少要 {self.min_length} 个字符。"


class NotCommon(django.CommonPasswordValidator):
    """A password is none of the twenty thousand that are tried first."""

    def get_error_message(self) -> str:
        return "这是常见密码，很容易被猜到。"


class NotSimilar(django.UserAttributeSimilarityValidator):
    """A password is not almost the person's name."""

    def get_error_message(self) -> str:
        return "密码与用户名或姓名太相近。"
