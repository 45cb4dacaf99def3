"""What a step's page asks for beside keeping what was typed: go on, add, remove, use again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, QueryDict

from beian.services.refusals import MovedOn
from beian.web.requests import row_number
from enterprise.forms.filing import part_at, put_at, typed
from enterprise.queries import reuse
from enterprise.services import drafting
from enterprise.services.drafting import Page
from enterprise.views.portal.own import own_account
from enterprise.views.portal.sheet import Sheet
from enterprise.views.portal.steps import WEBSITES, sections_of

Draft = dict[str, Any]
MOST_WEBSITES = 50
MOST_APPROVALS = 15


@dataclass(frozen=True, slots=True)
class Act:
    """What was asked for: `remove` a `website`, number `which`; `use` an offer `which` for the section `what`."""

    verb: str
    what: str = ""
    which: str = ""


KEEP = Act("stay")
"""Nothing beyond keeping what was typed."""


def page_of(data: QueryDict) -> Page:
    """Read which page was sent."""
    version, turn = (row_number(data.get(name, "")) or 0 for name in ("version", "turn"))
    return Page(data.get("token", "")[:32], version, turn)


def act_of(data: QueryDict) -> Act:
    """Read what the pressed button asks for: `next`, `add:approval`, `use:sponsor.person:12:websites.0.person`."""
    verb, _, rest = data.get("go", "stay").partition(":")
    what, _, which = rest.partition(":")
    return Act(verb, what, which)


def scopes(page: Sheet, act: Act) -> tuple[str, ...]:
    """Give the parts that an act relies on: adding and removing websites concerns them all."""
    if act.what == "website":
        return (WEBSITES.slug, *page.scopes)
    return page.scopes


def changed(page: Sheet, draft: Draft, act: Act) -> Draft:
    """Give the draft with what was typed on the page, then with what was asked for. Raises `MovedOn`."""
    if page.step == WEBSITES and page.website >= max(1, len(draft.get("websites") or [])):
        raise MovedOn("这个网站已在另一个窗口中删除。")
    for path in sections_of(page.step, draft, page.website):
        draft = typed(draft, path, page.request.POST)
    if act.verb == "use":
        return _used(page, draft, act)
    if act.verb == "add":
        return _added(page, draft, act.what)
    if act.verb == "remove":
        return _removed(page, draft, act)
    return draft


def _used(page: Sheet, draft: Draft, act: Act) -> Draft:
    """Copy an offer: only what is offered to this account can be."""
    if act.what not in sections_of(page.step, draft, page.website):
        raise Http404("no such section here")
    offers = reuse.offers(page.request.node, own_account(page.request), draft, act.what)
    offer = next((each for each in offers if each.key == act.which), None)
    return put_at(draft, act.what, reuse.used(part_at(draft, act.what), act.what, offer)) if offer else draft


def _added(page: Sheet, draft: Draft, what: str) -> Draft:
    websites = draft.get("websites") or []
    if what == "website" and len(websites) < MOST_WEBSITES:
        return drafting.add_website(draft)
    if what == "approval" and page.step == WEBSITES:
        room = len(websites[page.website].get("approvals") or []) < MOST_APPROVALS
        return drafting.add_approval(draft, page.website) if room else draft
    return draft


def _removed(page: Sheet, draft: Draft, act: Act) -> Draft:
    if page.step != WEBSITES:
        return draft
    if act.what == "website" and len(draft.get("websites") or []) > 1:
        return drafting.without_website(draft, page.website)
    number = row_number(act.which)
    if act.what == "approval" and number is not None:
        return drafting.without_approval(draft, page.website, number)
    return draft
