"""What the office writes: reasons, notes about fields, whom a case is given to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from beian.models import User
from beian.web.forms import Form, Paragraph
from beian.web.revealing import USUAL_REASONS
from enterprise.forms.labels import label
from enterprise.services.cases import Correction
from enterprise.workflow import Team

REVEAL_REASONS = (*USUAL_REASONS, "约定当面核验时间")

NOTE_LENGTH = 200
NOTE_PREFIX = "note:"
FIELDS_AT_MOST = 100


class WhyForm(Form):
    """Why something is done."""

    reason = Paragraph(label="原因", max_length=500, rows=3)


class PersonalSearchForm(Form):
    """A person's number to search by, and why: that is written down."""

    number = forms.CharField(label="证件号码或电话", max_length=64, min_length=7)
    why = forms.CharField(label="查询原因", max_length=200, help_text="查询人、时间和原因会记录，号码不会记录。")


class AssignForm(Form):
    """Whom cases are given to, empty: nobody; and whose team's queues they stand in, empty: those they are in."""

    person = forms.ModelChoiceField(label="经办人", queryset=User.objects.none(), required=False, empty_label="（无）")
    team = forms.TypedChoiceField(
        label="小组", choices=[("", "不变"), *Team.choices], coerce=Team, empty_value=None, required=False
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["person"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = people


@dataclass(slots=True)
class Pick:
    """A field that is to be corrected, and what is to be done about it."""

    about: str
    note: str
    error: str = ""

    @property
    def label(self) -> str:
        """Name the field."""
        return label(self.about)


@dataclass(slots=True)
class SendBack:
    """What is being sent back: the fields picked so far, with a note each, and a reason for the whole."""

    picks: list[Pick] = field(default_factory=list)
    reason: str = ""
    error: str = ""

    @classmethod
    def read(cls, data: QueryDict, known: Iterable[str]) -> SendBack:
        """Read it from a form: `field` names the picked ones, of which the page must know (`known`)."""
        offered = set(known)
        abouts = [each for each in dict.fromkeys(data.getlist("field")) if each in offered][:FIELDS_AT_MOST]
        picks = [Pick(about, data.get(f"{NOTE_PREFIX}{about}", "").strip()) for about in abouts]
        return cls(picks, data.get("reason", "").strip())

    def is_valid(self) -> bool:
        """Say what is missing: something to correct, and a note that fits for each field."""
        if not self.picks and not self.reason:
            self.error = "请点选需要修改的项目，或填写整件申请的退回原因。"
        if len(self.reason) > 500:
            self.error = f"最多 500 字，现为 {len(self.reason)} 字。"
        for pick in self.picks:
            if not pick.note:
                pick.error = "请说明怎样修改。"
            elif len(pick.note) > NOTE_LENGTH:
                pick.error = f"最多 {NOTE_LENGTH} 字，现为 {len(pick.note)} 字。"
        return not self.error and not any(pick.error for pick in self.picks)

    @property
    def corrections(self) -> list[Correction]:
        """Give the fields as the service takes them."""
        return [Correction(pick.about, pick.note) for pick in self.picks]

    @property
    def chosen(self) -> list[str]:
        """Give the paths of the picked fields."""
        return [pick.about for pick in self.picks]
