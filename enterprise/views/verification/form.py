"""The form as a PDF, to print and sign."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from beian.web.requests import NodeRequest
from enterprise.services.form_pdf import form_pdf
from enterprise.services.guard import tell
from enterprise.services.verification_standing import standing
from enterprise.views.verification.desk import Counter


@require_safe
def form(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Give the form of a verification as it stands."""
    counter = Counter.of(request)
    found = counter.verification(pk)
    if found.removed_at is not None:
        raise Http404("removed after its time")
    pdf = form_pdf(found, standing(found))
    tell(found.case, "print_form", counter.user, data={"verification": found.pk})
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, f"{found.case.reference}-核验单.pdf") or ""
    response["Cache-Control"] = "no-store, private"
    return response
