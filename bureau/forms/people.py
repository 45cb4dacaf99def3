"""What administrators write about the bureau's own people."""

from __future__ import annotations

from django import forms
from django.core.validators import RegexValidator

from beian.models import Role
from beian.web.forms import Form, Paragraph
from bureau.forms.accounts import REASON_LENGTH, TELEPHONE
from bureau.services.people import BUREAU_ROLES

USERNAME = RegexValidator(r"^[A-Za-z0-9_.-]{3,64}$", "用户名为3至64个字母、数字、下划线、点或连字符。")


class PersonForm(Form):
    """A person: name, telephone, roles."""

    name = forms.CharField(label="姓名", max_length=64)
    telephone = forms.CharField(
        label="办公电话",
        max_length=32,
        required=False,
        validators=[TELEPHONE],
        help_text="11位以上（含区号）时随审核意见告知接入商。",
    )
    roles = forms.MultipleChoiceField(
        label="角色",
        choices=[(str(role), role.label) for role in BUREAU_ROLES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "至少选择一个角色。"},
    )

    def chosen_roles(self) -> list[Role]:
        """Give the roles that were ticked."""
        return [Role(role) for role in self.cleaned_data["roles"]]


class NewPersonForm(PersonForm):
    """A person to be given an account."""

    username = forms.CharField(label="用户名", max_length=64, validators=[USERNAME], help_text="用于登录，不能更改。")
    field_order = ["username"]


class ChangedPersonForm(PersonForm):
    """A change of a person's account, and why."""

    reason = Paragraph(label="变更原因", max_length=REASON_LENGTH, rows=2)
