"""What an office sets for its portal and for the accesses that sponsors leave to it."""

from __future__ import annotations

from typing import Any

from django import forms

from beian.models import Code
from beian.web.forms import Form, Paragraph
from enterprise.forms.lines import ranges_text, ranges_typed
from enterprise.models import OfficeSettings
from enterprise.services.draft_parts import Reader


class OfficeSettingsForm(Form):
    """The settings of an office."""

    telephone = forms.CharField(label="咨询电话", max_length=64, required=False)
    opening_hours = forms.CharField(
        label="办公时间", max_length=255, required=False, help_text="如：工作日 9:00–12:00，13:30–17:30。"
    )
    default_methods = forms.MultipleChoiceField(
        label="通常的接入方式", required=False, widget=forms.CheckboxSelectMultiple
    )
    default_locations = forms.MultipleChoiceField(
        label="通常的服务器放置地点", required=False, widget=forms.CheckboxSelectMultiple
    )
    default_ranges = forms.CharField(
        label="通常的IP地址段",
        required=False,
        help_text="主办者没有填写时采用。每行一个地址或地址段：198.18.0.1、198.18.0.1-198.18.0.9 或 198.18.0.0/24。",
        widget=forms.Textarea(attrs={"rows": 3, "class": "code", "spellcheck": "false"}),
    )
    curtain_notes = Paragraph(
        label="拍照说明", max_length=500, rows=3, required=False, help_text="核验现场照片的要求，如幕布样式。"
    )

    def __init__(self, *args: Any, settings: OfficeSettings, **kwargs: Any) -> None:
        initial = {name: getattr(settings, name) for name in ("telephone", "opening_hours", "curtain_notes")}
        initial |= {name: getattr(settings, name) for name in ("default_methods", "default_locations")}
        super().__init__(*args, initial=initial | {"default_ranges": ranges_text(settings.default_ranges)}, **kwargs)
        for name, table in (("default_methods", "access_method"), ("default_locations", "server_location")):
            entries = Code.objects.filter(table=table, valid=True).values_list("code", "name")
            self.fields[name].choices = [(str(code), label) for code, label in entries]  # type: ignore[attr-defined]

    def clean_default_ranges(self) -> list[dict[str, Any]]:
        """Read the ranges; what is no address is told."""
        typed = ranges_typed(self.cleaned_data["default_ranges"], [])
        if not typed:
            return []
        reader = Reader()
        reader.access({"ranges": typed}, "access")
        if reader.errors:
            raise forms.ValidationError([message for said in reader.errors.values() for message in said])
        return typed
