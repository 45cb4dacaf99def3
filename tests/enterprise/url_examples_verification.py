"""Rows for the pages of verification in person, so that `test_access` can call every one."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from beian import store
from beian.models import Node, User
from enterprise.models import Piece, PieceKind, PieceSource, Verification
from enterprise.services.verification_standing import FORM_PLACE
from enterprise.workflow import State
from tests import builders
from tests.beian.url_examples import example
from tests.enterprise.conftest import case_in


def _case(provider: Node) -> dict[str, Any]:
    return {"pk": case_in(provider, State.CHECKED).pk}


def _row(provider: Node) -> Verification:
    verifier = User.objects.get_or_create(username="example-verifier", defaults={"name": "示例核验员"})[0]
    return Verification.objects.create(provider=provider, case=case_in(provider, State.CHECKED), opened_by=verifier)


def _verification(provider: Node) -> dict[str, Any]:
    return {"pk": _row(provider).pk}


def _piece(provider: Node) -> dict[str, Any]:
    row = _row(provider)
    content = store.put(builders.jpeg_bytes()).sha256
    piece = Piece.objects.create(
        verification=row, kind=PieceKind.FORM, place=FORM_PLACE, of="", content_id=content,
        source=PieceSource.FILE, width=16, height=12, quality=30, original_size=4096, taken_at=timezone.now(),
        kept_at=timezone.now(), taken_by=row.opened_by, taken_by_name="示例核验员",
    )  # fmt: skip
    return {"pk": row.pk, "piece": piece.pk}


for _name in ("counter_case", "counter_begin", "counter_reuse", "counter_appointment"):
    example(f"enterprise:{_name}")(_case)
for _name in (
    "counter", "counter_answer", "counter_number", "counter_form", "counter_passed", "counter_failed",
    "counter_correct",
):  # fmt: skip
    example(f"enterprise:{_name}")(_verification)
for _name in ("counter_piece", "counter_look", "counter_keep", "counter_drop"):
    example(f"enterprise:{_name}")(_piece)


@example("enterprise:counter_capture")
def _capture(provider: Node) -> dict[str, Any]:
    return {"pk": _row(provider).pk, "kind": "photo", "place": "person.0"}
