"""The office edits a case in the applicant's place, step by step. Nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from beian import events
from beian.services.refusals import Invalid, ServiceError
from beian.web.requests import NodeRequest, row_number
from enterprise.forms.filing import section, typed
from enterprise.forms.labels import label
from enterprise.forms.options import Options
from enterprise.models import Case
from enterprise.services import documents, drafting
from enterprise.services.editing import edit, editable_draft
from enterprise.views.office.case import private
from enterprise.views.office.desk import Desk, queue_query
from enterprise.views.office.edit_steps import DOCUMENTS, STEPS, WEBSITES, Step, on_step, sections_of
from enterprise.views.office.files import ONE_NOTE_IN
from enterprise.views.office.queue import title_of

Draft = dict[str, Any]
MOST_WEBSITES = 50
MOST_APPROVALS = 15


@dataclass(slots=True)
class Sheet:
    """A page of the editing: a step of a case, and which of its websites."""

    desk: Desk
    case: Case
    step: Step
    website: int
    query: str

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps of this kind."""
        return STEPS[self.case.kind]

    def url(self, step: Step, website: int = 0) -> str:
        """Give the address of a step."""
        query = "&".join(part for part in (f"website={website + 1}" if website else "", self.query) if part)
        return self.desk.url("case_edit", query, pk=self.case.pk, step=step.slug)

    def after(self, draft: Draft) -> str:
        """Give what comes next: the next website, the next step, at the end the case itself."""
        if self.step == WEBSITES and self.website + 1 < len(draft.get("websites") or []):
            return self.url(WEBSITES, self.website + 1)
        place = self.steps.index(self.step) + 1
        if place < len(self.steps):
            return self.url(self.steps[place])
        return self.desk.url("case", self.query, pk=self.case.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def case_edit(request: NodeRequest, isp: int, pk: int, step: str) -> HttpResponse:
    """Show a step with what is wrong there; with POST change the case."""
    desk = Desk.of(request)
    case = desk.case(pk)
    found = next((each for each in STEPS.get(case.kind, ()) if each.slug == step), None)
    if found is None:
        raise Http404("no such step")
    query = queue_query(request.GET)
    if not desk.may_edit(case):
        messages.warning(request, f"这件申请现在是“{case.get_state_display()}”，您不能修改。")
        return redirect(desk.url("case", query, pk=pk))
    website = (row_number(request.GET.get("website", "1")) or 1) - 1
    sheet = Sheet(desk, case, found, website, query)
    draft = editable_draft(case)
    if found == WEBSITES and not 0 <= website < max(1, len(draft.get("websites") or [])):
        raise Http404("no such website")
    _note(sheet)
    return _sent(request, sheet, draft) if request.method == "POST" else _show(request, sheet, draft, {})


def _note(sheet: Sheet) -> None:
    """The pages show personal data plain: who opened them stands in the history, once an hour."""
    case, user = sheet.case, sheet.desk.user
    if case.request is None and case.sponsor_account_id is None:
        return  # what the office is typing itself
    if cache.add(f"case-edit-read:{case.pk}:{user.pk}", 1, ONE_NOTE_IN):
        events.record(
            "case",
            case.pk,
            "reveal",
            node=case.provider,
            actor=user,
            reason="修改申请内容",
            correlation=case.correlation,
        )


def _sent(request: NodeRequest, sheet: Sheet, draft: Draft) -> HttpResponse:
    go, change = request.POST.get("go", "next"), _change(request, sheet)
    try:
        version = row_number(request.POST.get("version", ""))
        done = edit(sheet.desk.provider, sheet.case.pk, change, sheet.desk.user, version=version)
    except Invalid as error:
        return _show(request, sheet, _as_typed(change, draft), error.errors, status=422)
    except ServiceError as error:
        sheet.case = sheet.desk.case(sheet.case.pk)
        return _show(request, sheet, _as_typed(change, draft), {}, problem=error.message, status=409)
    messages.success(request, "已保存。")
    after = editable_draft(done)
    if go == "add:website":
        return redirect(sheet.url(WEBSITES, len(after.get("websites") or []) - 1))
    if go == "remove:website":
        return redirect(sheet.url(WEBSITES, max(0, sheet.website - 1)))
    if go == "next":
        return redirect(sheet.after(after))
    if go == "done":
        return redirect(sheet.desk.url("case", sheet.query, pk=sheet.case.pk))
    return redirect(sheet.url(sheet.step, sheet.website))


def _change(request: NodeRequest, sheet: Sheet) -> Callable[[Draft], Draft]:
    """Say what the form does to a draft: what was typed put in place, then what the button asks for."""
    data, go = request.POST, request.POST.get("go", "next")
    verb, _, what = go.partition(":")

    def change(draft: Draft) -> Draft:
        if sheet.step == DOCUMENTS:
            return _with_picture(request, sheet.case.kind, draft)
        for path in sections_of(sheet.step, draft, sheet.website):
            draft = typed(draft, path, data)
        websites = draft.get("websites") or []
        if verb == "add" and what == "website" and len(websites) < MOST_WEBSITES:
            return drafting.add_website(draft)
        if verb == "remove" and what == "website" and len(websites) > 1:
            return drafting.without_website(draft, sheet.website)
        if sheet.step == WEBSITES and verb == "add" and what == "approval":
            room = len(websites[sheet.website].get("approvals") or []) < MOST_APPROVALS
            return drafting.add_approval(draft, sheet.website) if room else draft
        if sheet.step == WEBSITES and verb == "remove" and what.startswith("approval:"):
            number = row_number(what.removeprefix("approval:"))
            return draft if number is None else drafting.without_approval(draft, sheet.website, number)
        return draft

    return change


def _with_picture(request: NodeRequest, kind: int, draft: Draft) -> Draft:
    """Put in, use again, or take out a picture."""
    key, photo = request.POST.get("slot", ""), request.FILES.get("photo")
    if "like" in request.POST:
        return documents.copy_to(kind, draft, key)
    if "remove" in request.POST:
        return documents.take_out(kind, draft, key, request.POST["remove"])
    if photo is None:
        return draft
    if (photo.size or 0) > documents.MAX_UPLOAD:
        raise Invalid({f"documents.{key}": ["照片超过5MB，请改用较小的照片。"]})
    return documents.put_in(kind, draft, key, photo.read())


def _as_typed(change: Callable[[Draft], Draft], draft: Draft) -> Draft:
    """Give the draft with what was typed, to be shown again; as it was where not even that can be done."""
    try:
        return change(draft)
    except Invalid:
        return draft


def _show(
    request: NodeRequest,
    sheet: Sheet,
    draft: Draft,
    errors: Mapping[str, Sequence[str]],
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    case, options = sheet.case, Options()
    here, elsewhere = on_step(errors, sheet.step, sheet.website, case.kind)
    websites = draft.get("websites") or []
    context = {
        "desk": sheet.desk,
        "case": case,
        "title": title_of(case),
        "query": sheet.query,
        "step": sheet.step,
        "steps": [(each, sheet.url(each), each == sheet.step) for each in sheet.steps],
        "websites": [
            (index + 1, str(each.get("name") or f"网站{index + 1}"), sheet.url(WEBSITES, index), index == sheet.website)
            for index, each in enumerate(websites)
        ],
        "sections": [
            section(draft, path, errors=here, corrections=case.corrections, options=options)
            for path in sections_of(sheet.step, draft, sheet.website)
        ],
        "faults": [(label(path), said) for path, texts in here.items() for said in texts],
        "elsewhere": [(label(path), said) for path, texts in elsewhere.items() for said in texts],
        "problem": problem,
        "slots": _slots(sheet, draft, errors) if sheet.step == DOCUMENTS else [],
        "action": sheet.url(sheet.step, sheet.website),
        "after": sheet.after(draft),
    }
    return private(render(request, "enterprise/office/edit.html", context, status=status))


def _slots(sheet: Sheet, draft: Draft, errors: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    return [
        {
            "slot": slot,
            "errors": [*errors.get(slot.path, ()), *errors.get("file", ())] if errors else [],
            "pictures": [
                (each, sheet.desk.url("case_file", pk=sheet.case.pk, sha256=each.sha256)) for each in slot.pictures
            ],
        }
        for slot in documents.slots(sheet.case.kind, draft)
    ]
