"""The last page before a change or a new access is handed in: what it comes to, and what has to be proved."""

from __future__ import annotations

import redis
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from beian.services.refusals import Invalid, ServiceError
from beian.web.requests import NodeRequest
from enterprise.forms.filing import anchor
from enterprise.forms.labels import label
from enterprise.forms.portal_cases import PasswordForm
from enterprise.models import Case
from enterprise.queries.asked import asked, changes_of
from enterprise.services import proving_password
from enterprise.services.handing_in import hand_in as submit
from enterprise.services.handing_in import kept_password, ready
from enterprise.services.proving_password import NEEDED, WHERE_TO_GET_ONE, Proof
from enterprise.views.portal_cases.editing import draft_url
from enterprise.views.portal_cases.own import Own, network, private
from enterprise.workflow import EDITABLE, Kind

LAST_PAGE_HERE = NEEDED | {Kind.CHANGE}
"""Kinds that show or ask for something more before they are handed in."""

UNPROVED = "unproved"
"""The button by which a password goes along that the bureau could not be asked about."""


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: NodeRequest, isp: int, reference: str) -> HttpResponse:
    """Show what is handed in; with POST prove the filing password where one is needed, and submit."""
    own = Own.of(request)
    case = own.case(reference)
    if case.state not in EDITABLE or case.kind not in LAST_PAGE_HERE:
        raise Http404("nothing of this kind to hand in")
    form = PasswordForm(request.POST or None) if case.kind in NEEDED else None
    if form is not None and kept_password(case):
        form.fields["filing_password"].required = False
    errors: dict[str, list[str]] = {}
    away = False
    if request.method == "POST":
        away = form is not None and form.is_valid() and not _is_proved(request, own, case, form)
        if form is None or form.is_valid():
            try:
                submit(case, own.user, filing_password=form.cleaned_data["filing_password"] if form else None)
            except Invalid as error:
                errors = error.errors
            except ServiceError as error:
                errors = {"": [error.message]}
            else:
                return HttpResponseRedirect(own.url("portal_case", reference=reference))
    return _show(request, own, case, form, errors, away=away)


def _is_proved(request: NodeRequest, own: Own, case: Case, form: PasswordForm) -> bool:
    """Ask the bureau about what was typed; its answer stands beside the field. False where it is away."""
    password = form.cleaned_data["filing_password"]
    if not password:
        return True
    named = (case.typed.get("website") or {}).get("filing_number") or case.filing_number
    try:
        proved = proving_password.prove(own.provider, own.user, network(request), str(named), password)
    except redis.RedisError:
        form.add_error(None, "现在不能校验备案密码，请稍后再试。")
        return True
    if proved.proof == Proof.AWAY and UNPROVED in request.POST:
        return True
    if not proved.is_right:
        form.add_error("filing_password", proved.says)
    return proved.proof != Proof.AWAY


def _show(
    request: NodeRequest, own: Own, case: Case, form: PasswordForm | None, errors: dict[str, list[str]], *, away: bool
) -> HttpResponse:
    found = ready(case, filing_password="unproved")
    errors = errors or found.errors
    context = {
        "case": case,
        "form": form,
        "errors": [(label(path), anchor(path), said) for path, said in errors.items()],
        "asked": asked(case),
        "changes": changes_of(found.change) if found.change else None,
        "verification": found.change.verification if found.change else None,
        "away": away,
        "kept": bool(kept_password(case)),
        "where": WHERE_TO_GET_ONE,
        "edit_url": draft_url(case),
        "home_url": own.url("portal_home"),
        "case_url": own.url("portal_case", reference=case.reference),
    }
    failed = request.method == "POST"
    return private(render(request, "enterprise/portal_cases/hand_in.html", context, status=422 if failed else 200))
