"""The forms of a sponsor's own pages."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.utils import timezone

from beian.calendar import shanghai_day
from beian.checks import certificates, shipped_facts
from beian.checks.names import a_label, dotted_address, registrable
from beian.models import Code
from beian.web.forms import Form, Paragraph
from enterprise.services.draft_parts import halved
from enterprise.services.starting import Question
from enterprise.workflow import Kind

_PASSWORD_LIMIT = 64


class AbandonForm(Form):
    """Why a case is given up."""

    reason = Paragraph(label="放弃的原因", max_length=500, rows=2)


class QuestionForm(Form):
    """A certificate, a domain or both: what it takes to find out which request it is."""

    certificate_type = forms.TypedChoiceField(label="主办者证件类型", coerce=int, empty_value=None, required=False)
    certificate_number = forms.CharField(
        label="主办者证件号码",
        required=False,
        max_length=128,
        help_text="单位填写营业执照等证件上的号码，个人填写身份证号码。只用来查询是否已有备案。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    domain = forms.CharField(
        label="域名",
        required=False,
        max_length=128,
        help_text="只填注册的域名，不带 www，如 example.cn。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["certificate_type"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "请选择"), *_certificates()]

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two at least; a number needs its type."""
        values: dict[str, Any] = super().clean() or {}
        if not values.get("certificate_number") and not values.get("domain"):
            self.add_error(None, "请填写证件号码或域名，最好两项都填。")
        if values.get("certificate_number") and not values.get("certificate_type"):
            self.add_error("certificate_type", "请选择证件类型。")
        if fault := _number_fault(values.get("certificate_type"), values.get("certificate_number", "")):
            self.add_error("certificate_number", f"{fault}。")
        if fault := _domain_fault(values.get("domain", "")):
            self.add_error("domain", f"{fault}。")
        return values

    def question(self) -> Question:
        """Give what was asked."""
        values = self.cleaned_data
        return Question(
            certificate_type=values["certificate_type"],
            certificate_number=values["certificate_number"].strip(),
            domain=values["domain"].strip(),
        )


def _number_fault(code: int | None, number: str) -> str | None:
    """Say why a certificate number is none, as the rules of the next pages do."""
    facts = shipped_facts(shanghai_day(timezone.now()))
    kind = facts.entry("certificate_type", code)
    return certificates.fault_of(number, kind.extra["number_format"], facts) if kind and number.strip() else None


def _domain_fault(typed: str) -> str | None:
    """Say why a domain is none; what stands before a registered one is only left out of the question."""
    name = halved(typed.strip())
    if not name or dotted_address(name) is not None:
        return None
    label = a_label(name)
    if label is None:
        return f"“{name}”不是合法的域名，应形如 example.cn"
    return None if registrable(label) else f"“{name}”的后缀不在顶级域名列表中，或者只有后缀，应形如 example.cn"


def _certificates() -> list[tuple[str, str]]:
    """Give the types of certificate; several have one name, so those say whose they are."""
    rows = list(Code.objects.filter(table__in=("certificate_type", "organisation_nature"), valid=True).order_by("code"))
    natures = {row.code: row.name for row in rows if row.table == "organisation_nature"}
    types = [row for row in rows if row.table == "certificate_type"]
    names = Counter(row.name for row in types)
    return [
        (
            str(row.code),
            row.name
            if names[row.name] == 1
            else f"{row.name}（{natures.get(row.extra.get('organisation_nature'), '')}）",
        )
        for row in types
    ]


class BeginForm(QuestionForm):
    """What was asked, again, and which request is begun; a filing number where it needs one."""

    kind = forms.TypedChoiceField(
        coerce=lambda text: Kind(int(text)), choices=[(str(int(kind)), kind.label) for kind in Kind]
    )
    filing_number = forms.CharField(label="备案号", required=False, max_length=128)
    own = forms.CharField(required=False, max_length=19)

    def clean(self) -> dict[str, Any]:
        """Take it as it is: it was asked for before."""
        return self.cleaned_data


class PasswordForm(Form):
    """The filing password, as it is needed."""

    filing_password = forms.CharField(
        label="备案密码",
        max_length=_PASSWORD_LIMIT,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=False),
        help_text="提交时由管局当场校验；本系统加密保存到申请办结为止，不会显示出来。",
    )


class ClaimForm(PasswordForm):
    """A filing number and its password: proof that the filing is one's own."""

    filing_number = forms.CharField(
        label="备案号", max_length=128, help_text="主体或网站的备案号，如 粤ICP备2020888888号。"
    )
    field_order = ("filing_number", "filing_password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["filing_password"].help_text = "由管局当场校验，本系统不保存。"


class CancelForm(Form):
    """Why something is cancelled; of a sponsor with the filing password."""

    reason = forms.TypedChoiceField(label="注销原因", coerce=int)
    remark = Paragraph(label="说明", max_length=1024, rows=3, required=False)
    filing_password = PasswordForm.base_fields["filing_password"]
    understood = forms.BooleanField(
        label="我已了解后果，确认注销", error_messages={"required": "请确认您已了解注销的后果。"}
    )

    def __init__(self, *args: Any, password: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Code.objects.filter(table="cancellation_reason", valid=True).order_by("code")
        field = self.fields["reason"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "请选择"), *((str(row.code), row.name) for row in rows)]
        if not password:
            del self.fields["filing_password"]
