"""Importing cases from a sheet: the template, the upload, how far it is, what was wrong."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from beian import store
from beian.services.refusals import Invalid
from beian.web.components import Badge, Crumb, Gauge, Tone
from beian.web.forms import Form
from beian.web.requests import NodeRequest
from beian.web.tables import Column, Table
from enterprise.models import Agent, ImportRun, ImportState
from enterprise.services import importing
from enterprise.services.import_answers import template
from enterprise.services.sheets import MAX_FILE
from enterprise.views.office.beginning import agents_for
from enterprise.views.office.desk import Desk
from enterprise.workflow import Team

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 500
"""Problems on the page; all of them stand in the file."""

TONES: dict[str, Tone] = {
    ImportState.WAITING: "neutral",
    ImportState.RUNNING: "info",
    ImportState.DONE: "good",
    ImportState.FAILED: "bad",
}


class ImportForm(Form):
    """A file of cases, and whose they are."""

    file = forms.FileField(
        label="文件", help_text="用模板填写的 .xlsx，或同样标题的 .csv（UTF-8 或 GBK）；最大 10MB、5000 行。"
    )
    team = forms.ChoiceField(label="小组", choices=Team.choices)
    agent = forms.ModelChoiceField(label="代理商", queryset=Agent.objects.none(), required=False, empty_label="（无）")

    def __init__(self, *args: object, desk: Desk, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["agent"]
        assert isinstance(chosen, forms.ModelChoiceField)
        chosen.queryset = agents_for(desk)


def badge(run: ImportRun) -> Badge:
    """Give the state as a badge."""
    return Badge(run.get_state_display(), TONES[run.state])


TABLE = Table(
    name="imports",
    columns=(
        Column(name="file_name", label="文件", lead=True),
        Column(name="created_at", label="上传时间", kind="moment", sort="pk"),
        Column(name="by", label="操作人"),
        Column(name="total", label="行数", kind="number"),
        Column(name="made", label="新建", kind="number"),
        Column(name="repeated", label="重复", kind="number"),
        Column(name="state", label="状态", value=badge, kind="badge"),
    ),
    order="-created_at",
)


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: NodeRequest, isp: int) -> HttpResponse:
    """List the imports; with POST take in a file."""
    desk = Desk.of(request)
    form = ImportForm(
        request.POST or None, request.FILES or None, desk=desk, initial={"team": next(iter(desk.teams), Team.NEW)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            run = _started(desk, form)
        except Invalid as error:
            for text in error.errors.get("file", [error.message]):
                form.add_error("file", text)
        else:
            return redirect(desk.url("import", run_id=run.pk))
    rows = ImportRun.objects.filter(provider=desk.provider).defer("problems").select_related("by")
    page = TABLE.page(rows, request, row_url=lambda row: desk.url("import", run_id=row.pk))
    context = {"form": form, "page": page, "template_url": desk.url("import_template")}
    return render(request, "enterprise/office/imports.html", context, status=422 if form.is_bound else 200)


@require_safe
def import_template(request: NodeRequest, isp: int) -> HttpResponse:
    """Give the sheet to fill in."""
    return _sheet(template(), "备案导入模板.xlsx")


@require_safe
def import_run(request: NodeRequest, isp: int, run_id: int) -> HttpResponse:
    """Show how far an import is, and what was wrong with which row."""
    desk = Desk.of(request)
    run = _run(desk, run_id)
    stopped = len({each["row"] for each in run.problems if each["stops"]})
    context = {
        "run": run,
        "badge": badge(run),
        "gauge": Gauge("导入进度", run.seen, run.total),
        "running": run.state in (ImportState.WAITING, ImportState.RUNNING),
        "problems": run.problems[:SHOWN],
        "more": max(0, len(run.problems) - SHOWN),
        "stopped": stopped,
        "submitted": run.made - run.drafts,
        "answer_url": desk.url("import_answer", run_id=run.pk),
        "url": desk.url("import", run_id=run.pk),
        "queue_url": desk.url("queue", "queue=check&origin=import"),
        "drafts_url": desk.url("queue", "queue=fill&origin=import"),
        "crumbs": [Crumb("导入", desk.url("imports"))],
    }
    name = "enterprise/office/import_state.html" if request.htmx else "enterprise/office/import.html"
    return render(request, name, context)


@require_safe
def import_answer(request: NodeRequest, isp: int, run_id: int) -> HttpResponse:
    """Give the file that came, with a column more that says what became of each row."""
    run = _run(Desk.of(request), run_id)
    if not run.answer or run.removed_at:
        raise Http404("not worked off yet, or removed after its time")
    try:
        return _sheet(store.get(run.answer), f"导入结果-{run.pk}.xlsx")
    except store.Missing as error:
        raise Http404("removed after its time") from error


def _started(desk: Desk, form: ImportForm) -> ImportRun:
    file, values = form.cleaned_data["file"], form.cleaned_data
    if file.size > MAX_FILE:
        raise Invalid({"file": [f"文件最大 {MAX_FILE // 1024 // 1024}MB，请分成几个文件。"]})
    return importing.start(
        desk.provider, desk.user, file.name, file.read(), team=Team(values["team"]), agent=values["agent"]
    )


def _run(desk: Desk, run_id: int) -> ImportRun:
    found = ImportRun.objects.filter(provider=desk.provider, pk=run_id).select_related("by", "agent").first()
    if found is None:
        raise Http404(f"no import {run_id} at {desk.provider.code}")
    return found


def _sheet(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=SHEET)
    response.headers["Content-Disposition"] = _named(name)
    response["Cache-Control"] = "no-store, private"
    return response


def _named(name: str) -> str:
    from django.utils.http import content_disposition_header

    return content_disposition_header(True, name) or "attachment"
