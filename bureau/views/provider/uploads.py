"""A provider's uploads, and one of them: each of its records with its state, and what its codes ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from beian.advice import advise
from beian.result_codes import message
from beian.web.components import Crumb, Term
from beian.web.filters import Filters
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from bureau.models import Application
from bureau.queries.answers import Reason, brief, reasons_in
from bureau.queries.provider import records_of, uploads_of
from bureau.queries.whereabouts import clock
from bureau.views.interface import uploads
from bureau.views.provider.own import own_account, own_url
from bureau.views.provider.records import badge, place
from bureau.workflow import State
from interface.models import Outcome, ProviderAccount, Upload, UploadState

TABLE = replace(
    uploads.TABLE,
    columns=(
        *(
            replace(column, lead=True, kind="text") if column.name == "sequence" else column
            for column in uploads.TABLE.columns
            if column.name not in {"tries", "size"}
        ),
        Column(name="say", label="说明", template="bureau/provider/upload_note.html"),
    ),
)
RECORDS = Table(
    name="upload-records",
    columns=(
        Column(name="ordinal", label="第几条", kind="number", sort="ordinal"),
        Column(name="sponsor_name", label="主办者", lead=True),
        Column(name="first_domain", label="首个域名", kind="code"),
        Column(name="subject", label="本单位编号", kind="code"),
        Column(name="state", label="状态", value=badge, kind="badge"),
        Column(name="codes", label="代码", value=lambda each: brief(each.findings), kind="code"),
        Column(name="place", label="现在何处", template="bureau/provider/place.html"),
    ),
    order="ordinal",
    sizes=(50, 20, 100),
)


@dataclass(frozen=True, slots=True)
class Summary:
    """One code in an upload: on how many records, what it says, what to do."""

    code: int
    count: int
    text: str
    advice: str


@require_safe
def my_uploads(request: NodeRequest, province: int) -> HttpResponse:
    """List the provider's uploads; a document that came back whole says why."""
    account = own_account(request)
    filters = Filters(uploads.FILTERS, request.GET)
    page = TABLE.page(
        filters.apply(uploads_of(account)),
        request,
        row_url=lambda each: own_url(request, "my_upload", sequence=each.sequence),
    )
    rows: list[Any] = page.objects
    why = whole_reasons(account, rows)
    for upload in rows:
        upload.reason = next(iter(why.get(upload.sequence, ())), None)
    return render(request, "bureau/provider/uploads.html", {"filters": filters, "page": page})


@require_safe
def my_upload(request: NodeRequest, province: int, sequence: int) -> HttpResponse:
    """Show one upload: why it came back whole, or each of its records and what their codes ask for."""
    account = own_account(request)
    upload = get_object_or_404(uploads_of(account), sequence=sequence)
    records = records_of(account).filter(upload=upload).defer("record", "base", "difference")
    page = RECORDS.page(records, request, row_url=lambda each: own_url(request, "my_record", pk=each.pk))
    place(account, page)
    context = {
        "upload": upload,
        "badge": uploads.state(upload),
        "crumbs": [Crumb("上报", own_url(request, "my_uploads"))],
        "terms": _terms(upload),
        "reasons": whole_reasons(account, [upload]).get(sequence, []),
        "summary": summary_of(records),
        "page": page,
    }
    return render(request, "bureau/provider/upload.html", context)


def whole_reasons(account: ProviderAccount, shown: Iterable[Upload]) -> Mapping[int, list[Reason]]:
    """Say why documents came back whole, by sequence number. One query."""
    topics = {f"upload:{each.sequence}": each.sequence for each in shown if each.state == UploadState.RETURNED}
    answers = Outcome.objects.filter(account=account, about__in=topics)
    return {topics[answer.about]: reasons_in(answer) for answer in answers}


def summary_of(records: QuerySet[Application]) -> list[Summary]:
    """Count the codes of an upload's returned records, the most frequent first. One query."""
    returned = records.filter(state=State.RETURNED).values_list("findings", flat=True)
    counted = Counter(code for findings in returned for code in {finding["code"] for finding in findings})
    return [Summary(code, count, message(code), advise(code)) for code, count in counted.most_common()]


def _terms(upload: Upload) -> list[Term]:
    return [
        Term("接收时间", clock(upload.received_at)),
        Term("处理时间", clock(upload.processed_at) or "尚未处理"),
        Term("文件名", upload.file_name, code=True),
        Term("记录数", upload.records, note=f"其中自动退回{upload.returned}条" if upload.returned else ""),
    ]
