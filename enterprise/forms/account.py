"""What sponsors type to register, sign in and keep their account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from beian.models import User
from beian.web.forms import Form

_EMAIL = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "inputmode": "email"}
_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


def _password(label: str, kind: str, help_text: str = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": kind})
    return forms.CharField(label=label, max_length=200, strip=False, help_text=help_text, widget=widget)


class EmailForm(Form):
    """An e-mail address."""

    email = forms.EmailField(label="电子邮箱", max_length=120, widget=forms.EmailInput(attrs=_EMAIL))


class SignInForm(EmailForm):
    """An address and a password."""

    password = _password("密码", "current-password")


class CodeForm(Form):
    """A code from a letter or from the telephone."""

    code = forms.CharField(label="验证码", max_length=40, widget=forms.TextInput(attrs=_CODE))


class NewPasswordForm(CodeForm):
    """The code of a letter and a new password, typed twice."""

    new = _password("密码", "new-password", "至少 10 个字符，不能是常见密码，也不能与邮箱或姓名相近。")
    again = _password("再次输入密码", "new-password")

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        self.email = email
        super().__init__(*args, **kwargs)

    def clean_new(self) -> str:
        """Hold the password against the rules."""
        new: str = self.cleaned_data["new"]
        password_validation.validate_password(new, User(username=self.email, name=self.cleaned_data.get("name", "")))
        return new

    def clean_again(self) -> str:
        """See that it was typed alike twice."""
        again: str = self.cleaned_data["again"]
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise ValidationError("两次输入的密码不一致。")
        return again


class RegisterForm(NewPasswordForm):
    """What makes an account of a proved address."""

    name = forms.CharField(label="联系人姓名", max_length=64, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ("code", "name", "new", "again")


class ChangeEmailForm(EmailForm):
    """A new address, and the password as a proof."""

    password = _password("当前密码", "current-password")


class PasswordProofForm(Form):
    """The password as a proof."""

    password = _password("当前密码", "current-password")
