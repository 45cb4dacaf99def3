"""What an administrator writes about the provider's own systems."""

from __future__ import annotations

from django import forms

from beian.web.forms import Form
from enterprise.models import Scope


class TokenForm(Form):
    """A system to be let in."""

    name = forms.CharField(
        label="系统名称", max_length=64, help_text="例如：订购系统、现场核验应用。每个系统一个令牌。"
    )
    scopes = forms.MultipleChoiceField(
        label="权限",
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一项权限。"},
    )


class WebhookForm(Form):
    """Where a system wants to be told."""

    url = forms.CharField(
        label="接收地址",
        max_length=500,
        widget=forms.URLInput,
        help_text="申请和任务每有变化，即向该地址投递，内容不含个人信息。",
    )
