"""What provider managers write: an account, its addresses, a reason."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from beian.web.forms import Form, Paragraph
from bureau.services.accounts import Details

USER_NAME = RegexValidator(r"^[A-Za-z0-9_.-]{3,64}$", "用户名为3至64个字母、数字、下划线、点或连字符。")
TELEPHONE = RegexValidator(r"^[0-9-]{7,32}$", "联系电话只能含数字和连字符，例如 020-00000000。")
REASON_LENGTH = 255


class TimeInput(forms.TimeInput):
    """A time of day in the browser's own control."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def _hour(label: str) -> forms.TimeField:
    messages = {"invalid": "时间格式不对，例如 08:30。"}
    return forms.TimeField(label=label, required=False, widget=TimeInput(), error_messages=messages)


class AccountForm(Form):
    """What is said of an account; the identifier stands apart, because it never changes."""

    name = forms.CharField(label="单位名称", max_length=255)
    user_name = forms.CharField(
        label="用户名", max_length=64, validators=[USER_NAME], help_text="通信参数之一，接入商的系统用它调用接口。"
    )
    licence = forms.CharField(label="经营许可证编号", max_length=128, required=False)
    system_url = forms.URLField(
        label="企业系统网址",
        max_length=255,
        required=False,
        assume_scheme="https",
        help_text="在部级系统的接入商名录中公开，网站主办者由此自行备案。",
        error_messages={"invalid": "网址不完整，例如 https://beian.example.cn。"},
    )
    contact_name = forms.CharField(label="联系人", max_length=64, required=False)
    contact_telephone = forms.CharField(label="联系电话", max_length=32, required=False, validators=[TELEPHONE])
    may_file_websites = forms.BooleanField(label="ICP备案报备", required=False, initial=True)
    may_file_addresses = forms.BooleanField(label="IP地址报备", required=False)
    may_file_domains = forms.BooleanField(label="域名报备", required=False)
    hours_from = _hour("报备时间起")
    hours_to = _hour("报备时间止")
    encrypt_downloads = forms.BooleanField(
        label="下载数据加密（AES）", required=False, help_text="先与接入商确认其系统能够解密，再开启。"
    )

    def clean(self) -> dict[str, Any]:
        """Hours come in pairs: one alone says nothing."""
        values = super().clean() or self.cleaned_data
        first, last = values.get("hours_from"), values.get("hours_to")
        missing = {"hours_from": first, "hours_to": last}
        if (first is None) != (last is None) and not self.errors.keys() & missing.keys():
            empty = next(name for name, value in missing.items() if value is None)
            self.add_error(empty, "报备时间的起止须同时填写；全天开放则都不填。")
        if isinstance(first, datetime.time) and first == last:
            self.add_error("hours_to", "起止时间相同。全天开放请都不填。")
        return values

    def details(self) -> Details:
        """Give what was written."""
        return Details(**{name: self.cleaned_data[name] for name in AccountForm.base_fields})


class NewAccountForm(AccountForm):
    """An account to be opened."""

    isp_id = forms.IntegerField(
        label="报备单位标识", help_text="省代码后接六位序号，开户后不能更改。已填入下一个可用标识。"
    )
    field_order = ["isp_id"]


class ChangedAccountForm(AccountForm):
    """A change of an account, and why."""

    reason = Paragraph(label="变更原因", max_length=REASON_LENGTH, rows=2)


class AddressForm(Form):
    """A source address to be registered. What it must look like, the service says."""

    network = forms.CharField(
        label="地址或网段", max_length=49, help_text="IPv4或IPv6，例如 203.0.113.8 或 203.0.113.0/28。"
    )
    note = forms.CharField(label="说明", max_length=128, required=False, help_text="例如：生产服务器出口。")


class ReasonForm(Form):
    """Why something is done, kept with the event."""

    reason = Paragraph(label="原因", max_length=REASON_LENGTH, rows=3)


class ParametersForm(ReasonForm):
    """Why new parameters are issued; `issued_before` tells a repeated click from a first one."""

    issued_before = forms.CharField(widget=forms.HiddenInput, required=False)
