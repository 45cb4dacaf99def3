"""What is entered about the connection: the parameters that the bureau issued, what a test call asks, a reason."""

from __future__ import annotations

from typing import Any

from django import forms

from beian.codes import read_table
from beian.web.forms import Form, Paragraph

SERVICE = "/ISPWebService/upDownLoad"
DOMAIN, LAST_CERTIFICATE_TYPE = 0, 11
"""Types of conditions: a domain, or one of the certificates that the interface knows (spec, isp_querybeianstatus)."""

REASON_LENGTH = 255
SECRETS = ("password", "aes_key", "aes_iv")


def _secret(label: str, help_text: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=255, strip=False, widget=widget, help_text=help_text)


class ParametersForm(Form):
    """The communication parameters (通信参数). What is secret is never shown: left empty it stays as it is.

    Whether they fit one another, `enterprise.gateway.parameters` says.
    """

    endpoint = forms.CharField(
        label="接口地址",
        max_length=255,
        help_text="其后接 /ISPWebService/upDownLoad，例如 https://beian.example.gov.cn/bureaus/440000",
    )
    user_name = forms.CharField(label="用户名", max_length=64)
    password = _secret("认证密码", "")
    aes_key = _secret("AES密钥", "16个字符。")
    aes_iv = _secret("AES偏移量", "16个字符。")
    encrypt = forms.BooleanField(label="上报数据用AES加密", required=False)
    poll_seconds = forms.IntegerField(
        label="查询间隔（秒）", help_text="每隔多久查看一次信箱；管局没有要求时建议60秒。"
    )
    active = forms.BooleanField(label="启用", required=False, help_text="停用后不上报也不取回，排队的申请保持原样。")

    def __init__(self, *args: Any, known: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        """Take in `known` the names of the secrets that are there already."""
        super().__init__(*args, **kwargs)
        for name in SECRETS:
            state = "已设置，留空则不变。" if name in known else "未设置。"
            self.fields[name].help_text = f"{self.fields[name].help_text}{state}"

    def clean_endpoint(self) -> str:
        """Take the address also with the path of the service behind it, as it stands in a WSDL."""
        endpoint: str = self.cleaned_data["endpoint"]
        return endpoint.rstrip("/").removesuffix(SERVICE)

    @property
    def given(self) -> dict[str, Any]:
        """What was entered, without the secrets that were left empty."""
        return {name: value for name, value in self.cleaned_data.items() if name not in SECRETS or value}


class ReasonForm(Form):
    """Why something is done, kept with the event."""

    reason = Paragraph(label="原因", max_length=REASON_LENGTH, rows=2)


class NothingForm(Form):
    """A call that asks nothing."""


class StatusForm(Form):
    """Ask whether a domain, or the holder of a certificate, is on file."""

    condition_type = forms.TypedChoiceField(label="查询条件", coerce=int)
    condition = forms.CharField(label="域名或证件号码", max_length=128, help_text="例如 example.cn")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["condition_type"].choices = [(DOMAIN, "域名"), *_certificates()]  # type: ignore[attr-defined]


def _certificates() -> list[tuple[str, list[tuple[int, str]]]]:
    """Give the certificates that can be asked about under the nature they belong to: some have the same name."""
    natures, found = read_table("organisation_nature"), dict[int, list[tuple[int, str]]]()
    for code, entry in read_table("certificate_type").items():
        if code <= LAST_CERTIFICATE_TYPE:
            found.setdefault(int(entry.extra["organisation_nature"]), []).append((code, f"{code} {entry.name}"))
    return [(natures[nature].name, types) for nature, types in found.items()]


class PasswordForm(Form):
    """Ask whether a filing password is right. Wrong ones are counted by the bureau (22)."""

    filing_number = forms.CharField(label="主体备案号", max_length=128)
    password = forms.CharField(
        label="备案密码", max_length=128, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
