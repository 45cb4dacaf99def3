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
        """Read with `\\n` as the line break."""
        text = super().to_python(value)
        return (text or "").replace("\r\n", "\n").replace("\r", "\n")


class DateInput(forms.DateInput):
    """A date in the browser's own control, which speaks ISO."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class Form(forms.Form):
    """The base of all forms. Required fields carry no mark; the others say 选填."""

    use_required_attribute = False
    error_css_class = "field-invalid"
    label_suffix = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.DateInput) and field.widget.input_type == "text":
                field.widget = DateInput(attrs=field.widget.attrs)
