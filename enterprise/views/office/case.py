"""A case, everything a decision needs on one page. Looking at it changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET, require_POST

from beian import events
from beian.web.components import Picture, Tone
from beian.web.filing.changes import ChangeMaker, Changes
from beian.web.filing.names import Names
from beian.web.requests import NodeRequest
from beian.web.revealing import RevealForm
from enterprise.forms.labels import label
from enterprise.forms.office import REVEAL_REASONS, AssignForm, SendBack, WhyForm
from enterprise.models import Case
from enterprise.queries.case_related import history, holdings_of, other_cases
from enterprise.queries.clock import clock
from enterprise.queries.conflicts import conflicts
from enterprise.queries.matter import Matter, findings_of, matter
from enterprise.services import checking
from enterprise.services.people import office_people
from enterprise.services.progress import of as progress_of
from enterprise.services.proving_password import NEEDED
from enterprise.services.verifying import what_to_verify
from enterprise.views.office.answers import answer_of
from enterprise.views.office.desk import Desk, queue_query
from enterprise.views.office.edit_steps import STEPS
from enterprise.views.office.queue import badge, title_of
from enterprise.views.office.sheet import Block, Remark, anchor, blocks, labelled, names_for, with_remarks
from enterprise.workflow import VERIFIERS, State


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing to look at first; `anchor` names the field or section that shows it."""

    tone: Tone
    text: str
    anchor: str = ""


@require_GET
def case(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Show a case."""
    desk = Desk.of(request)
    return show(request, desk, desk.case(pk))


@require_POST
def reveal(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Show personal data plain, this once, to a person who says why; that is written down."""
    desk = Desk.of(request)
    found = desk.case(pk)
    form = RevealForm(request.POST)
    if not form.is_valid():
        if request.htmx:
            return render(request, "components/reveal_form.html", _reveal(desk, found, form), status=422)
        return show(request, desk, found, reveal_form=form, status=422)
    events.record(
        "case",
        found.pk,
        "reveal",
        node=desk.provider,
        actor=desk.user,
        reason=form.cleaned_data["reason"],
        correlation=found.correlation,
    )
    if not request.htmx:
        return show(request, desk, found, plain=True)
    page = Page.of(desk, found, plain=True, chosen=request.POST.getlist("field"))
    return private(render(request, "enterprise/office/sheet.html", page.context()))


@require_POST
def corrections(request: NodeRequest, isp: int, pk: int) -> HttpResponse:
    """Show the list of what is being picked for correction, with a place for a note each."""
    desk = Desk.of(request)
    found = desk.case(pk)
    draft = SendBack.read(request.POST, known_fields(desk, found))
    return private(render(request, "enterprise/office/corrections.html", {"send_back": draft, "case": found}))


@dataclass(frozen=True, slots=True)
class Page:
    """What a case is about, written for its page."""

    desk: Desk
    case: Case
    matter: Matter
    names: Names
    shown: list[Block]
    hints: list[Hint]
    plain: bool

    @classmethod
    def of(cls, desk: Desk, case: Case, *, plain: bool = False, chosen: Iterable[str] = ()) -> Page:
        """Work it out: what is asked, with findings beside its fields."""
        it = matter(case)
        names = names_for(desk.provider.isp_id, it)
        said = _remarks(desk, case, it)
        asked = {each["about"]: each["note"] for each in _asked(case)}
        shown, homeless = with_remarks(blocks(it, names, plain=plain), said, asked, chosen)
        return cls(desk, case, it, names, shown, _hints(case, shown, homeless), plain)

    def context(self) -> dict[str, Any]:
        """Give what the sheet's template needs."""
        return {
            "case": self.case,
            "desk": self.desk,
            "matter": self.matter,
            "blocks": self.shown,
            "changes": self.changes,
            "revealed": self.plain,
            "pickable": self.desk.may(self.case, "send_back"),
            "whole_asked": [
                each["note"]
                for each in self.case.corrections
                if self.case.state == State.SENT_BACK and not each["about"]
            ],
        }

    @property
    def changes(self) -> Changes | None:
        """Give old beside new, where the case is about a filing that we have."""
        it = self.matter
        if it.before is None or not it.changes:
            return None
        return ChangeMaker(self.names, it.before, plain=self.plain).changes(it.changes, it.both)


def known_fields(desk: Desk, found: Case) -> list[str]:
    """Give the paths of all fields that the page of a case shows."""
    it = matter(found)
    shown = blocks(it, names_for(desk.provider.isp_id, it), plain=False)
    return [line.about for block in shown for line in block.lines if line.about]


def show(
    request: NodeRequest,
    desk: Desk,
    found: Case,
    *,
    send_back: SendBack | None = None,
    plain: bool = False,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """Render the page of `found`, with what was typed and what was wrong with it where a form came back.

    `more` may hold `problem` (said on top of the panel), `problems` (a list below it), `abandon_form`,
    `reveal_form`, `ask` (the act to be confirmed).
    """
    send_back = send_back or SendBack()
    page = Page.of(desk, found, plain=plain, chosen=send_back.chosen)
    context = {
        **page.context(),
        "query": queue_query(request.GET),
        "title": title_of(found),
        "badge": badge(found),
        "clock": clock(found),
        "hints": page.hints,
        "progress": progress_of(found),
        "verification": what_to_verify(found) if found.request is not None else None,
        "answer": answer_of(found),
        "pictures": _pictures(desk, found, page),
        "others": [(each, badge(each.case)) for each in other_cases(found, desk.cases())],
        "holdings": [(each, holding_url(desk, each.number)) for each in holdings_of(found, desk.holdings())],
        "moments": history(found),
        "send_back": send_back,
        "acts": acts_of(desk, found),
        "edit_url": _edit_url(request, desk, found),
        "password_wanted": found.kind in NEEDED,
        "verification_url": _verification_url(desk, found),
        "assign_form": AssignForm(
            people=office_people(desk.provider), initial={"person": found.assigned_to, "team": found.team}
        ),
        "abandon_form": WhyForm(auto_id="abandon_%s"),
        **_reveal(desk, found, more.pop("reveal_form", None) or RevealForm()),
        **more,
    }
    return private(render(request, "enterprise/office/case.html", context, status=status))


def acts_of(desk: Desk, found: Case) -> dict[str, bool]:
    """Say what the person may do with a case as it stands. What it leaves out the services refuse as well."""
    verbs = ("submit", "send_back", "pass_check", "queue", "unqueue", "abandon")
    acts = {verb: desk.may(found, verb) for verb in verbs}
    acts["edit"] = desk.may_edit(found)
    acts["assign"] = desk.clerks and found.state not in (State.FILED, State.ABANDONED)
    return acts


def _edit_url(request: NodeRequest, desk: Desk, found: Case) -> str:
    """Give the first page of the editing, "" where the person may not or the kind has none."""
    steps = STEPS.get(found.kind, ())
    if not steps or not desk.may_edit(found):
        return ""
    return desk.url("case_edit", queue_query(request.GET), pk=found.pk, step=steps[0].slug)


def _verification_url(desk: Desk, found: Case) -> str:
    """Give the counter's page of a case that waits for a verification in person, for who may do it."""
    if found.state != State.CHECKED or not desk.roles & VERIFIERS:
        return ""
    return desk.url("counter_case", pk=found.pk)


def holding_url(desk: Desk, number: int) -> str:
    """Give the page of a filing of our copy, "" where this process has none."""
    try:
        return desk.url("holding", number=number)
    except NoReverseMatch:
        return ""


def private(response: HttpResponse) -> HttpResponse:
    """Keep a page out of every cache."""
    patch_cache_control(response, no_store=True, private=True)
    return response


def _remarks(desk: Desk, case: Case, it: Matter) -> dict[str, list[Remark]]:
    """Gather what is said of each path: gaps of a draft, findings of the bureau's rules, what our copy says."""
    said: dict[str, list[Remark]] = {}
    if it.typed:
        _say(said, "bad", checking.problems(desk.provider, case.kind, case.typed))
        _say(said, "warn", checking.warnings(desk.provider, case.kind, case.typed))
    findings, warnings = ((), ()) if it.typed else findings_of(desk.provider, it)
    for tone, found in (("bad", findings), ("warn", warnings)):
        for each in found:
            said.setdefault(each.about, []).append(Remark(tone, f"{each.text}：{each.detail}（{each.code}）"))
    _say(said, "warn", conflicts(case, it, desk.cases(), desk.holdings()))
    return said


def _say(said: dict[str, list[Remark]], tone: str, found: Mapping[str, Iterable[str]]) -> None:
    for about, texts in found.items():
        said.setdefault(about, []).extend(Remark(tone, text) for text in texts)


def _asked(case: Case) -> list[dict[str, str]]:
    """Give what has to be corrected, while it has."""
    return case.corrections if case.state == State.SENT_BACK else []


def _hints(case: Case, shown: list[Block], homeless: list[tuple[str, Remark]]) -> list[Hint]:
    """Say first what stands against a case, the gravest on top, each with a way to its field."""
    found = [Hint("bad", f"上报受阻：{case.held_because}")] if case.state == State.HELD and case.held_because else []
    found += [Hint(_tone(remark.tone), f"{label(about)}：{remark.text}") for about, remark in homeless]
    for block in shown:
        for line in block.lines:
            found += [
                Hint(_tone(remark.tone), f"{label(line.about)}：{remark.text}", anchor(line.about))
                for remark in line.remarks
            ]
    return sorted(found, key=lambda hint: {"bad": 0, "warn": 1}.get(hint.tone, 2))


def _tone(tone: str) -> Tone:
    return "bad" if tone == "bad" else "warn"


def _pictures(desk: Desk, found: Case, page: Page) -> list[Picture]:
    return [
        Picture(desk.url("case_file", pk=found.pk, sha256=sha256), words)
        for sha256, words in labelled(page.matter.request, page.names)
    ]


def _reveal(desk: Desk, found: Case, form: RevealForm) -> dict[str, Any]:
    return {
        "reveal_form": form,
        "reveal_reasons": REVEAL_REASONS,
        "reveal_url": desk.url("case_reveal", pk=found.pk),
        "reveal_includes": "#sheet",
    }
