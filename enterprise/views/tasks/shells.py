"""Empty-shell websites: on file with us, and no access of ours, or none that answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from beian.models import Website
from beian.services.refusals import ServiceError
from beian.web.components import Badge
from beian.web.requests import NodeRequest, row_number
from beian.web.tables import Column, Table
from enterprise.queries.tasks import shells as found
from enterprise.services import following
from enterprise.services.tasks import require
from enterprise.views.tasks.desk import reports, section_tabs, url
from enterprise.workflow import CLERKS, Kind


def _why(website: Any) -> Badge:
    if website.unserved:
        return Badge("没有本单位的接入", "bad")
    return Badge("管局核查认为空壳或不能访问", "warn")


TABLE = Table(
    name="shells",
    columns=(
        Column(name="name", label="网站", lead=True),
        Column(name="filing_number", label="网站备案号", kind="code"),
        Column(name="sponsor", label="主办者", value="sponsor.name"),
        Column(name="why", label="原因", value=_why, kind="badge"),
        Column(name="modified", label="最近变更", value="last_modified", kind="moment", sort="last_modified"),
        Column(name="acts", label="处理", template="enterprise/tasks/shell_acts.html"),
    ),
    order="modified",
)
KINDS = (Kind.NEW_ACCESS, Kind.CANCEL_WEBSITE)


@require_safe
def shells(request: NodeRequest, isp: int) -> HttpResponse:
    """List them, those that nobody touched for the longest first."""
    page = TABLE.page(found(request.node), request)
    for row in page.objects:
        row.may_begin, row.kinds = reports(request), KINDS
    context = {"section_tabs": section_tabs(request, "shells"), "page": page}
    return render(request, "enterprise/tasks/shells.html", context)


@require_POST
def shell_begin(request: NodeRequest, isp: int, number: int) -> HttpResponse:
    """Begin the case that puts an empty shell right: a new access, or the cancelling of the website."""
    website = Website.objects.held_by(request.node).filter(number=number).select_related("sponsor").first()
    kind = row_number(request.POST.get("kind", ""))
    if website is None or kind not in {int(each) for each in KINDS}:
        messages.error(request, "没有这个网站，或不能发起这种申请。")
        return redirect(url(request.node, "shells"))
    try:
        require(request.node, request.user, CLERKS)
        case = following.begin(request.node, Kind(kind), website.sponsor.number, request.user, website_number=number)
    except ServiceError as error:
        messages.error(request, error.message)
        return redirect(url(request.node, "shells"))
    messages.success(request, f"已发起申请 {case.reference}。")
    return redirect(url(request.node, "case", pk=case.pk))
