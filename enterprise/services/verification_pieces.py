"""Photos and scans: brought into shape, looked at, kept, served."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import sans_path

from beian import store
from beian.models import Node, User
from beian.services.refusals import Invalid
from enterprise.models import Piece, PieceKind, PieceSource, Verification
from enterprise.services.fitting import FORM_LIMIT, SCAN_LIMIT, Fitted, Unfit, fit, joined
from enterprise.services.guard import tell
from enterprise.services.verification_sheet import sheet_of
from enterprise.services.verification_standing import FORM_PLACE, printed, standing
from enterprise.services.verifications import lock_open

PHOTO_SIZE = (800, 600)
"""Pixels of the photo taken on the spot (work plan 64, 2010)."""

MOST_PAGES = 6
"""So many pages of one paper are joined at most: more would not be readable under the limit."""

_SOURCE_WORDS = {PieceSource.CAMERA: "拍摄", PieceSource.FILE: "上传"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was taken: of which kind, of whom (`person.0`; `form` for the whole), by which means."""

    kind: PieceKind
    place: str
    source: PieceSource
    pictures: Sequence[bytes]
    curtain: bool = False


def take(provider: Node, pk: int, actor: User, taken: Taken) -> Piece:
    """Bring what was taken into shape and store it, to be looked at and kept or taken again.

    Raises `Invalid` where it is no picture, too small, not in front of the curtain, or of nobody.
    """
    now = timezone.now()
    if taken.kind == PieceKind.PHOTO and not taken.curtain:
        raise Invalid({"curtain": ["请确认是在专用幕布前拍摄的。"]})
    if not 0 < len(taken.pictures) <= MOST_PAGES:
        raise Invalid({"file": [f"请选择1至{MOST_PAGES}张图片。" if taken.pictures else "请拍摄或选择图片。"]})
    try:
        fitted = _fitted(provider, taken, now)
    except Unfit as error:
        raise Invalid({"file": [error.message]}) from error
    with transaction.atomic():
        verification = lock_open(provider, pk, actor)
        of = _digest(verification, taken.place)
        verification.pieces.filter(kind=taken.kind, place=taken.place, kept_at=None).delete()
        return Piece.objects.create(
            verification=verification,
            kind=taken.kind,
            place=taken.place,
            of=of,
            content_id=store.put(fitted.data).sha256,
            source=taken.source,
            width=fitted.width,
            height=fitted.height,
            quality=fitted.quality,
            original_size=fitted.original_bytes,
            curtain=taken.curtain,
            taken_at=now,
            taken_by=actor,
            taken_by_name=str(actor),
        )


def keep(provider: Node, pk: int, piece_id: int, actor: User) -> Piece:
    """Keep a piece that was looked at, in the place of an earlier one of its kind. Raises `Invalid`."""
    with transaction.atomic():
        verification = lock_open(provider, pk, actor)
        piece = _piece(verification, piece_id)
        verification.pieces.filter(kind=piece.kind, place=piece.place).exclude(pk=piece.pk).delete()
        piece.kept_at = timezone.now()
        piece.save(update_fields=["kept_at"])
        data = {"verification": verification.pk, "kind": piece.kind, "place": piece.place}
        tell(verification.case, "keep_piece", actor, data=data)
        return piece


def drop(provider: Node, pk: int, piece_id: int, actor: User) -> Piece:
    """Put a piece away: it is taken again, or not wanted. Raises `Invalid`."""
    with transaction.atomic():
        verification = lock_open(provider, pk, actor)
        piece = _piece(verification, piece_id)
        if piece.kept_at:
            data = {"verification": verification.pk, "kind": piece.kind, "place": piece.place}
            tell(verification.case, "drop_piece", actor, data=data)
        piece.delete()
        return piece


def _piece(verification: Verification, piece_id: int) -> Piece:
    piece = verification.pieces.filter(pk=piece_id).first()
    if piece is None:
        raise Invalid({"": ["这张图片已不在，请重新拍摄。"]})
    return piece


def _digest(verification: Verification, place: str) -> str:
    if place == FORM_PLACE:
        now = standing(verification)
        return printed(now.sheet, now.lines)
    subject = sheet_of(verification.case).subject(place)
    if subject is None:
        raise Invalid({"": ["申请内容已变更，请回到核验页重新开始这一步。"]})
    return subject.of


def _fitted(provider: Node, taken: Taken, now: datetime) -> Fitted:
    if taken.kind == PieceKind.PHOTO:
        stamp = f"{timezone.localtime(now):%Y-%m-%d %H:%M:%S} {_SOURCE_WORDS.get(taken.source, '')} {provider.name}"
        return fit(taken.pictures[0], SCAN_LIMIT, size=PHOTO_SIZE, finish=partial(_stamped, text=stamp))
    limit = FORM_LIMIT if taken.kind == PieceKind.FORM else SCAN_LIMIT
    data = taken.pictures[0] if len(taken.pictures) == 1 else joined(list(taken.pictures))
    return fit(data, limit)


def _stamped(image: Image.Image, text: str) -> Image.Image:
    """Write when and where into the lowest line of a photo: the plan wants the time to be seen on it."""
    shown = image.convert("RGB")
    draw = ImageDraw.Draw(shown)
    font = _font(18)
    _, _, width, _ = draw.textbbox((0, 0), text, font=font)
    draw.rectangle([shown.width - width - 16, shown.height - 28, shown.width, shown.height], fill=(0, 0, 0))
    draw.text((shown.width - width - 8, shown.height - 26), text, font=font, fill=(255, 255, 255))
    return shown


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(sans_path()), size)
