"""The forms of the holdings: how they are exported."""

from __future__ import annotations

from typing import Any

from django import forms

from beian.web.forms import Form

FORMATS = (("xlsx", "Excel 工作簿"), ("csv", "CSV（UTF-8，可用 Excel 打开）"))


class ExportForm(Form):
    """In which format; with personal data only for a supervisor, who says why."""

    format = forms.ChoiceField(label="格式", choices=FORMATS, initial="xlsx")
    persons = forms.BooleanField(label="包含个人信息（证件号码、电话、邮件、地址）", required=False)
    reason = forms.CharField(
        label="导出个人信息的原因", max_length=200, required=False, help_text="导出人、时间、条件和原因会记录。"
    )

    def __init__(self, *args: Any, may_persons: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_persons:
            del self.fields["persons"], self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        """Personal data leaves with a reason, or not at all."""
        values = super().clean() or self.cleaned_data
        if values.get("persons") and not values.get("reason", "").strip():
            self.add_error("reason", "导出个人信息须填写原因。")
        return values
