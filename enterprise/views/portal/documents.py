"""The step of the photos: each comes alone, is fitted at once, and is shown as it would be handed in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from beian.services.refusals import Invalid, MovedOn
from beian.web.requests import NodeRequest
from enterprise.services import documents, drafting
from enterprise.services.drafting import Page
from enterprise.views.portal.own import own_case
from enterprise.views.portal.sheet import Sheet, frame, gone
from enterprise.views.portal.steps import DOCUMENTS, WEBSITES
from enterprise.workflow import EDITABLE


@require_safe
def page(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Show which photos are wanted and which are there."""
    case = own_case(request, pk)
    if case.state not in EDITABLE:
        return gone(request, case)
    missing = documents.missing(case.kind, case.typed) if "check" in request.GET else {}
    return _show(Sheet(request, case, DOCUMENTS, draft=case.typed), missing)


@require_POST
def document(request: NodeRequest, isp: int, pk: int, key: str) -> HttpResponse:
    """Take in a photo, use one again, or take one out."""
    case = own_case(request, pk)
    sheet = Sheet(request, case, DOCUMENTS, draft=case.typed)
    uploaded = request.FILES.get("photo")

    def change(draft: dict[str, Any]) -> dict[str, Any]:
        if "like" in request.POST:
            return documents.copy_to(case.kind, draft, key)
        if "remove" in request.POST:
            return documents.take_out(case.kind, draft, key, request.POST["remove"])
        if uploaded is None:
            raise Invalid({"file": ["请先选择照片。"]})
        if (uploaded.size or 0) > documents.MAX_UPLOAD:
            raise Invalid({"file": ["照片超过5MB，请改用较小的照片。"]})
        return documents.put_in(case.kind, draft, key, uploaded.read())

    sent = Page(drafting.new_token(), case.version)
    try:
        # Whichever websites there were when the page was made, the slot says whose photo it is; of one that is
        # no longer there nothing is taken.
        drafting.save(request.node, pk, change, sent, (f"{DOCUMENTS.slug}.{key}", WEBSITES.slug), force=True)
    except Invalid as error:
        return _show(sheet, {f"documents.{key}": [error.message]}, status=422)
    except MovedOn as error:
        return gone(request, case, error.message)
    messages.success(request, "已保存。")
    return HttpResponseRedirect(f"{sheet.url(DOCUMENTS)}#slot-{key}")


def _show(sheet: Sheet, errors: dict[str, list[str]], status: int = 200) -> HttpResponse:
    isp = {"isp": sheet.request.node.isp_id, "pk": sheet.case.pk}
    slots = [
        {
            "slot": slot,
            "url": reverse("enterprise:apply_document", kwargs={**isp, "key": slot.key}),
            "errors": errors.get(slot.path) or errors.get(f"documents.{slot.key}") or [],
            "pictures": [
                (each, reverse("enterprise:apply_file", kwargs={**isp, "sha256": each.sha256}))
                for each in slot.pictures
            ],
        }
        for slot in documents.slots(sheet.case.kind, sheet.draft)
    ]
    context = frame(sheet) | {"slots": slots, "next_url": sheet.after(1), "errors": errors}
    return render(sheet.request, "enterprise/portal/documents.html", context, status=status)
