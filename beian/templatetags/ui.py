"""Template tags of the components: `{% load ui %}`. Each stands on `/styleguide` in all its states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from beian.web.components import Badge, Crumb, Gauge, Moment, Picture, Tab, Term, Tone
from beian.web.diff import Diff
from beian.web.filters import Filters
from beian.web.icons import icon as draw
from beian.web.tables import Page

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of `beian.web.icons`."""
    return draw(name)


@register.filter
def moment(value: datetime | None) -> str:
    """Write a moment in China's time: 2026-11-22 10:32."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""


@register.filter
def grouped(value: int | None) -> str:
    """Write a number with its thousands apart: 12,345."""
    return "" if value is None else f"{value:,}"


@register.filter
def tone(level: str) -> Tone:
    """Give the tone of a Django message's level."""
    tones: dict[str, Tone] = {"success": "good", "warning": "warn", "error": "bad"}
    return tones.get(level, "info")


@register.filter
def counter_limit(field: BoundField) -> int | None:
    """Give how many characters a field takes, where the page counts them."""
    limit: int | None = field.field.widget.attrs.get("data-counter")
    return limit


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Tell whether a field is a single box, whose label stands behind it."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_group(field: BoundField) -> bool:
    """Tell whether a field is several boxes or buttons, which want a legend instead of a label."""
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.filter
def input_of(field: BoundField) -> SafeString:
    """Render the control alone, tied to its help, its counter and its errors."""
    if "data-counter" not in field.field.widget.attrs:
        return field.as_widget()
    return field.as_widget(attrs={"data-counter-output": f"{field.auto_id}_counter"})


@register.inclusion_tag("components/badge.html")
def badge(label: str | Badge, tone: Tone = "neutral") -> dict[str, Any]:
    """Show a state: `{% badge "待审核" "info" %}` or a `Badge`."""
    return {"badge": label if isinstance(label, Badge) else Badge(str(label), tone)}


@register.inclusion_tag("components/crumbs.html")
def crumbs(steps: Iterable[Crumb | tuple[str, str]]) -> dict[str, Any]:
    """Show the way here: `Crumb`s or (label, url) pairs, without the page itself."""
    return {"crumbs": [each if isinstance(each, Crumb) else Crumb(*each) for each in steps]}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[Tab], label: str = "分栏") -> dict[str, Any]:
    """Show several views of one thing."""
    return {"tabs": items, "label": label}


@register.inclusion_tag("components/definitions.html")
def definitions(terms: Iterable[Term]) -> dict[str, Any]:
    """Show fields and values."""
    return {"terms": terms}


@register.inclusion_tag("components/timeline.html")
def timeline(moments: Iterable[Moment]) -> dict[str, Any]:
    """Show what happened, in the order given."""
    return {"moments": moments}


@register.inclusion_tag("components/progress.html")
def progress(gauge: Gauge) -> dict[str, Any]:
    """Show how far a piece of work is."""
    return {"gauge": gauge}


@register.inclusion_tag("components/diff.html")
def diff(compared: Diff, old: str = "原内容", new: str = "新内容") -> dict[str, Any]:
    """Show old and new side by side, what is the same folded away."""
    return {"diff": compared, "old": old, "new": new}


@register.inclusion_tag("components/viewer.html")
def viewer(pictures: Iterable[Picture], label: str = "附件") -> dict[str, Any]:
    """Show attachments one at a time."""
    return {"pictures": list(pictures), "label": label}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, css: str = "") -> dict[str, Any]:
    """Show a form field with its label, help, counter and errors."""
    return {"field": bound, "css": css}


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, Any]:
    """Show all errors of a form on top, each a link to its field."""
    return {"form": form}


@register.inclusion_tag("components/form.html", takes_context=True)
def form(
    context: Mapping[str, Any], form: forms.BaseForm, submit: str = "保存", action: str = "", cancel: str = ""
) -> dict[str, Any]:
    """Show a whole form that is sent by POST."""
    return {
        "form": form,
        "submit": submit,
        "action": action,
        "cancel": cancel,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/filter_bar.html")
def filter_bar(filters: Filters) -> dict[str, Any]:
    """Show a list's filters, and as chips those that are set."""
    return {"filters": filters}


@register.inclusion_tag("components/table.html", takes_context=True)
def table(
    context: Mapping[str, Any], page: Page, caption: str = "", fold: bool = True, selectable: bool = False
) -> dict[str, Any]:
    """Show a page of a list. `fold` makes cards of its rows where it is narrow; otherwise it scrolls.

    `selectable` puts a box `chosen` (primary key) before each row, inside a form with `data-selection`.
    """
    return {
        "page": page,
        "caption": caption,
        "fold": fold,
        "selectable": selectable,
        "request": context.get("request"),
        "node": context.get("node"),
    }


@register.inclusion_tag("components/pager.html")
def pager(page: Page) -> dict[str, Any]:
    """Show the ways to other pages of a list."""
    return {"page": page}


@register.inclusion_tag("components/no_matches.html")
def no_matches(filters: Filters, thing: str = "记录") -> dict[str, Any]:
    """Show that nothing meets the filters, and how to loosen them."""
    return {"filters": filters, "thing": thing}


@register.simple_block_tag
def listing(content: SafeString, id: str = "list") -> SafeString:
    """Wrap filters, table and pages: sorting, turning and narrowing replace just this part of the page."""
    return render_to_string("components/listing.html", {"content": content, "id": id})


@register.simple_block_tag
def empty(content: SafeString, title: str, icon: str = "tray") -> SafeString:
    """Show that there is nothing, and (the content) what to do about it."""
    return render_to_string("components/empty.html", {"content": content, "title": title, "icon": icon})


@register.simple_block_tag
def notice(content: SafeString, tone: Tone = "info") -> SafeString:
    """Show a remark that belongs to the page."""
    return render_to_string("components/notice.html", {"content": content, "tone": tone})


@register.simple_block_tag
def dialog(content: SafeString, id: str, title: str, open: bool = False) -> SafeString:
    """Make a dialog that `data-dialog-open="<id>"` opens. The content is its body and foot."""
    values = {"content": content, "id": id, "title": title, "open": open}
    return render_to_string("components/dialog.html", values)
