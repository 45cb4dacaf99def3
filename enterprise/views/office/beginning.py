"""Beginning a case at the office: what kind, for whom, about what."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from beian import store
from beian.records import ContentRecord
from beian.services.refusals import Invalid
from beian.web.components import Crumb
from beian.web.requests import NodeRequest
from enterprise.forms.office_begin import BeginForm
from enterprise.models import Agent, Case
from enterprise.queries.already_open import already_open
from enterprise.services import documents
from enterprise.services.counter import OFFERED, Wanted, about, begin
from enterprise.views.office.desk import Desk
from enterprise.workflow import Kind, Team

WORDS = {
    Kind.NEW_FILING: "主办者第一次备案：填写主体和网站。",
    Kind.NEW_WEBSITE: "已备案的主办者增加网站。",
    Kind.NEW_ACCESS: "网站已在别处备案，改由或加由本单位接入。",
    Kind.CHANGE: "修改我方备案数据中的主体、网站或接入。",
    Kind.CANCEL_ACCESS: "本单位不再接入，网站仍由别家接入。",
    Kind.CANCEL_WEBSITE: "网站不再开办。",
    Kind.CANCEL_SPONSOR: "主办者连同全部网站不再备案。",
    Kind.MATERIAL: "为已备案的主体或网站补报核验单、证件、照片。",
}
"""When each kind is the one."""


@require_safe
def case_new(request: NodeRequest, isp: int) -> HttpResponse:
    """Offer the kinds."""
    desk = Desk.of(request)
    kinds = [(kind, WORDS[kind], desk.url("case_begin", kind=kind.name.lower())) for kind in OFFERED]
    context = {"kinds": kinds, "crumbs": [Crumb("备案办理", desk.url("queue"))]}
    return render(request, "enterprise/office/new.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def case_begin(request: NodeRequest, isp: int, kind: str) -> HttpResponse:
    """Ask what has to be known first, and open the case."""
    desk, wanted = Desk.of(request), _kind(kind)
    form = BeginForm(
        request.POST or None,
        request.FILES or None,
        kind=wanted,
        provider=desk.provider,
        agents=agents_for(desk),
        own_agents=desk.only_agent,
        initial={"team": next(iter(desk.teams), Team.NEW)},
    )
    rivals: list[Case] = []
    if request.method == "POST" and form.is_valid():
        try:
            asked = _wanted(desk, wanted, form)
            knowingly = request.POST.get("another") == request.POST.get("filing_number", "")
            rivals = [] if knowingly else _open_ones(desk, asked)
            case = None if rivals else begin(desk.provider, asked, desk.user)
        except Invalid as error:
            for name, texts in error.errors.items():
                for text in texts:
                    form.add_error(name if name in form.fields else None, text)
        else:
            if case is not None:
                return redirect(desk.url("case", pk=case.pk))
    context = {
        "form": form,
        "kind": wanted,
        "words": WORDS[wanted],
        "open": [(each, desk.url("case", pk=each.pk)) for each in rivals],
        "back": desk.url("case_new"),
        "crumbs": [Crumb("备案办理", desk.url("queue")), Crumb("录入申请", desk.url("case_new"))],
    }
    return render(request, "enterprise/office/begin.html", context, status=422 if form.is_bound else 200)


def _open_ones(desk: Desk, wanted: Wanted) -> list[Case]:
    """Give what is open already about the same, of what the person may see."""
    named = about(desk.provider, wanted)
    found = already_open(desk.provider, named) if named else []
    return list(desk.cases().filter(pk__in=[each.pk for each in found]).order_by("pk"))


def agents_for(desk: Desk) -> QuerySet[Agent]:
    """Give the agents a person may begin cases for: his own, or, at the office, all that are open."""
    found = Agent.objects.filter(provider=desk.provider, open=True).order_by("name")
    return found.filter(people=desk.user) if desk.only_agent else found


def _kind(name: str) -> Kind:
    found = next((kind for kind in OFFERED if kind.name.lower() == name), None)
    if found is None:
        raise Http404(f"no case of kind {name} begins here")
    return found


def _wanted(desk: Desk, kind: Kind, form: BeginForm) -> Wanted:
    values = form.cleaned_data
    return Wanted(
        kind=kind,
        filing_number=values.get("filing_number", ""),
        reason=values.get("reason"),
        purpose=values.get("purpose"),
        content=_kept(values.get("file")),
        account=form.account,
        agent=values["agent"],
        team=Team(values.get("team", Team.NEW)),
        agents=tuple(agents_for(desk)) if desk.only_agent else (),
    )


def _kept(file: UploadedFile[Any] | None) -> ContentRecord | None:
    """Keep a photo under the limit of the wire. Raises `Invalid` where it is none."""
    if file is None:
        return None
    if (file.size or 0) > documents.MAX_UPLOAD:
        raise Invalid({"file": ["照片超过5MB，请改用较小的照片。"]})
    return store.put(documents.fitted(file.read()).data)
