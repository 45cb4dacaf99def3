"""The components in all their states, on one page (demo mode only). All of it is made up."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from beian.models import Node, User
from beian.web.components import Badge, Crumb, Gauge, Moment, Picture, Tab, Term
from beian.web.diff import diff
from beian.web.filters import Filters, choice, days, flag, text
from beian.web.forms import DateInput, Form, Paragraph
from beian.web.navigation import Desk, Link
from beian.web.tables import Cell, Column, Header, Page, Row, Size

START = datetime(2026, 11, 20, 9, 12, tzinfo=timezone.get_fixed_timezone(480))


class SampleForm(Form):
    """One field of each kind."""

    name = forms.CharField(label="主办单位名称", help_text="与证件上的名称一致。", max_length=64)
    kind = forms.ChoiceField(label="单位性质", choices=[("", "请选择"), ("4", "企业"), ("5", "个人")])
    telephone = forms.CharField(label="办公电话", required=False)
    day = forms.DateField(label="核验日期", widget=DateInput())
    way = forms.ChoiceField(label="受理方式", widget=forms.RadioSelect, choices=[("1", "网上"), ("2", "窗口")])
    opinion = Paragraph(label="审核意见", max_length=1024, required=False)
    told = forms.BooleanField(label="已告知接入商", required=False)


COLUMNS = (
    Column(name="number", label="申请编号", lead=True),
    Column(name="sponsor", label="主办单位"),
    Column(name="domain", label="域名", kind="code"),
    Column(name="state", label="状态", kind="badge"),
    Column(name="sites", label="网站数", kind="number"),
    Column(name="received", label="收到时间", kind="moment", sort="received"),
    Column(name="claimed", label="认领人"),
)
ROWS: tuple[tuple[Any, ...], ...] = (
    ("2026112000017", "广州示例科技有限公司", "example-one.cn", Badge("待审核", "info"), 1, 0, ""),
    (
        "2026112000018",
        "佛山市示例陶瓷研究与设计服务中心（有限合伙）",
        "example-two.com.cn",
        Badge("审核中", "warn"),
        12,
        1,
        "赵一",
    ),
    ("2026112000021", "深圳示例网络有限公司", "example-three.net", Badge("已通过", "good"), 3, 26, "钱二"),
    ("2026112000024", "示例个人", "example-four.cn", Badge("已退回", "bad"), 1, 30, "孙三"),
    ("2026112000029", "珠海示例贸易有限公司", "example-five.cn", Badge("已撤回"), 2, 51, ""),
)
FILTERS = (
    text("q", "域名、单位或证件号码", "name__contains", placeholder="例如 example.cn"),
    choice("kind", "申请类型", "kind", [(1, "新增备案"), (2, "新增网站"), (4, "变更备案")]),
    choice("city", "地市", "city", [(440100, "广州市"), (440300, "深圳市")]),
    *days("received", "收到日期", "received_at"),
    flag("overdue", "只看超期", lambda: Q(overdue=True)),
)
NAVIGATION = tuple(
    Link(label, "#lists", current=label == "审核")
    for label in ("审核", "备案查询", "接入商", "调用日志", "收发信箱", "人员")
)
BADGES = (
    Badge("待审核", "info"),
    Badge("审核中", "warn"),
    Badge("已通过", "good"),
    Badge("不予通过", "bad"),
    Badge("已撤回"),
)
MOMENTS = (
    Moment(START, "收到上传", "示例接入商", "上传序号 1207,第 3 条"),
    Moment(START + timedelta(minutes=1), "自动检查通过", "系统", tone="info"),
    Moment(START + timedelta(hours=3), "初审建议通过", "赵一", "证件清晰，域名在有效期内。", "info"),
    Moment(START + timedelta(hours=5), "退回初审", "李四", "核验单缺少盖章，请再核对。", "warn"),
    Moment(START + timedelta(days=1), "审核通过，发放备案号 粤ICP备2026000123号", "李四", tone="good"),
)
TERMS = (
    Term("主办单位名称", "广州示例科技有限公司"),
    Term("单位性质", "企业"),
    Term("证件号码", "91440099************", code=True, flag="与申请 2026112000003 的证件号码相同"),
    Term("负责人", "赵一"),
    Term("移动电话", "138****0000", code=True, note="同一号码另有 2 个备案"),
    Term("上级主管单位", None),
    Term("通信地址", "广东省广州市天河区示例路 100 号示例大厦 A 座 1208 室", wide=True),
)
CHANGED = diff(
    [
        ("单位名称", "广州示例科技有限公司", "广州示例网络科技有限公司"),
        ("通信地址", "广东省广州市天河区示例路 100 号", "广东省广州市天河区示例路 128 号 3 楼"),
        ("备用域名", "", "example-six.cn"),
        ("备注", "代办", ""),
        ("证件类型", "营业执照", "营业执照"),
        ("证件号码", "91440099************", "91440099************"),
        ("负责人", "赵一", "赵一"),
    ]
)
GAUGES = (
    Gauge("导入备案数据", 6230, 10000, "已处理 6,230 条，共 10,000 条，其中 12 条需要更正"),
    Gauge("批量通过", 50, 50, "已完成", "good"),
    Gauge("生成报表", None, note="正在统计，完成后会提示"),
    Gauge("分发数据", 31, 90, "第 32 条出错，已停止", "bad"),
)


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component in every state."""
    filters = Filters(FILTERS, request.GET)
    mistaken = SampleForm(
        auto_id="mistaken_%s", data={"name": "", "kind": "", "day": "2026-02-30", "opinion": "字" * 1030}
    )
    return render(
        request,
        "styleguide/page.html",
        {
            "crumbs": [Crumb("首页", "/"), Crumb("设计样例")],
            "tabs": [Tab("待办", "#lists", True, 128), Tab("我认领的", "#forms", count=3), Tab("全部", "#review")],
            "sample_navigation": NAVIGATION,
            "sample_node": Node(name="广东省通信管理局", province=440000),
            "sample_user": User(username="zhao", name="赵一"),
            "sample_desks": [
                Desk(Node(name="广东省通信管理局"), "审核员、主管", "#lists"),
                Desk(Node(name="工业和信息化部"), "部级操作员", "#lists"),
            ],
            "filters": filters,
            "sample_page": _page(),
            "form": SampleForm(initial={"opinion": "证件清晰。", "day": date(2026, 11, 20)}),
            "mistaken": mistaken,
            "refusal": SampleForm(auto_id="refusal_%s"),
            "badges": BADGES,
            "moments": MOMENTS,
            "terms": TERMS,
            "changed": CHANGED,
            "unchanged": diff([("单位名称", "广州示例科技有限公司", "广州示例科技有限公司")]),
            "gauges": GAUGES,
            "pictures": [Picture(f"/styleguide/{number}.svg", label) for number, (label, *_) in PICTURES.items()],
        },
    )


def _page() -> Page:
    """Make a page of a list without a database."""
    names = ("number", "sponsor", "domain", "state", "sites", "hours", "claimed")
    rows = []
    for values in ROWS:
        row = dict(zip(names, values, strict=True))
        row["received"] = START + timedelta(hours=row["hours"])
        rows.append(Row(row, tuple(Cell(column, row[column.name]) for column in COLUMNS), "#lists"))
    sorting = {"received": ("?sort=received", "descending")}
    return Page(
        name="sample",
        headers=tuple(Header(column, *sorting.get(column.name, ("", ""))) for column in COLUMNS),
        rows=tuple(rows),
        count=10_000,
        capped=True,
        sizes=(Size(20, "?size=20", True), Size(50, "?size=50", False), Size(100, "?size=100", False)),
        next_url="?sort=received",
    )


PICTURES = {
    1: ("营业执照", 900, 640),
    2: ("真实性核验单", 640, 900),
    3: ("现场照片", 800, 600),
}


@require_safe
def picture(request: HttpRequest, number: int) -> HttpResponse:
    """Draw a stand-in for an attachment."""
    label, width, height = PICTURES.get(number, PICTURES[1])
    lines = "".join(
        f'<path d="M{width * 0.12} {y} h{width * (0.7 if y % 3 else 0.45)}" stroke="#9aa7b5" stroke-width="6"/>'
        for y in range(int(height * 0.35), int(height * 0.85), 42)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<rect width="100%" height="100%" fill="#fbfaf5"/><rect x="20" y="20" width="{width - 40}" '
        f'height="{height - 40}" fill="none" stroke="#b9a26a" stroke-width="4"/>'
        f'<text x="50%" y="20%" font-size="44" text-anchor="middle" fill="#333">{label}(样张)</text>{lines}</svg>'
    )
    return HttpResponse(svg, content_type="image/svg+xml")
