"""The last step: everything once more, with what still keeps it from being handed in, and handing it in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from beian.services.refusals import Invalid, MovedOn
from beian.web.components import Term
from beian.web.requests import NodeRequest, row_number
from enterprise.forms.labels import label
from enterprise.forms.options import Options
from enterprise.forms.written import terms
from enterprise.services import checking, documents
from enterprise.services.completing import completed
from enterprise.services.guard import check_version
from enterprise.services.handing_in import hand_in
from enterprise.views.portal.own import own_case
from enterprise.views.portal.sheet import LAST_PAGE_ELSEWHERE, Sheet, case_url, faults, frame, gone, step_url
from enterprise.views.portal.steps import DOCUMENTS, REVIEW, STEPS, WEBSITES, sections_of
from enterprise.workflow import EDITABLE


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Show all that was filled in and all that is wrong with it; with POST hand it in."""
    case = own_case(request, pk)
    if case.state not in EDITABLE or case.kind not in STEPS or case.kind in LAST_PAGE_ELSEWHERE:
        return gone(request, case)
    sheet = Sheet(request, case, REVIEW, draft=case.typed)
    if request.method != "POST":
        return _show(sheet, checking.problems(request.node, case.kind, sheet.draft, leaves_access=True))
    try:
        check_version(case, row_number(request.POST.get("version", "")))
        hand_in(case, request.user)
    except Invalid as error:
        return _show(sheet, error.errors, status=422)
    except MovedOn as error:
        messages.warning(request, error.message)
        return HttpResponseRedirect(sheet.url(REVIEW))
    messages.success(request, f"申请 {case.reference} 已提交。接入商将在五个工作日内初审，进展会发到您的邮箱。")
    return HttpResponseRedirect(case_url(case))


def _show(sheet: Sheet, errors: Mapping[str, Sequence[str]], status: int = 200) -> HttpResponse:
    draft = completed(sheet.request.node, sheet.case.kind, sheet.draft)
    warned = checking.warnings(sheet.request.node, sheet.case.kind, draft)
    warnings = {path: said for path, said in warned.items() if path not in errors}
    context = frame(sheet) | {
        "faults": list(faults(sheet, errors)),
        "warnings": list(faults(sheet, warnings)),
        "groups": list(_groups(sheet, draft, errors)),
        "slots": documents.slots(sheet.case.kind, sheet.draft),
        "version": sheet.case.version,
        "documents_url": sheet.url(DOCUMENTS),
    }
    return render(sheet.request, "enterprise/portal/review.html", context, status=status)


def _groups(
    sheet: Sheet, draft: dict[str, Any], errors: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, list[Term], str]]:
    """Give all that was typed in words, section by section, each with the address where it is changed."""
    options = Options()
    for step in sheet.steps:
        for website in range(len(draft.get("websites") or [])) if step == WEBSITES else (0,):
            for path in sections_of(step, draft, website):
                yield label(path), terms(draft, path, options, errors), step_url(sheet.case, step, website)
