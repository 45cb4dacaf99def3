"""What administrators write about the office's own people and its agents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet

from beian.models import Role, User
from beian.web.forms import Form, Paragraph
from enterprise.services.people import OFFICE_ROLES, Profile
from enterprise.workflow import Team

USERNAME = RegexValidator(r"^[A-Za-z0-9_.-]{3,64}$", "用户名为3至64个字母、数字、下划线、点或连字符。")
TELEPHONE = RegexValidator(r"^[0-9+() -]{5,32}$", "电话只用数字、空格、“+”“-”和括号。")


class PersonForm(Form):
    """A person: name, telephone, roles, teams."""

    name = forms.CharField(label="姓名", max_length=64)
    telephone = forms.CharField(label="办公电话", max_length=32, required=False, validators=[TELEPHONE])
    roles = forms.MultipleChoiceField(
        label="角色",
        choices=[(str(role), role.label) for role in OFFICE_ROLES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "至少选择一个角色。"},
    )
    teams = forms.MultipleChoiceField(
        label="小组",
        choices=Team.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="只选一组的，队列里只显示该组的申请；不选的两组都显示。",
    )

    def profile(self) -> Profile:
        """Give what was filled in."""
        values = self.cleaned_data
        return Profile(
            name=values["name"],
            telephone=values["telephone"],
            roles=frozenset(Role(role) for role in values["roles"]),
            teams=frozenset(Team(team) for team in values["teams"]),
        )


class NewPersonForm(PersonForm):
    """A person to be given an account."""

    username = forms.CharField(label="用户名", max_length=64, validators=[USERNAME], help_text="用于登录，不能更改。")
    field_order = ["username"]


class ChangedPersonForm(PersonForm):
    """A change of a person's account, and why."""

    reason = Paragraph(label="变更原因", max_length=200, rows=2)


class ReasonForm(Form):
    """Why something is done to an account."""

    reason = Paragraph(label="原因", max_length=200, rows=3)


class AgentForm(Form):
    """An agent: name, contact, whether it is open, its people."""

    name = forms.CharField(label="名称", max_length=255)
    contact = forms.CharField(label="联系人", max_length=64, required=False)
    people = forms.ModelMultipleChoiceField(
        label="人员",
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="只列出角色为“下属代理商”的人员，先在“人员”中添加。",
    )
    open = forms.BooleanField(label="启用", required=False, initial=True)

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = self.fields["people"]
        assert isinstance(offered, forms.ModelMultipleChoiceField)
        offered.queryset = people


class AdoptForm(Form):
    """A sponsor who comes through an agent, by the address he signs in with."""

    email = forms.EmailField(label="主办者登录邮箱")
