"""What the office says to begin a case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from beian.models import Code, Node
from beian.web.forms import Form
from enterprise.models import Agent, SponsorAccount
from enterprise.services.counter import ABOUT_A_SPONSOR, ABOUT_A_WEBSITE, CANCELS, OFFERED
from enterprise.workflow import Kind, Team

NEEDS = {
    kind: (
        *(("filing_number",) if kind in ABOUT_A_SPONSOR | ABOUT_A_WEBSITE or kind == Kind.MATERIAL else ()),
        *(("reason",) if kind in CANCELS else ()),
        *(("purpose", "file") if kind == Kind.MATERIAL else ()),
    )
    for kind in OFFERED
}
"""What has to be said for each kind beyond who it is for."""


class BeginForm(Form):
    """A case that the office begins for a sponsor."""

    filing_number = forms.CharField(label="备案号", max_length=64)
    reason = forms.TypedChoiceField(label="注销原因", coerce=int, empty_value=None)
    purpose = forms.TypedChoiceField(label="材料用途", coerce=int, empty_value=None)
    file = forms.FileField(label="材料照片", help_text="JPEG 或 PNG，自动压缩到管局要求的大小以内。")
    email = forms.EmailField(
        label="主办者账号",
        required=False,
        help_text="主办者在本系统的登录邮箱；填写后主办者能看到进度并自行修改。没有账号的留空。",
    )
    agent = forms.ModelChoiceField(label="代理商", queryset=Agent.objects.none(), required=False, empty_label="（无）")
    team = forms.ChoiceField(label="小组", choices=Team.choices)

    def __init__(
        self, *args: Any, kind: Kind, provider: Node, agents: Iterable[Agent], own_agents: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.provider, self.own_agents = provider, own_agents
        self.account: SponsorAccount | None = None
        for name in ("filing_number", "reason", "purpose", "file"):
            if name not in NEEDS[kind]:
                del self.fields[name]
        self._offer(kind, agents)

    def _offer(self, kind: Kind, agents: Iterable[Agent]) -> None:
        chosen = self.fields["agent"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = agents  # type: ignore[assignment]
        if self.own_agents:
            chosen.required, chosen.empty_label = True, None
            del self.fields["team"]
        for name, table in (("reason", "cancellation_reason"), ("purpose", "attachment_purpose")):
            if name in self.fields:
                rows = Code.objects.filter(table=table, valid=True).order_by("code")
                field = self.fields[name]
                assert isinstance(field, forms.ChoiceField)
                field.choices = [("", "请选择"), *((str(row.code), row.name) for row in rows)]
        if "filing_number" in self.fields:
            about_sponsor = kind in ABOUT_A_SPONSOR
            self.fields["filing_number"].label = "主体备案号" if about_sponsor else "网站备案号"
            self.fields["filing_number"].help_text = "如 粤ICP备2026000001号" + ("。" if about_sponsor else "-1。")
            if kind == Kind.MATERIAL:
                self.fields["filing_number"].label = "材料所属的备案号"
                self.fields["filing_number"].help_text = "主体的材料填主体备案号，网站的材料填网站备案号（带“-1”）。"

    def clean_email(self) -> str:
        """Find the account: an agent's people know only of their own sponsors'."""
        email = str(self.cleaned_data["email"]).strip().lower()
        if not email:
            return ""
        rows = SponsorAccount.objects.filter(provider=self.provider, user__username=f"{self.provider.isp_id}/{email}")
        if self.own_agents:
            rows = rows.filter(agent__in=self.fields["agent"].queryset)  # type: ignore[attr-defined]
        self.account = rows.first()
        if self.account is None:
            raise forms.ValidationError("没有这个账号。")
        return email
