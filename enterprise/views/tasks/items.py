"""Stock verification: the items of a plan, and one of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beian import events
from beian.services.refusals import ServiceError
from beian.web.components import Badge, Crumb, Term, Tone
from beian.web.filing.names import Names
from beian.web.filing.sheet import SheetMaker, providers_of, regions_of
from beian.web.requests import NodeRequest, row_number
from beian.web.revealing import RevealForm
from beian.web.tables import Column, Table
from enterprise.forms.stock import BulkForm, ItemForm
from enterprise.models import Confirmation, ItemState, StockItem
from enterprise.queries.on_file import filing_of
from enterprise.queries.stock import filters_of
from enterprise.services import stock
from enterprise.services.people import office_people
from enterprise.views.tasks.desk import Verbs, add_errors, moments, private, url, way, works
from enterprise.views.tasks.plans import plan_of

TONES: dict[str, Tone] = {
    ItemState.OPEN: "neutral",
    ItemState.CONTACTED: "info",
    ItemState.APPOINTED: "info",
    ItemState.RIGHT: "good",
    ItemState.WRONG: "warn",
    ItemState.UNREACHABLE: "bad",
    ItemState.CANCEL: "warn",
}
VERBS: Verbs = {"record": ("记录结果", "info"), "reveal": ("显示个人信息", "neutral")}


def badge(item: StockItem) -> Badge:
    """Say where an item stands."""
    return Badge(item.get_state_display(), TONES[item.state])


ITEMS = Table(
    name="items",
    columns=(
        Column(name="sponsor", label="主办者", value="sponsor_name", lead=True),
        Column(name="filing_number", label="备案号", kind="code", sort="filing_number"),
        Column(name="state", label="状态", value=badge, kind="badge"),
        Column(name="batch", label="批次", value="batch.number", kind="number"),
        Column(name="person", label="负责人", value="batch.assigned_to"),
        Column(name="changed", label="最近处理", value="changed_at", kind="moment", sort="changed_at", nullable=True),
        Column(name="by", label="处理人", value="changed_by_name"),
        Column(name="note", label="说明"),
    ),
    order="filing_number",
)


@require_safe
def stock_items(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """List the items of a plan."""
    plan = plan_of(request, pk)
    people = [(str(person.pk), str(person)) for person in office_people(request.node)]
    filters = filters_of(plan, request.GET, people)
    rows = filters.apply(StockItem.objects.filter(plan=plan)).select_related("batch__assigned_to")
    page = ITEMS.page(rows, request, row_url=lambda item: url(request.node, "stock_item", pk=item.pk))
    context = {
        "plan": plan,
        "crumbs": _crumbs(request, plan),
        "filters": filters,
        "page": page,
        "works": works(request) and plan.closed_at is None,
        "form": BulkForm(auto_id="bulk_%s"),
        "query": request.GET.urlencode(),
    }
    return render(request, "enterprise/tasks/items.html", context)


@require_POST
def stock_record(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Note the same of the chosen items."""
    plan = plan_of(request, pk)
    form = BulkForm(request.POST)
    typed = [number for each in request.POST.getlist("chosen") if (number := row_number(each)) is not None]
    chosen = list(StockItem.objects.filter(plan=plan, pk__in=typed).values_list("pk", flat=True))
    back = redirect(f"{url(request.node, 'stock_items', pk=pk)}?{_back(request)}")
    if not chosen or not form.is_valid():
        messages.error(request, "请勾选备案并选择结果。")
        return back
    try:
        values = form.cleaned_data
        count = stock.record_many(request.node, chosen, values["state"], request.user, note=values["note"])
    except ServiceError as error:
        messages.error(request, f"没有记录：{error.message}")
    else:
        messages.success(request, f"已记录{count}份备案。")
    return back


@require_http_methods(["GET", "HEAD", "POST"])
def stock_item(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Show an item with its filing, and note what came of it."""
    item = _item(request, pk)
    form = ItemForm(request.POST or None, before=item.state, initial={"version": item.version, "note": ""})
    if request.method == "POST" and works(request) and form.is_valid():
        try:
            done = stock.record(request.node, pk, actor=request.user, **form.cleaned_data)
        except ServiceError as error:
            add_errors(form, error)
        else:
            messages.success(request, f"已记录：{done.get_state_display()}。")
            return redirect(url(request.node, "stock_item", pk=pk))
    return _show(request, item, form, status=422 if request.method == "POST" else 200)


@require_POST
def stock_reveal(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Show the filing with personal data plain, this once, to a person who says why; that is written down."""
    item, reason = _item(request, pk), RevealForm(request.POST, auto_id="reveal_%s")
    form = ItemForm(before=item.state, initial={"version": item.version, "note": ""})
    if not reason.is_valid():
        return _show(request, item, form, reveal=reason, status=422)
    why = reason.cleaned_data["reason"]
    events.record(stock.ITEM, pk, "reveal", node=request.node, actor=request.user, reason=why)
    return _show(request, item, form, plain=True)


def _show(
    request: NodeRequest,
    item: StockItem,
    form: ItemForm,
    *,
    plain: bool = False,
    reveal: RevealForm | None = None,
    status: int = 200,
) -> HttpResponse:
    filed = filing_of(request.node, item.sponsor_number)
    maker = SheetMaker(Names(regions_of(filed), providers_of(filed)), plain=plain) if filed else None
    following = StockItem.objects.filter(batch=item.batch, state=ItemState.OPEN, pk__gt=item.pk).order_by("pk").first()
    context = {
        "item": item,
        "badge": badge(item),
        "crumbs": _crumbs(request, item.plan),
        "terms": _terms(request, item),
        "form": form,
        "works": works(request) and item.plan.closed_at is None,
        "sheet": maker.sheet(filed) if maker and filed else None,
        "plain": plain,
        "reveal": reveal or RevealForm(auto_id="reveal_%s"),
        "next_url": url(request.node, "stock_item", pk=following.pk) if following else "",
        "moments": moments(stock.ITEM, item.pk, VERBS, request.node),
    }
    return private(render(request, "enterprise/tasks/item.html", context, status=status))


def _item(request: NodeRequest, pk: int) -> StockItem:
    rows = StockItem.objects.filter(provider=request.node, pk=pk)
    item = rows.select_related("plan", "batch__assigned_to", "case").first()
    if item is None:
        raise Http404(f"no item {pk} at {request.node.code}")
    return item


def _terms(request: NodeRequest, item: StockItem) -> list[Term]:
    known = Confirmation.objects.filter(provider=request.node, sponsor_number=item.sponsor_number).first()
    found = [
        Term("备案号", item.filing_number, code=True),
        Term("批次", f"第{item.batch.number}批"),
        Term("负责人", item.batch.assigned_to or "未分配"),
        Term("完成期限", item.plan.due.isoformat()),
        Term("上次确认", _confirmed(known)),
    ]
    if item.appointment and item.state == ItemState.APPOINTED:
        found.append(Term("预约", item.appointment))
    return found


def _confirmed(known: Confirmation | None) -> str:
    if known is None or known.confirmed_at is None:
        return "没有记录"
    return f"{known.confirmed_at:%Y-%m-%d} {known.get_how_display()}（{known.by_name}）"


def _crumbs(request: NodeRequest, plan: Any) -> list[Crumb]:
    return [*way(request.node, "stock_plans"), Crumb(plan.name, url(request.node, "stock_plan", pk=plan.pk))]


def _back(request: NodeRequest) -> str:
    known = ("q", "state", "batch", "person", "sort", "size")
    return urlencode([(name, request.GET[name]) for name in known if request.GET.get(name)])
