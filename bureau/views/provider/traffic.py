"""What went over the wire, as the provider sees it: uploads, mailbox, calls."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from beian.web.filters import Filters, choice, days, flag
from beian.web.requests import NodeRequest
from beian.web.tables import Column
from bureau.advice import advise
from bureau.services import mailboxes
from bureau.views.interface import calls, uploads
from bureau.views.interface import mailboxes as bureau_mailboxes
from bureau.views.provider.own import own_account, own_url
from interface.codes import Code
from interface.models import CallLog, Outcome, Upload, UploadState

UPLOADS = replace(
    uploads.TABLE,
    columns=(
        *(column for column in uploads.TABLE.columns if column.name != "tries"),
        Column(name="say", label="说明", template="bureau/provider/upload.html"),
    ),
)
CALLS = replace(
    calls.TABLE,
    columns=(
        *(column for column in calls.TABLE.columns if column.name not in {"provider", "size", "milliseconds"}),
        Column(name="advice", label="怎么办", template="bureau/provider/advice.html"),
    ),
)
HISTORY = replace(
    bureau_mailboxes.HISTORY,
    columns=tuple(column for column in bureau_mailboxes.HISTORY.columns if column.name != "again"),
)
CALL_FILTERS = (
    choice("operation", "操作", "operation", calls.OPERATIONS.items()),
    choice("code", "返回代码", "code", [(int(code), f"{int(code)} {code.message}"[:40]) for code in Code]),
    *days("at", "时间", "at"),
    flag("refused", "只看被拒绝的", lambda: calls.REFUSED),
)


@require_safe
def my_uploads(request: NodeRequest, province: int) -> HttpResponse:
    """List the provider's uploads; a document that came back whole says why."""
    account = own_account(request)
    filters = Filters(uploads.FILTERS, request.GET)
    page = UPLOADS.page(filters.apply(Upload.objects.filter(account=account)), request)
    returned = [f"upload:{each.sequence}" for each in page.objects if each.state == UploadState.RETURNED]
    why = {
        outcome.about: outcome.body["result"]["codes"][0]
        for outcome in Outcome.objects.filter(account=account, about__in=returned)
    }
    for upload in page.objects:
        upload.say = why.get(f"upload:{upload.sequence}")
        upload.advice = advise(upload.say["code"]) if upload.say else ""
        upload.records_url = f"{own_url(request, 'my_records')}?sequence={upload.sequence}"
    return render(request, "bureau/provider/uploads.html", {"filters": filters, "page": page})


@require_safe
def my_mailbox(request: NodeRequest, province: int) -> HttpResponse:
    """Show what waits for the provider's system, and what it fetched."""
    account = own_account(request)
    context = {
        "waiting": [(each, mailboxes.is_late(each.since)) for each in mailboxes.waiting(account)],
        "outstanding": mailboxes.outstanding(account),
        "page": HISTORY.page(mailboxes.acknowledged(account), request),
    }
    return render(request, "bureau/provider/mailbox.html", context)


@require_safe
def my_calls(request: NodeRequest, province: int) -> HttpResponse:
    """List the provider's calls, with the reason of each answer and what to do about it."""
    account = own_account(request)
    filters = Filters(CALL_FILTERS, request.GET)
    page = CALLS.page(filters.apply(CallLog.objects.filter(account=account)), request)
    for call in page.objects:
        call.advice = "" if call.code in calls.SERVED else advise(call.code)
    return render(request, "bureau/provider/calls.html", {"filters": filters, "page": page})
