"""The bureau's list of reasons for refusing, kept by its supervisors."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beian import events
from beian.web.requests import NodeRequest
from bureau.forms.review import ReasonForm
from bureau.models import RefusalReason
from bureau.views.review.desk import Desk


@require_GET
def reasons(request: NodeRequest, province: int) -> HttpResponse:
    """Show the whole list, also what is switched off."""
    desk = Desk.of(request)
    return _page(request, desk, ReasonForm(instance=RefusalReason(bureau=desk.bureau)))


@require_POST
def add_reason(request: NodeRequest, province: int) -> HttpResponse:
    """Put a new reason at the end of the list."""
    desk = Desk.of(request)
    last = desk.bureau.refusal_reasons.order_by("-position").first()
    reason = RefusalReason(bureau=desk.bureau, position=last.position + 1 if last else 1)
    form = ReasonForm(request.POST, instance=reason)
    if not form.is_valid():
        return _page(request, desk, form, status=422)
    form.save()
    _tell(desk, reason, "add")
    messages.success(request, f"已增加“{reason.title}”。")
    return redirect(desk.url("reasons"))


@require_http_methods(["GET", "POST"])
def edit_reason(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Change a reason. What was refused with it before keeps its words."""
    desk = Desk.of(request)
    reason = _reason(desk, pk)
    form = ReasonForm(request.POST or None, instance=reason)
    if request.method == "POST" and form.is_valid():
        form.save()
        _tell(desk, reason, "change")
        messages.success(request, f"已保存“{reason.title}”。")
        return redirect(desk.url("reasons"))
    context = {"desk": desk, "reason": reason, "form": form}
    return render(request, "bureau/review/edit_reason.html", context, status=422 if form.errors else 200)


@require_POST
def move_reason(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Move a reason one place up, or down (`way`)."""
    desk = Desk.of(request)
    step = -1 if request.POST.get("way") == "up" else 1
    with transaction.atomic():
        listed = list(desk.bureau.refusal_reasons.select_for_update())
        reason = _reason(desk, pk)
        place = listed.index(reason)
        listed.insert(max(0, place + step), listed.pop(place))
        for position, each in enumerate(listed, 1):
            each.position = position
        RefusalReason.objects.bulk_update(listed, ["position"])
    return redirect(f"{desk.url('reasons')}#reason-{reason.pk}")


@require_POST
def switch_reason(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Switch a reason off, so that nobody is offered it, or on again."""
    desk = Desk.of(request)
    reason = _reason(desk, pk)
    reason.active = request.POST.get("active") == "1"
    reason.save(update_fields=["active"])
    _tell(desk, reason, "switch_on" if reason.active else "switch_off")
    messages.success(request, f"已{'启用' if reason.active else '停用'}“{reason.title}”。")
    return redirect(f"{desk.url('reasons')}#reason-{reason.pk}")


def _reason(desk: Desk, pk: int) -> RefusalReason:
    return get_object_or_404(RefusalReason, pk=pk, bureau=desk.bureau)


def _tell(desk: Desk, reason: RefusalReason, verb: str) -> None:
    data = {"title": reason.title, "text": reason.text}
    events.record("refusal_reason", reason.pk, verb, node=desk.bureau, actor=desk.user, data=data)


def _page(request: NodeRequest, desk: Desk, form: ReasonForm, status: int = 200) -> HttpResponse:
    context = {"desk": desk, "reasons": list(desk.bureau.refusal_reasons.all()), "form": form}
    return render(request, "bureau/review/reasons.html", context, status=status)
