"""What is wrong with a draft, beside the fields: what is missing, what cannot be read, what the rules say.

The rules are the bureau's own (`enterprise.services.judging`); they judge the draft as far as it goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from beian.checks import Finding
from beian.checks.keys import domain_key
from beian.models import Node
from enterprise.forms.filing import value_at
from enterprise.forms.filing_fields import BY_PLACE, Field, field_at, place_of
from enterprise.forms.labels import label
from enterprise.services import documents, judging
from enterprise.services.cases import of_access
from enterprise.services.draft_parts import halved
from enterprise.services.drafts import Errors, read
from enterprise.workflow import Kind

Draft = dict[str, Any]
HOME_PAGE_OUTSIDE = 1041


def problems(provider: Node, kind: int, draft: Draft, *, leaves_access: bool = False) -> Errors:
    """Give everything that keeps a draft from being handed in: path → messages.

    `leaves_access`: what is missing of accesses, the office fills in.
    """
    reading = read(kind, draft)
    found = _merged(_unfilled(kind, draft), reading.errors)
    found = _merged(found, _overlong(draft))
    found = _merged(found, _twice(draft))
    if reading.request is not None:
        judged = judging.findings(provider, reading.request)
        found = _merged(found, _by_path([each for each in judged if not _for_want_of_domains(draft, each)]))
    found = _merged(found, documents.missing(kind, draft))
    return {path: said for path, said in found.items() if not (leaves_access and _left_open(draft, path))}


def hints(provider: Node, kind: int, draft: Draft) -> Errors:
    """Give what is wrong with the fields that have something in them: the rest is still being typed."""
    found = problems(provider, kind, draft)
    return {path: said for path, said in found.items() if _typed(draft, path)}


def warnings(provider: Node, kind: int, draft: Draft) -> Errors:
    """Give what our copy of the filings says against a draft: the bureau knows more, so it stops nobody."""
    reading = read(kind, draft)
    if reading.request is None:
        return {}
    return _by_path(judging.warnings(provider, reading.request))


def _left_open(draft: Draft, path: str) -> bool:
    """Whether something is missing of an access, rather than wrong: that the office may fill in."""
    return of_access(path) and not _typed(draft, path)


def _by_path(findings: list[Finding]) -> Errors:
    """Put findings beside their fields. Owners are named by place until ids are given: that is no fault."""
    found: Errors = {}
    for each in findings:
        if each.about.startswith("attachments.") and each.about.endswith(".owner"):
            continue
        said = each.detail if each.detail.endswith("。") else f"{each.detail}。"
        if said not in found.setdefault(each.about, []):
            found[each.about].append(said)
    return found


def _merged(first: Errors, second: Errors) -> Errors:
    """Add what is about other fields: of one field, what was found first explains the rest."""
    return first | {path: said for path, said in second.items() if path not in first}


def _typed(draft: Draft, path: str) -> bool:
    found = field_at(path)
    if found is None:
        return False
    above, owner = found
    value = value_at(draft, f"{above}.{owner.name}" if above else owner.name)
    return bool(value.strip() if isinstance(value, str) else value)


def _unfilled(kind: int, draft: Draft) -> Errors:
    """Name the required fields that are empty, in one way for all."""
    found: Errors = {}
    for path, each in _fields(kind, draft):
        if each.required and not _typed(draft, path):
            found[path] = [f"{'请选择' if each.options or each.level else '请填写'}{each.label}。"]
    return found


def _overlong(draft: Draft) -> Errors:
    found: Errors = {}
    for path, each in _fields(Kind.CHANGE, draft):
        value = value_at(draft, path)
        if each.limit and isinstance(value, str) and len(value) > each.limit:
            found[path] = [f"最多{each.limit}字，现为{len(value)}字。"]
    return found


def _twice(draft: Draft) -> Errors:
    """Name the domains that stand in the draft already, however they are written: nobody means that."""
    found: Errors = {}
    seen: dict[str, str] = {}
    for index, website in enumerate(draft.get("websites") or []):
        for number, domain in enumerate(website.get("domains") or []):
            name = halved(str(domain.get("name") or ""))
            path, key = f"websites.{index}.domains.{number}.name", domain_key(name)
            if name and key in seen:
                found[path] = [f"域名“{name}”与{seen[key]}重复，请删去一个。"]
            seen.setdefault(key, label(path))
    return found


def _for_want_of_domains(draft: Draft, finding: Finding) -> bool:
    """Whether a home page lies outside the domains only because there are none yet: that is said of those."""
    website = value_at(draft, finding.about.rpartition(".")[0])
    named = website.get("domains") if isinstance(website, dict) else None
    return finding.code == HOME_PAGE_OUTSIDE and not any(each.get("name") for each in named or [])


def _fields(kind: int, draft: Draft) -> Iterator[tuple[str, Field]]:
    """Walk over the fields of a draft's sections. Of a new filing there are all, else those that are there."""
    paths = [path for path in _sections(draft) if path]
    if kind == Kind.NEW_FILING:
        paths = list(dict.fromkeys(["sponsor", "sponsor.person", *paths]))
    for path in paths:
        for each in BY_PLACE[place_of(path)].fields:
            yield f"{path}.{each.name}", each


def _sections(draft: Draft) -> Iterator[str]:
    for name in ("sponsor", "sponsor.person", "access"):
        if isinstance(value_at(draft, name), dict) and (name != "sponsor" or "certificate" in draft["sponsor"]):
            yield name
    for index, website in enumerate(draft.get("websites") or []):
        path = f"websites.{index}"
        yield from (path, f"{path}.person")
        for part in ("approvals", "accesses"):
            yield from (f"{path}.{part}.{number}" for number in range(len(website.get(part) or [])))
