"""What inspectors write: check tasks, unfiled websites, notices, the blacklist."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.utils import timezone

from beian.calendar import add_working_days
from beian.models import Code, Node
from beian.web.forms import DateInput, Form, Paragraph
from bureau.models import NoticeKind
from bureau.services import blacklist, notices, unfiled_file
from bureau.services.notices import Draft
from bureau.services.unfiled import Item
from interface.models import ProviderAccount

CHECK_DAYS, HANDLING_DAYS, CORRECTION_DAYS = 10, 5, 10
"""Working days that are proposed."""

LARGEST_IDENTIFIER = 999_999_999_999


def in_working_days(count: int) -> datetime.date:
    """Give the day that a form proposes as its deadline."""
    return add_working_days(timezone.now(), count)


def providers_of(bureau: Node) -> list[tuple[str, str]]:
    """Give the bureau's providers that have not left, to choose from."""
    rows = ProviderAccount.objects.filter(bureau=bureau, left_at=None).order_by("isp_id")
    return [(str(isp_id), f"{name}（{isp_id}）") for isp_id, name in rows.values_list("isp_id", "provider__name")]


def _date(label: str, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DateInput(), **more)


class TextField(forms.CharField):
    """A line that is read by one of the services' readers, whose words stand beside the field."""

    def __init__(self, *, read: Any, **kwargs: Any) -> None:
        self.read = read
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """Read what was typed; nothing stays nothing."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return self.read(text)
        except ValueError as error:
            raise ValidationError(str(error)) from None


class AtBureau(Form):
    """A form whose choices are the bureau's."""

    def __init__(self, *args: Any, bureau: Node, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bureau = bureau
        field = self.fields.get("isp_id")
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [("", "请选择"), *providers_of(bureau)]


def _provider() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label="接入商", coerce=int)


class CheckTaskForm(Form):
    """By when the chosen filings are to be verified, and what to look at."""

    due = _date("反馈期限")
    instruction = Paragraph(
        label="核实要求",
        max_length=500,
        rows=3,
        required=False,
        help_text="随任务告知接入商；期限会自动写在后面。",
    )


class UnfiledForm(AtBureau):
    """An unfiled website to be listed."""

    domain = TextField(label="域名", max_length=128, read=unfiled_file.read_domain)
    address = TextField(label="IP地址", max_length=15, read=unfiled_file.read_address)
    isp_id = _provider()
    carrier = forms.IntegerField(
        label="运营商标识",
        min_value=1,
        max_value=LARGEST_IDENTIFIER,
        help_text="地址所属网络的基础运营商在部级系统的单位标识。",
    )
    detected = _date("检测日期")
    due = _date("处理时限")

    def item(self) -> Item:
        """Give what was written."""
        return Item(province=self.bureau.province, **self.cleaned_data)


class UnfiledFileForm(Form):
    """A file of unfiled websites."""

    file = forms.FileField(
        label="CSV文件",
        allow_empty_file=False,
        validators=[FileExtensionValidator(["csv"], "请选择扩展名为csv的文件。")],
        error_messages={"empty": "文件是空的。", "invalid": "请选择要导入的文件。"},
    )


class NoticeForm(AtBureau):
    """What every notice says: to whom, and what."""

    isp_id = _provider()
    text = Paragraph(label="说明", max_length=notices.TEXT_LIMIT, rows=3, required=False)

    def draft(self) -> Draft:
        """Give what was written."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "isp_id" and value is not None}
        return Draft(**values)


class OfFiling(NoticeForm):
    """A notice about a filing that is on file."""

    filing_number = forms.CharField(label="备案号", max_length=64)
    field_order = ["isp_id", "filing_number"]


class CorrectionForm(OfFiling):
    """A notice that something must be corrected."""

    text = Paragraph(label="通知内容", max_length=notices.TEXT_LIMIT, rows=4)
    due = _date("整改期限", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["filing_number"].help_text = "主体或网站备案号，例如粤ICP备2026000001号或…号-1。"


class SponsorInspectionForm(OfFiling):
    """A sponsor's certificate is wrong."""

    text = Paragraph(label="错误原因", max_length=notices.FAULT_LIMIT, rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["filing_number"].label = "主体备案号"


class OfWebsite(OfFiling):
    """An inspection of a website."""

    checked = _date("核查日期")
    field_order = ["isp_id", "filing_number", "checked"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["filing_number"].label = "网站备案号"
        self.fields["filing_number"].help_text = "例如粤ICP备2026000001号-1。"


def _verdict(choices: Iterable[tuple[int, str]]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label="核查结果", coerce=int, choices=list(choices), widget=forms.RadioSelect)


class AccessInspectionForm(OfWebsite):
    """An access that is reported although it is none, or the other way round."""

    result = _verdict([(int(each), words) for each, words in notices.RESULTS.items()])
    domain = TextField(label="域名", max_length=128, read=unfiled_file.read_domain, required=False)
    address = TextField(label="解析到的IP地址", max_length=15, read=unfiled_file.read_address, required=False)
    field_order = ["isp_id", "filing_number", "result", "checked", "domain", "address", "text"]


class ShellInspectionForm(OfWebsite):
    """An empty-shell website, alive or dead."""

    result = _verdict([(int(each), words) for each, words in notices.SHELLS.items()])
    field_order = ["isp_id", "filing_number", "result", "checked", "text"]


class LivenessInspectionForm(OfWebsite):
    """A website that does not answer."""


class IllegalAccessForm(NoticeForm):
    """A domain that somebody connects who should not."""

    domain = TextField(label="域名", max_length=128, read=unfiled_file.read_domain)
    address = TextField(label="IP地址", max_length=15, read=unfiled_file.read_address)
    direct_provider = forms.IntegerField(
        label="直接接入者标识",
        min_value=1,
        max_value=LARGEST_IDENTIFIER,
        required=False,
        help_text="不填则为上面选择的接入商。",
    )
    checked = _date("检测日期")
    field_order = ["isp_id", "domain", "address", "direct_provider", "checked", "text"]


NOTICE_FORMS: dict[NoticeKind, type[NoticeForm]] = {
    NoticeKind.CORRECTION: CorrectionForm,
    NoticeKind.SPONSOR_INSPECTION: SponsorInspectionForm,
    NoticeKind.ACCESS_INSPECTION: AccessInspectionForm,
    NoticeKind.SHELL_INSPECTION: ShellInspectionForm,
    NoticeKind.LIVENESS_INSPECTION: LivenessInspectionForm,
    NoticeKind.ILLEGAL_ACCESS: IllegalAccessForm,
}


def _reason(label: str = "原因") -> Paragraph:
    return Paragraph(label=label, max_length=blacklist.REASON_LENGTH, rows=3)


class BarredSponsorForm(Form):
    """A sponsor for the blacklist."""

    name = forms.CharField(label="主办者名称", max_length=255)
    certificate_type = forms.TypedChoiceField(label="证件类型", coerce=int)
    certificate_number = forms.CharField(label="证件号码", max_length=128)
    reason = _reason()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Code.objects.filter(table="certificate_type", valid=True).values_list("code", "name")
        field = self.fields["certificate_type"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "请选择"), *((str(code), name) for code, name in rows)]


class BarredDomainForm(Form):
    """A website for the blacklist."""

    domain = TextField(label="域名", max_length=128, read=unfiled_file.read_domain)
    name = forms.CharField(label="网站名称", max_length=512)
    home_page = forms.CharField(label="首页地址", max_length=255, min_length=4, required=False)
    reason = _reason()


class BarredChangeForm(Form):
    """A change of an entry; what it bars stays."""

    name = forms.CharField(label="名称", max_length=255)
    reason = _reason()
