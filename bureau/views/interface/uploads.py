"""A provider's uploads: sequence, how far each is, how many records came back."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beian.web.components import Badge, Tone
from beian.web.filters import Filters, choice, days, number
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from bureau.views.interface.office import account_of, crumbs, standing, tabs
from interface.models import Upload, UploadState

TONES: dict[str, Tone] = {
    UploadState.RECEIVED: "info",
    UploadState.PROCESSED: "good",
    UploadState.RETURNED: "bad",
}


def state(upload: Upload) -> Badge:
    """Say how far the processing is; one that failed and waits for another try is marked."""
    if upload.state == UploadState.RECEIVED and upload.problem:
        return Badge("处理受阻", "warn")
    return Badge(upload.get_state_display(), TONES[upload.state])


TABLE = Table(
    name="uploads",
    columns=(
        Column(name="sequence", label="上报序号", kind="number", sort="sequence"),
        Column(name="state", label="状态", value=state, kind="badge"),
        Column(name="received_at", label="接收时间", kind="moment"),
        Column(name="processed_at", label="处理时间", kind="moment"),
        Column(name="records", label="记录数", kind="number"),
        Column(name="returned", label="自动退回", kind="number"),
        Column(name="size", label="文件大小", kind="number", template="bureau/accounts/upload_size.html"),
        Column(name="tries", label="处理次数", kind="number"),
    ),
    order="-sequence",
)
FILTERS = (
    number("sequence", "上报序号", "sequence"),
    choice("state", "状态", "state", UploadState.choices),
    *days("received", "接收时间", "received_at"),
)


@require_safe
def provider_uploads(request: NodeRequest, province: int, isp_id: int) -> HttpResponse:
    """List what a provider uploaded, the latest first."""
    account = account_of(request, isp_id)
    filters = Filters(FILTERS, request.GET)
    context = {
        "account": account,
        "badge": standing(account),
        "crumbs": crumbs(request.node),
        "tabs": tabs(account, "provider_uploads"),
        "filters": filters,
        "page": TABLE.page(filters.apply(Upload.objects.filter(account=account)), request),
    }
    return render(request, "bureau/accounts/uploads.html", context)
