"""Files that the provider's own systems hand in, and the drafts that name them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction

from beian import store
from beian.models import Node
from beian.records import ContentRecord
from beian.services.refusals import Invalid
from enterprise.models import ApiToken, HandedFile
from enterprise.services import fitting

LIMITS = {"photo": 100 * 1024, "form": 150 * 1024}
"""Bytes that a file may have on the wire, by what it is for (spec, attachments)."""


def hand_in(token: ApiToken, data: bytes, purpose: str) -> ContentRecord:
    """Keep an image, fitted to what the wire allows. Raises `Invalid` where it is no image."""
    try:
        fitted = fitting.fit(data, LIMITS[purpose])
    except fitting.Unfit as error:
        raise Invalid({"file": [str(error)]}) from error
    with transaction.atomic():
        kept = store.put(fitted.data)
        HandedFile.objects.get_or_create(provider=token.provider, content_id=kept.sha256, defaults={"token": token})
    return kept


def fill_in(provider: Node, draft: dict[str, Any]) -> None:
    """Complete the contents that a draft names by SHA-256. Raises `Invalid` for what nobody handed in."""
    named = list(_contents(draft, ""))
    hashes = {content.get("sha256", "") for _, content in named}
    rows = HandedFile.objects.filter(provider=provider, content__in=hashes).select_related("content")
    known = {row.content_id: row.content for row in rows}
    errors: dict[str, list[str]] = {}
    for path, content in named:
        found = known.get(content.get("sha256", ""))
        if found is None:
            errors[path] = ["没有这个文件，请先上传。"]
        else:
            content |= {"size": found.size, "media_type": found.media_type}
    if errors:
        raise Invalid(errors)


def _contents(value: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Walk a draft; gives the path and the JSON of each content."""
    if isinstance(value, dict):
        if "sha256" in value:
            yield path, value
            return
        for name, inner in value.items():
            yield from _contents(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _contents(inner, f"{path}.{index}")
