"""What reviewers write: decisions, reasons for an act, the list of reasons, names of filters."""

from __future__ import annotations

from typing import Any

from django import forms

from beian.models import Node
from beian.web.forms import Form, Paragraph
from beian.web.revealing import USUAL_REASONS
from bureau.models import RefusalReason, SavedFilter
from bureau.services.review import OPINION_LIMIT, active_reasons

REVEAL_REASONS = (*USUAL_REASONS, "核查重复或冗余备案")


class DecisionForm(Form):
    """An opinion, with reasons from the bureau's list; that both together fit is for the service to say."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    reasons = forms.MultipleChoiceField(label="拒绝理由", required=False, widget=forms.CheckboxSelectMultiple)
    text = forms.CharField(label="意见", required=False, strip=True, widget=forms.Textarea)

    def __init__(self, *args: Any, bureau: Node, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = active_reasons(bureau)
        field = self.fields["reasons"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(reason.pk), reason.title) for reason in self.offered]

    @property
    def chosen(self) -> list[str]:
        """Give the ids of the reasons that the page shows ticked."""
        return [str(each) for each in self["reasons"].value() or []]

    def clean_text(self) -> str:
        """A line break counts one, whichever way the browser sent it."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n").replace("\r", "\n")

    def reason_texts(self) -> list[str]:
        """Give the chosen reasons as the provider reads them, in the order of the list."""
        chosen = set(self.cleaned_data.get("reasons", ()))
        return [reason.text for reason in self.offered if str(reason.pk) in chosen]


class BulkForm(DecisionForm):
    """One decision about several applications. A reason is asked for whichever way it goes."""

    version = None  # type: ignore[assignment]
    verdict = forms.ChoiceField(choices=[("approve", "批量通过"), ("refuse", "批量拒绝")], widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Refuse a decision without a word about it, and an opinion that is too long."""
        values = super().clean() or self.cleaned_data
        refusing = values.get("verdict") == "refuse"
        if refusing and not values.get("reasons") and not values.get("text"):
            self.add_error("reasons", "请至少选择一条理由或填写意见。")
        if not refusing and not values.get("text"):
            self.add_error("text", "批量通过须写明依据。")
        parts = [*(self.reason_texts() if refusing else []), values.get("text", "")]
        length = len("\n".join(part for part in parts if part))
        if length > OPINION_LIMIT:
            self.add_error("text", f"理由与意见合计最多{OPINION_LIMIT}个字，现有{length}个。")
        return values


class WhyForm(Form):
    """The reason for an act that needs one: taking over, withdrawing."""

    reason = Paragraph(label="原因", max_length=500, rows=3, error_messages={"required": "请填写原因。"})


class ReasonForm(forms.ModelForm):  # type: ignore[type-arg]
    """An entry of the bureau's list of reasons."""

    class Meta:
        model = RefusalReason
        fields = ["title", "text"]
        error_messages = {"title": {"required": "请填写简称。"}, "text": {"required": "请填写告知接入商的内容。"}}
        widgets = {"text": forms.Textarea(attrs={"rows": 3, "data-counter": 500})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False

    def clean_title(self) -> str:
        """Titles are told apart at a glance, so none stands twice."""
        title = str(self.cleaned_data["title"])
        others = RefusalReason.objects.filter(bureau=self.instance.bureau, title=title).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(f"列表中已有“{title}”。")
        return title


class SavedFilterForm(forms.ModelForm):  # type: ignore[type-arg]
    """A name for the filter that is shown."""

    class Meta:
        model = SavedFilter
        fields = ["name", "query"]
        error_messages = {"name": {"required": "请给筛选条件起个名称。"}, "query": {"required": "请先设置筛选条件。"}}
