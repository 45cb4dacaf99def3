"""What the office writes about stock verification and the re-check of what is on file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from beian.calendar import add_working_days
from beian.models import Node
from beian.web.forms import DateInput, Form, Paragraph
from enterprise.models import ItemState, StockScope
from enterprise.services.people import office_people
from enterprise.services.stock import LARGEST_BATCH, LONGEST_NOTE, NEXT, Draft

PROPOSED_DAYS = 60


class MomentInput(forms.DateTimeInput):
    """A moment in the browser's own control."""

    input_type = "datetime-local"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **kwargs)


class PlanForm(Form):
    """A new plan: which holdings, by when, in batches of which size."""

    name = forms.CharField(label="计划名称", max_length=64, help_text="例如 2026年存量核验。")
    scope = forms.ChoiceField(label="范围", choices=StockScope.choices, widget=forms.RadioSelect)
    before = forms.DateField(
        label="在此日期之前核验的",
        widget=DateInput(),
        required=False,
        help_text="用于“某日之前核验的”；从未核验的，按备案最近变更的日期。",
    )
    percent = forms.FloatField(
        label="抽查比例（%）",
        required=False,
        help_text="用于“随机抽查”。",
        error_messages={"invalid": "请填写数字，例如 5。"},
    )
    numbers = Paragraph(
        label="备案号",
        max_length=300_000,
        rows=4,
        required=False,
        help_text="用于“指定备案号”：主体或网站备案号，每行一个。",
    )
    batch_size = forms.IntegerField(label="每批份数", min_value=1, max_value=LARGEST_BATCH, initial=200)
    due = forms.DateField(label="完成期限", widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due"].initial = lambda: add_working_days(timezone.now(), PROPOSED_DAYS)

    def draft(self) -> Draft:
        """Give what was written."""
        return Draft(**self.cleaned_data)


class SpreadForm(Form):
    """Who gets the chosen batches, in turn."""

    people = forms.MultipleChoiceField(label="分配给", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, provider: Node, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(person.pk): person for person in office_people(provider)}
        field = self.fields["people"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(pk, str(person)) for pk, person in self.known.items()]


class ItemForm(Form):
    """What came of an item."""

    state = forms.ChoiceField(label="结果", widget=forms.RadioSelect)
    appointment = forms.DateTimeField(
        label="预约时间",
        required=False,
        widget=MomentInput(),
        help_text="选择“已预约”时填写。",
        error_messages={"invalid": "日期或时间不对。"},
    )
    note = Paragraph(label="说明", max_length=LONGEST_NOTE, rows=3, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, before: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(state.value, WORDS[state]) for state in ItemState if state in NEXT[before]]


WORDS: dict[ItemState, str] = {
    ItemState.OPEN: "重新核验",
    ItemState.CONTACTED: "已联系，等主办者答复",
    ItemState.APPOINTED: "已预约核验",
    ItemState.RIGHT: "核验完毕，信息准确",
    ItemState.WRONG: "信息有误，发起变更",
    ItemState.UNREACHABLE: "无法联系主办者",
    ItemState.CANCEL: "应注销，发起注销",
}


class BulkForm(Form):
    """The same word about several items."""

    state = forms.ChoiceField(label="结果", widget=forms.Select(attrs={"class": "input"}))
    note = forms.CharField(
        label="说明", max_length=LONGEST_NOTE, required=False, widget=forms.TextInput(attrs={"class": "input"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)
        offered = (ItemState.CONTACTED, ItemState.RIGHT, ItemState.UNREACHABLE)
        field.choices = [(state.value, WORDS[state]) for state in offered]


class RuleForm(Form):
    """How often what is on file is looked at again."""

    active = forms.BooleanField(label="自动发送复核提醒", required=False)
    months = forms.IntegerField(label="复核周期（月）", min_value=1, max_value=120)
    days_between = forms.IntegerField(label="提醒间隔（天）", min_value=1, max_value=365)
    most_reminders = forms.IntegerField(label="最多提醒次数", min_value=1, max_value=12)
    per_run = forms.IntegerField(
        label="每次最多发信", min_value=1, max_value=10_000, help_text="每小时一次；避免一次发出太多邮件。"
    )
