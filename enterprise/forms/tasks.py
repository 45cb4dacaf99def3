"""What the office writes about tasks: what was done, what was cut, what a check found."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from beian.models import Code, Node
from beian.web.forms import DateInput, Form, Paragraph
from enterprise.services.check_results import LONGEST_FAULTS, LONGEST_NAME, LONGEST_OPINION, Verdict
from enterprise.services.people import office_people
from enterprise.services.unfiled import LONGEST_OPINION as LONGEST_HANDLING
from enterprise.services.unfiled import RESULTS, Handling

OPINIONS = "check_opinion"


def codes(table: str) -> list[tuple[str, str]]:
    """Give a code table to choose from."""
    rows = Code.objects.filter(table=table, valid=True).order_by("code").values_list("code", "name")
    return [(str(code), name) for code, name in rows]


class Versioned(Form):
    """A form of a page that knows which version of the task it was made from."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class HandleForm(Versioned):
    """What was done."""

    text = Paragraph(label="处理情况", max_length=2_000, rows=4)


class ReasonForm(Form):
    """Why something is done."""

    reason = Paragraph(label="原因", max_length=500, rows=3)


class AssignForm(Form):
    """To whom something is given."""

    person = forms.ChoiceField(label="处理人", required=False, widget=forms.Select(attrs={"class": "input"}))

    def __init__(self, *args: Any, provider: Node, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in office_people(provider)}
        field = self.fields["person"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "不分配"), *((pk, str(person)) for pk, person in self.people.items())]


class CutForm(Versioned):
    """Which lines of a closure are cut, by whom, and a word about it."""

    lines = forms.MultipleChoiceField(
        label="已停止的项目",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择已停止接入的项目。"},
    )
    by = forms.CharField(label="由谁停止", max_length=64, help_text="实际操作的人；默认是您本人。")
    note = forms.CharField(label="说明", max_length=255, required=False, help_text="例如工单号、停止的方式。")


class NothingForm(Versioned):
    """Where somebody looked, who found nothing to cut."""

    why = Paragraph(label="核对情况", max_length=500, rows=3)


class HandlingForm(Versioned):
    """What was done about an unfiled website."""

    result = forms.TypedChoiceField(label="处理结果", coerce=int, widget=forms.RadioSelect)
    opinion = Paragraph(label="处理意见", max_length=LONGEST_HANDLING, rows=3)
    reporter = forms.CharField(label="上报人", max_length=128, required=False)
    telephone = forms.CharField(label="联系电话", max_length=128, required=False, help_text="至少11位，固定电话带区号")
    email = forms.CharField(label="电子邮件", max_length=128, required=False)
    due = forms.DateField(label="处理时限", widget=DateInput(), required=False)

    def __init__(self, *args: Any, ask_due: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["result"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = codes(RESULTS)
        if not ask_due:
            del self.fields["due"]

    def handling(self) -> Handling:
        """Give what was written."""
        return Handling(**{name: value for name, value in self.cleaned_data.items() if name != "version"})


class CheckForm(Versioned):
    """What a check found, beside the points (`enterprise.views.tasks.checking`)."""

    verdict = forms.TypedChoiceField(
        label="核实结果",
        coerce=int,
        widget=forms.RadioSelect,
        choices=[(int(Verdict.PASSED), "通过：内容真实准确"), (int(Verdict.REFUSED), "不通过：有误，或无法核实")],
    )
    opinion = Paragraph(label="核实意见", max_length=LONGEST_OPINION, rows=2)
    faults = Paragraph(
        label="存在的问题",
        max_length=LONGEST_FAULTS,
        rows=3,
        required=False,
        help_text="不填时，自动列出有误的项目。",
    )
    checker = forms.CharField(label="核实人", max_length=LONGEST_NAME)
    checked = forms.DateField(label="核实日期", widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opinions = [name for _, name in codes(OPINIONS)]
        self.fields["checked"].initial = timezone.localdate
        self.fields["opinion"].help_text = f"例如：{'；'.join(self.opinions)}。" if self.opinions else ""
