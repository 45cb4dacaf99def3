"""Keeping a draft while it is typed, from several pages and devices at once, so that nothing typed is lost.

A page shows a part of a draft, its scope. What it sends is kept if nobody else changed that part since the page was
made: other parts may be filled in elsewhere meanwhile, a photo sent from the telephone. A page's own earlier savings
do not count as somebody else's, and one that was overtaken by a newer one on its way changes nothing.
"""

from __future__ import annotations

import copy
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from beian.models import Node
from beian.services.refusals import MovedOn
from enterprise.models import Case
from enterprise.services import cases
from enterprise.services.guard import lock
from enterprise.workflow import EDITABLE

Draft = dict[str, Any]
PAGES = "_pages"
"""Where a draft notes which page saved which part last; readers of drafts pass it by."""


class Overtaken(MovedOn):
    """Somebody else, or another window, changed this part of the draft since the page was made."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was sent: its name, the version it was made from, the how-many-eth time it was sent (0: once)."""

    token: str
    version: int
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Saved:
    """The case after saving; `late` where what came was older than what stands there."""

    case: Case
    late: bool = False


def new_token() -> str:
    """Give a page its name."""
    return secrets.token_urlsafe(9)


def save(
    provider: Node,
    case_id: int,
    change: Callable[[Draft], Draft],
    page: Page,
    scopes: Sequence[str],
    *,
    force: bool = False,
) -> Saved:
    """Change a draft as `page` wants it. `scopes` are the parts it relies on; the first is what it changes.

    `force` puts it over what others wrote there. Raises `Overtaken` where others did, `MovedOn` where the case is
    no longer the applicant's.
    """
    with transaction.atomic():
        case = lock(provider, case_id)
        notes = case.typed.get(PAGES) or {}
        if _late(notes, page):
            return Saved(case, late=True)
        if case.state in EDITABLE and not force and _overtaken(case, notes, page, scopes):
            raise Overtaken("这部分内容刚在另一个窗口或设备上修改过，本页填写的内容还没有保存。")
        draft = change(copy.deepcopy(case.typed))
        return Saved(cases.save_draft(provider, case_id, {**draft, PAGES: _noted(case, notes, page, scopes[0])}))


def _late(notes: Draft, page: Page) -> bool:
    """Whether a newer saving of the same page is there already, whichever part that noted as its own."""
    noted = (notes.get("by") or {}).values()
    return bool(page.turn) and any(each["token"] == page.token and page.turn <= each["turn"] for each in noted)


def _overtaken(case: Case, notes: Draft, page: Page, scopes: Sequence[str]) -> bool:
    if page.version == case.version:
        return False
    # Whoever changed it without a note may have changed anything.
    if notes.get("version") != case.version or page.version < notes["since"]:
        return True
    by = [notes["by"][scope] for scope in scopes if scope in notes["by"]]
    return any(each["version"] > page.version and not _newer(page, each) for each in by)


def _newer(page: Page, note: Draft) -> bool:
    """Whether `page` saved what is noted itself, earlier."""
    return bool(page.turn) and note["token"] == page.token


def _noted(case: Case, notes: Draft, page: Page, scope: str) -> Draft:
    """Note a saving. Notes that somebody passed by begin anew."""
    if notes.get("version") != case.version:
        notes = {"since": case.version, "by": {}}
    entry = {"token": page.token, "turn": page.turn, "version": case.version + 1}
    return {"since": notes["since"], "version": case.version + 1, "by": {**notes["by"], scope: entry}}


def add_website(draft: Draft) -> Draft:
    """Give the draft with one more website, empty."""
    return {**draft, "websites": [*(draft.get("websites") or []), {"accesses": [{}]}]}


def add_approval(draft: Draft, website: int) -> Draft:
    """Give the draft with one more prior approval of a website."""
    found = copy.deepcopy(draft)
    part = found["websites"][website]
    part["approvals"] = [*(part.get("approvals") or []), {}]
    return found


def without_approval(draft: Draft, website: int, number: int) -> Draft:
    """Give the draft without a prior approval."""
    found = copy.deepcopy(draft)
    part = found["websites"][website]
    part["approvals"] = [each for index, each in enumerate(part.get("approvals") or []) if index != number]
    return found


def without_website(draft: Draft, number: int) -> Draft:
    """Give the draft without a website; pictures of those behind it go along with their websites."""
    found = copy.deepcopy(draft)
    found["websites"] = [each for index, each in enumerate(found.get("websites") or []) if index != number]
    kept = []
    for each in found.get("attachments") or []:
        owner, _, index = str(each.get("owner")).partition(".")
        if owner == "websites" and index.isdecimal() and int(index) >= number:
            if int(index) == number:
                continue
            each = {**each, "owner": f"websites.{int(index) - 1}"}
        kept.append(each)
    found["attachments"] = kept
    return found
