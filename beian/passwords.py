"""What a password must be, said in Chinese: Django's translation lacks these sentences."""

from __future__ import annotations

from django.contrib.auth import password_validation as django


class MinimumLength(django.MinimumLengthValidator):
    """A password has at least so many characters."""

    def get_error_message(self) -> str:
        return f"密码太短,至少要 {self.min_length} 个字符。"


class NotCommon(django.CommonPasswordValidator):
    """A password is none of the twenty thousand that are tried first."""

    def get_error_message(self) -> str:
        return "这是常见密码,很容易被猜到。"


class NotSimilar(django.UserAttributeSimilarityValidator):
    """A password is not almost the person's name."""

    def get_error_message(self) -> str:
        return "密码与用户名或姓名太相近。"
