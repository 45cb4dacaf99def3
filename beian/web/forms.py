"""Forms as the portals show them: errors beside the field, a summary with links, text counted as it is typed."""

from __future__ import annotations

from typing import Any

from django import forms


class Paragraph(forms.CharField):
    """Text of several lines, at most `max_length` characters, of which the page shows how many are left.

    A line break counts one, whichever way the browser sent it.
    """

    widget = forms.Textarea

    def __init__(self, *, max_length: int, rows: int = 4, **kwargs: Any) -> None:
        self.rows = rows
        super().__init__(max_length=max_length, **kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Give no `maxlength`: browsers count UTF-16 units and cut silently what is pasted."""
        return {"rows": self.rows, "data-counter": self.max_length}

    def to_python(self, value: Any) -> str:
        """Read with a bare line feed as the line break."""
        text = super().to_python(value)
        return (text or "").replace("\r\n", "\n").replace("\r", "\n")


class DateInput(forms.DateInput):
    """A date in the browser's own control, which speaks ISO."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


# In place of Django's own words, which speak of variables and fields.
MESSAGES = {
    "max_length": "最多 %(limit_value)d 字，现为 %(show_value)d 字。",
    "min_length": "至少 %(limit_value)d 字，现为 %(show_value)d 字。",
    "min_value": "不能小于 %(limit_value)s。",
    "max_value": "不能大于 %(limit_value)s。",
}
INVALID: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.DateField, "日期不存在或格式不对，例如 2026-01-31。"),
    (forms.IntegerField, "请填写整数。"),
    (forms.EmailField, "电子邮件地址不完整，例如 name@example.cn。"),
)


class Form(forms.Form):
    """The base of all forms: errors name the field and say what to do. Fields that may stay empty say 选填."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _speak(field)


def _speak(field: forms.Field) -> None:
    """Give `field` our messages, except where it was declared with its own."""
    verb = "请选择" if isinstance(field, forms.ChoiceField | forms.ModelChoiceField) else "请填写"
    if str(field.error_messages["required"]) == str(forms.Field.default_error_messages["required"]):
        field.error_messages["required"] = f"{verb}{field.label or ''}。"
    for code, message in MESSAGES.items():
        field.error_messages.setdefault(code, message)
    for kind, message in INVALID:
        # An e-mail field has no message of its own: its validator speaks, unless the field does.
        if isinstance(field, kind) and str(field.error_messages.get("invalid")) == str(
            kind.default_error_messages.get("invalid")
        ):
            field.error_messages["invalid"] = message
