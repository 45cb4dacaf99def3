"""Taking photos and scans: with the device's camera, or from a file; seen before they are kept."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django import forms
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from beian import store
from beian.services.refusals import Invalid, ServiceError
from beian.web.forms import Form
from beian.web.permissions import CAMERA, HEADER
from beian.web.requests import NodeRequest
from enterprise.models import OfficeSettings, Piece, PieceKind, PieceSource, Verification
from enterprise.services import verification_pieces
from enterprise.services.fitting import KB, MAX_BYTES
from enterprise.services.guard import tell
from enterprise.services.verification_pieces import MOST_PAGES, PHOTO_SIZE, Taken
from enterprise.services.verification_sheet import sheet_of
from enterprise.services.verification_standing import FORM_PLACE
from enterprise.views.office.files import as_it_is
from enterprise.views.verification.counter import ONE_NOTE_IN
from enterprise.views.verification.desk import Counter
from enterprise.views.verification.shown import ShownPiece, anchor, limit_of, place_title

CAPTURED = (
    PieceKind.PHOTO,
    PieceKind.FORM,
    PieceKind.SPONSOR_CERTIFICATE,
    PieceKind.IDENTITY,
    PieceKind.AGREEMENT,
)
"""What is taken with a camera or from files."""


class PicturesInput(forms.FileInput):
    """Several pictures at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name)


class Pictures(forms.FileField):
    """One picture or several, in the order in which they came. An empty file is one that is no picture."""

    widget = PicturesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        if not data:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if any(each.size > MAX_BYTES for each in data):
            raise forms.ValidationError(f"图片文件最大{MAX_BYTES // KB // KB}MB，请改用较小的图片。", code="size")
        return list(data)


class CaptureForm(Form):
    """Pictures, where they come from, and that the person stood in front of the curtain."""

    file = Pictures(
        label="图片",
        widget=PicturesInput(attrs={"accept": "image/jpeg,image/png"}),
        error_messages={"required": "请拍摄或选择图片。"},
    )
    source = forms.ChoiceField(
        choices=[(each.value, each.label) for each in (PieceSource.CAMERA, PieceSource.FILE)],
        widget=forms.HiddenInput,
        initial=PieceSource.FILE.value,
    )
    curtain = forms.BooleanField(label="本人正面免冠，站在专用幕布前，背景完整可见", required=False)

    def __init__(self, kind: PieceKind, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != PieceKind.PHOTO:
            self.fields["file"].widget.attrs["multiple"] = True
            del self.fields["curtain"]


@require_http_methods(["GET", "HEAD", "POST"])
def capture(request: NodeRequest, isp: int, pk: int, kind: str, place: str) -> HttpResponse:
    """Take a picture of `kind` of whom stands at `place` on the sheet."""
    counter = Counter.of(request)
    found = _open(counter, pk)
    if kind not in set(CAPTURED):
        raise Http404(f"nothing of the kind {kind} is taken here")
    form = CaptureForm(PieceKind(kind), request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            piece = _take(counter, found, PieceKind(kind), place, form)
        except Invalid as error:
            for name, words in error.errors.items():
                form.add_error(name if name in form.fields else None, words)
        except ServiceError as error:
            messages.error(request, error.message)
            return redirect(counter.url("counter", pk=pk))
        else:
            return redirect(counter.url("counter_look", pk=pk, piece=piece.pk))
    return _camera_page(request, counter, found, PieceKind(kind), place, form)


def _take(counter: Counter, found: Verification, kind: PieceKind, place: str, form: CaptureForm) -> Piece:
    taken = Taken(
        kind=kind,
        place=place,
        source=PieceSource(form.cleaned_data["source"]),
        pictures=[each.read() for each in form.cleaned_data["file"]],
        curtain=bool(form.cleaned_data.get("curtain")),
    )
    return verification_pieces.take(counter.provider, found.pk, counter.user, taken)


def _camera_page(
    request: NodeRequest, counter: Counter, found: Verification, kind: PieceKind, place: str, form: CaptureForm
) -> HttpResponse:
    sheet = sheet_of(found.case)
    if place != FORM_PLACE and sheet.subject(place) is None:
        raise Http404(f"nothing at {place} on the sheet")
    settings = OfficeSettings.objects.filter(provider=counter.provider).first()
    context = {
        "verification": found,
        "case": found.case,
        "kind": kind,
        "is_photo": kind == PieceKind.PHOTO,
        "title": f"{kind.label}：{place_title(sheet, place)}",
        "form": form,
        "width": PHOTO_SIZE[0],
        "height": PHOTO_SIZE[1],
        "limit_kb": limit_of(kind) // KB,
        "most_pages": MOST_PAGES,
        "curtain_notes": settings.curtain_notes if settings else "",
        "back_url": counter.url("counter", pk=found.pk),
    }
    response = render(request, "enterprise/verification/capture.html", context, status=422 if form.errors else 200)
    response[HEADER] = CAMERA
    return response


@require_safe
def look(request: NodeRequest, isp: int, pk: int, piece: int) -> HttpResponse:
    """Show what came of a picture, with its size, before it is kept."""
    counter = Counter.of(request)
    found = _open(counter, pk)
    taken = found.pieces.select_related("content").filter(pk=piece).first()
    if taken is None:
        return redirect(counter.url("counter", pk=pk))
    shown = ShownPiece(taken, counter.url("counter_piece", pk=pk, piece=piece), limit_of(taken.kind))
    context = {
        "verification": found,
        "case": found.case,
        "shown": shown,
        "piece": taken,
        "title": f"{taken.get_kind_display()}：{place_title(sheet_of(found.case), taken.place)}",
        "keep_url": counter.url("counter_keep", pk=pk, piece=piece),
        "drop_url": counter.url("counter_drop", pk=pk, piece=piece),
        "back_url": counter.url("counter", pk=pk),
    }
    return render(request, "enterprise/verification/look.html", context)


@require_POST
def keep(request: NodeRequest, isp: int, pk: int, piece: int) -> HttpResponse:
    """Keep a picture."""
    counter = Counter.of(request)
    found = counter.verification(pk)
    try:
        kept = verification_pieces.keep(counter.provider, found.pk, piece, counter.user)
    except ServiceError as error:
        messages.error(request, error.message)
        return redirect(counter.url("counter", pk=pk))
    messages.success(request, f"{kept.get_kind_display()}已保存。")
    return redirect(counter.url("counter", pk=pk) + _where(kept.kind, kept.place))


@require_POST
def drop(request: NodeRequest, isp: int, pk: int, piece: int) -> HttpResponse:
    """Put a picture away, and take it again."""
    counter = Counter.of(request)
    found = counter.verification(pk)
    try:
        gone = verification_pieces.drop(counter.provider, found.pk, piece, counter.user)
    except ServiceError as error:
        messages.error(request, error.message)
        return redirect(counter.url("counter", pk=pk))
    return redirect(counter.url("counter_capture", pk=pk, kind=gone.kind, place=gone.place))


@require_safe
def piece_file(request: NodeRequest, isp: int, pk: int, piece: int) -> HttpResponse:
    """Give a picture of a verification to the people of the office; 404 for any other, and once it was removed."""
    counter = Counter.of(request)
    found = counter.verification(pk)
    kept = found.pieces.filter(pk=piece, removed_at=None).first()
    if kept is None or (kept.kept_at is None and not counter.verifies):
        raise Http404(f"no piece {piece} of this verification")
    try:
        data = store.get(kept.content_id)
    except store.Missing as error:
        raise Http404("removed after its time") from error
    if cache.add(f"pieces-read:{found.pk}:{counter.user.pk}", 1, ONE_NOTE_IN):
        tell(found.case, "read_attachments", counter.user, data={"verification": found.pk})
    return as_it_is(data, store.media_type(data))


def _open(counter: Counter, pk: int) -> Verification:
    """Give a verification to take pictures for; 404 for one that is closed."""
    found = counter.verification(pk)
    if not found.is_open:
        raise Http404(f"verification {pk} is closed")
    return found


def _where(kind: str, place: str) -> str:
    if kind == PieceKind.FORM:
        return "#signed-form"
    items = {
        PieceKind.PHOTO: "photo",
        PieceKind.IDENTITY: "copy",
        PieceKind.SPONSOR_CERTIFICATE: "copy",
        PieceKind.AGREEMENT: "agreement",
    }
    with suppress(KeyError):
        return f"#{anchor(f'{place}:{items[PieceKind(kind)]}')}"
    return ""
