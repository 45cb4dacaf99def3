"""Taking applications, keeping them, giving them back, going on to the next."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from beian.services.refusals import ServiceError
from beian.web.requests import NodeRequest, row_number
from bureau.forms.review import WhyForm
from bureau.models import Application
from bureau.queries.queue import next_up, queue_filters, sort_of, tab_of
from bureau.services import review
from bureau.views.review.desk import Desk, queue_query


@require_POST
def claim(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Take an application and open it. Where somebody was faster, the page says who."""
    desk = Desk.of(request)
    application = desk.application(pk)
    try:
        review.claim(application.pk, desk.user)
    except ServiceError as error:
        messages.error(request, error.message)
    return redirect(desk.url("application", queue_query(request.GET), pk=pk))


@require_POST
def renew(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Lengthen the running claim, as the page asks while somebody works on it; 409 where it is lost."""
    desk = Desk.of(request)
    application = desk.application(pk)
    if not review.renew(application.pk, desk.user):
        return JsonResponse({"message": "您的领取已过期或被接管，请刷新页面后重新领取。"}, status=409)
    until = timezone.localtime(timezone.now() + review.CLAIM_LASTS)
    return JsonResponse({"until": until.strftime("%H:%M")})


@require_POST
def release(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Give an application back and return to the queue."""
    desk = Desk.of(request)
    application = desk.application(pk)
    try:
        review.release(application.pk, desk.user)
    except ServiceError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"已将“{application.sponsor_name}”放回队列。")
    return redirect(desk.url("queue", queue_query(request.GET)))


@require_POST
def take_over(request: NodeRequest, province: int, pk: int) -> HttpResponse:
    """Take another's claim, with a reason."""
    from bureau.views.review.detail import show

    desk = Desk.of(request)
    application = desk.application(pk)
    form = WhyForm(request.POST)
    if not form.is_valid():
        return show(request, desk, application, take_over_form=form, status=422)
    try:
        review.take_over(application.pk, desk.user, form.cleaned_data["reason"])
    except ServiceError as error:
        return show(request, desk, desk.application(pk), problem=error.message, status=409)
    messages.success(request, "已接管，现由您审核。")
    return redirect(desk.url("application", queue_query(request.GET), pk=pk))


@require_POST
def take_next(request: NodeRequest, province: int) -> HttpResponse:
    """Take the next free application of the filter. Skipping one gives it back and goes forward."""
    desk = Desk.of(request)
    after = _left(desk, request.POST.get("current", ""))
    return go_on(request, desk, after)


def go_on(request: NodeRequest, desk: Desk, after: int | None = None) -> HttpResponse:
    """Claim what comes next by the filter of the page and open it; where nothing is left, show the queue."""
    wanted = queue_filters(desk.bureau, desk.user, request.GET)
    tab, sort, query = tab_of(request.GET), sort_of(request.GET), queue_query(request.GET)
    for pk in next_up(desk.bureau, wanted, tab, sort, desk.workable(), after):
        try:
            review.claim(pk, desk.user)
        except ServiceError:
            continue  # somebody was faster; there are more
        return redirect(desk.url("application", query, pk=pk))
    messages.info(request, "按当前筛选条件，没有其他可领取的申请了。")
    return redirect(desk.url("queue", query))


def _left(desk: Desk, text: str) -> int | None:
    """Give back the application that is skipped, where it is the person's own and still open."""
    number = row_number(text)
    if number is None:
        return None
    application = Application.objects.at(desk.bureau).filter(pk=number).only("pk").first()
    if application is None:
        return None
    review.release(application.pk, desk.user)
    return application.pk
