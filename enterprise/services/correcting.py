"""What of a case that was sent back is to be corrected: the fields named, and what has to be opened for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from enterprise.forms.filing_fields import BY_PLACE, field_at, place_of
from enterprise.models import Case


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is offered: by section the paths in it, `None` for the whole section; notes that belong to no field."""

    sections: dict[str, set[str] | None]
    others: tuple[Mapping[str, str], ...]


def wanted(
    corrections: Iterable[Mapping[str, str]], *, opened: Collection[str] = (), wrong: Iterable[str] = ()
) -> Wanted:
    """Say what is offered: what was named, what is `wrong` since, and the sections `opened` knowingly."""
    sections: dict[str, set[str] | None] = {}
    others = []
    for each in corrections:
        if not _add(sections, each["about"]):
            others.append(each)
    for path in wrong:
        _add(sections, path)
    for path in opened:
        sections[path] = None
    return Wanted(dict(sorted(sections.items())), tuple(others))


def sections_of(case: Case) -> list[str]:
    """Give the paths of the sections that a case's draft has, in the order of its pages."""
    draft = case.typed
    found = [name for name in ("sponsor", "sponsor.person") if "certificate" in (draft.get("sponsor") or {})]
    for index, website in enumerate(draft.get("websites") or []):
        own = f"websites.{index}"
        found += [own, f"{own}.person"]
        found += [f"{own}.approvals.{number}" for number in range(len(website.get("approvals") or []))]
        found += [f"{own}.accesses.{number}" for number in range(len(website.get("accesses") or []))]
    return [*found, *(["access"] if "access" in draft else []), *([""] if "what" in draft else [])]


def _add(sections: dict[str, set[str] | None], path: str) -> bool:
    if path and place_of(path) in BY_PLACE:
        sections[path] = None
        return True
    found = field_at(path) if path else None
    if found is None:
        return False
    known = sections.setdefault(found[0], set())
    if known is not None:
        known.add(path)
    return True
