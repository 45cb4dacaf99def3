"""Lists that are typed as lines of text: domains, and address ranges. What was typed comes back as it was."""

from __future__ import annotations

import re
from typing import Any

from enterprise.services.draft_parts import halved

Part = dict[str, Any]
_BETWEEN = re.compile(r"\s*(?:-|－|~|～|—|–|至)\s*")


def lines_of(text: str) -> list[str]:
    """Take a text apart: a line, or what stands between commas, is one value; empty ones are none."""
    return [line.strip() for line in re.split(r"[\r\n,，、]+", text) if line.strip()]


def domains_text(domains: list[Part]) -> str:
    """Write domains one a line."""
    return "\n".join(str(each.get("name") or "") for each in domains)


def domains_typed(text: str, before: list[Part]) -> list[Part]:
    """Read domains; one that stood there before keeps its ids."""
    known = {halved(str(each.get("name") or "")): each for each in before}
    return [{**known.get(halved(line), {}), "name": line} for line in lines_of(text)]


def ranges_text(ranges: list[Part]) -> str:
    """Write address ranges one a line: a single address, a block with its prefix, or first and last."""
    return "\n".join(_range_text(str(each.get("first") or ""), str(each.get("last") or "")) for each in ranges)


def ranges_typed(text: str, before: list[Part]) -> list[Part]:
    """Read address ranges; one that stood there before keeps its ids."""
    known = {(str(each.get("first")), str(each.get("last"))): each for each in before}
    found = []
    for line in lines_of(text):
        first, last = _bounds(line)
        found.append({**known.get((first, last), {}), "first": first, "last": last})
    return found


def _range_text(first: str, last: str) -> str:
    return first if first == last else f"{first}-{last}"


def _bounds(line: str) -> tuple[str, str]:
    first, *rest = _BETWEEN.split(line, maxsplit=1)
    return (first, rest[0]) if rest else (line, line)
