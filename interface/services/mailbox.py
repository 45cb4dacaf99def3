"""Providers' mailboxes: what bureaus queue, gathered into parcels, handed out until acknowledged.

A parcel holds one kind of thing, at most 1,000 pieces and 20 MB of XML. Pieces go in the order in
which they were queued, and none overtakes an older one about the same object: where that is of
another kind, the younger waits for the next parcel. Cancellations, codes, and all that the bureau
holds (in this order) go before everything else.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from beian import events
from beian.models import User
from beian.records import FilingRecord, OpinionRecord, ResultRecord, as_json
from beian.records.notices import Notice
from interface import codec
from interface.codes import Code, Refused
from interface.models import FIRST, STREAMS, Outcome, Parcel, ParcelKind, ProviderAccount
from interface.services import base, rendering, streams
from interface.services.accounts import lock
from interface.services.rendering import Piece, Renderer

MOST_PIECES = 1000
MOST_BYTES = 20 * 1024 * 1024
# So far is looked for pieces of one kind between those of the other.
LOOK_AHEAD = 5000


def queue_result(
    account: ProviderAccount,
    result: ResultRecord,
    *,
    about: str,
    opinions: Iterable[OpinionRecord] = (),
    correlation: uuid.UUID | None = None,
) -> Outcome:
    """Put a result, with the opinions that belong to it, into a provider's mailbox.

    `about` names the object, the same for all pieces that must keep their order. Runs in the
    caller's transaction.
    """
    body = {"result": as_json(result), "opinions": [as_json(opinion) for opinion in opinions]}
    return _queue(account, ParcelKind.RESULTS, about, body, correlation)


def queue_filing(
    account: ProviderAccount, sponsor: int, *, about: str, correlation: uuid.UUID | None = None
) -> Outcome:
    """Put a filing into a provider's mailbox, by its sponsor's number: it is rendered when it is gathered."""
    return _queue(account, ParcelKind.FILINGS, about, {"sponsor": sponsor}, correlation)


def queue_notice(
    account: ProviderAccount,
    kind: ParcelKind,
    record: Notice,
    *,
    about: str,
    correlation: uuid.UUID | None = None,
) -> Outcome:
    """Put a notice into a provider's mailbox; it is told as it stands now.

    Cancellations go before all that waits; another notice about what is cancelled meanwhile is left
    out. Raises `TypeError` where parcels of `kind` do not hold such a record.
    """
    if rendering.NOTICE_KINDS[type(record)] != kind:
        raise TypeError(f"{type(record).__name__} is not told in parcels of {kind}")
    return _queue(account, kind, about, rendering.notice_body(record), correlation)


def queue_codes(account: ProviderAccount, *, correlation: uuid.UUID | None = None) -> Outcome:
    """Put all code tables and reporting units into a provider's mailbox, before anything else that waits there.

    They are read when they are gathered. Where they wait as a whole already, nothing is added.
    """
    return _queue_stream(account, ParcelKind.CODES, correlation)


def queue_synchronisation(account: ProviderAccount, *, correlation: uuid.UUID | None = None) -> Outcome:
    """Put everything that the bureau holds for a provider into its mailbox, after codes, before all else.

    Filings are read when they are gathered. Where that waits as a whole already, nothing is added.
    """
    return _queue_stream(account, ParcelKind.SYNCHRONISATION, correlation)


def synchronise(account: ProviderAccount, *, actor: User | None = None, reason: str = "") -> None:
    """Give a provider codes and everything that the bureau holds for it anew: the bureau's order, or the ministry's.

    `actor` is who gave it, nobody where the ministry did.
    """
    with transaction.atomic():
        locked = lock(account)
        queue_codes(locked)
        queue_synchronisation(locked)
        events.record("account", locked.pk, "synchronisation ordered", node=locked.bureau, actor=actor, reason=reason)


def welcome(account: ProviderAccount) -> None:
    """Take note of a provider's first call: codes and filings are queued, where the bureau holds any for it."""
    with transaction.atomic():
        locked = lock(account)
        if locked.connected_at is None:
            account.connected_at = locked.connected_at = timezone.now()
            locked.save(update_fields=["connected_at"])
            if streams.holds_filings(locked):
                queue_codes(locked)
                queue_synchronisation(locked)


def _queue_stream(account: ProviderAccount, kind: ParcelKind, correlation: uuid.UUID | None) -> Outcome:
    whole = {"after": 0, "last": None}
    waiting = Outcome.objects.filter(account=account, kind=kind, parcel=None, left_out="")
    found = next((outcome for outcome in waiting if outcome.body == whole), None)
    return found or _queue(account, kind, str(kind), whole, correlation)


def _queue(
    account: ProviderAccount, kind: ParcelKind, about: str, body: object, correlation: uuid.UUID | None
) -> Outcome:
    current = correlation or events.current_correlation.get() or uuid.uuid4()
    return Outcome.objects.create(account=account, kind=kind, about=about, body=body, correlation=current)


def hand_out(account: ProviderAccount) -> Parcel | None:
    """Give the provider's oldest parcel that is not acknowledged, gathering one where there is none."""
    with transaction.atomic():
        locked = lock(account)
        parcel = Parcel.objects.filter(account=locked, acknowledged_at=None).first() or _gather(locked)
        if parcel is not None:
            _note_fetch(parcel)
    return parcel


def acknowledge(account: ProviderAccount, file_name: str) -> Parcel:
    """Take the provider's word that it has the parcel `file_name`; again changes nothing.

    Raises `Refused` 999 for a name that was never outstanding.
    """
    with transaction.atomic():
        locked = lock(account)
        parcel = Parcel.objects.filter(account=locked, file_name=file_name, times_fetched__gt=0).first()
        if parcel is None:
            raise Refused(Code.OTHER, "没有这个名称的待确认文件", told="：没有这个名称的待确认文件")
        if parcel.acknowledged_at is None:
            parcel.acknowledged_at = timezone.now()
            parcel.save(update_fields=["acknowledged_at"])
            base.note_acknowledged(parcel)
            data = {"file_name": parcel.file_name, "kind": parcel.kind, "pieces": parcel.pieces}
            events.record("parcel", parcel.pk, "acknowledged", node=locked.bureau, data=data)
    return parcel


def hand_out_again(parcel: Parcel, actor: User, reason: str) -> int:
    """Put the pieces of an acknowledged parcel back into the mailbox; gives how many.

    They are the oldest there, so they go first. A parcel that is not acknowledged is handed out
    again anyway: nothing happens then.
    """
    with transaction.atomic():
        account = lock(parcel.account)
        acknowledged = Parcel.objects.filter(pk=parcel.pk, acknowledged_at__isnull=False).exists()
        if not acknowledged:
            return 0
        returned = Outcome.objects.filter(parcel=parcel).update(parcel=None, left_out="")
        events.record(
            "parcel",
            parcel.pk,
            "handed out again",
            node=account.bureau,
            actor=actor,
            reason=reason,
            data={"file_name": parcel.file_name, "pieces": returned},
        )
    return returned


def _note_fetch(parcel: Parcel) -> None:
    now = timezone.now()
    parcel.first_fetched_at = parcel.first_fetched_at or now
    parcel.last_fetched_at = now
    Parcel.objects.filter(pk=parcel.pk).update(
        first_fetched_at=parcel.first_fetched_at, last_fetched_at=now, times_fetched=F("times_fetched") + 1
    )


@dataclass(slots=True)
class _Load:
    """What goes into the next parcel, as far as it is gathered."""

    pieces: list[Piece] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    sponsors: set[int] = field(default_factory=set)
    size: int = 0

    def add(self, outcome: Outcome, piece: Piece) -> bool:
        """Take a piece along; False where the parcel is full."""
        if self.size + piece.size > MOST_BYTES:
            return False
        self.outcomes.append(outcome)
        self.pieces.append(piece)
        self.size += piece.size
        if outcome.kind == ParcelKind.FILINGS:
            self.sponsors.add(outcome.body["sponsor"])
        return True

    def carries(self, outcome: Outcome) -> bool:
        """Whether the same filing is on board: it was rendered as it stands now."""
        return outcome.kind == ParcelKind.FILINGS and outcome.body["sponsor"] in self.sponsors


def _gather(account: ProviderAccount) -> Parcel | None:
    """Make the next parcel. What cannot be expressed is left out, and said so on the outcome."""
    while chosen := _urgent(account) or _choose(account):
        kind = ParcelKind(chosen[0].kind)
        load = _part_of_stream(account, chosen[0]) if kind in STREAMS else _load(account, chosen)
        if load.outcomes:
            return _build(account, kind, load)
    return None


def _urgent(account: ProviderAccount) -> list[Outcome]:
    """Choose pieces of the first kind among those that go before all others."""
    waiting = Outcome.objects.filter(account=account, parcel=None, left_out="").order_by("id")
    for kind in FIRST if waiting.filter(kind__in=FIRST).exists() else ():
        if chosen := list(waiting.filter(kind=kind)[:MOST_PIECES]):
            return chosen
    return []


def _part_of_stream(account: ProviderAccount, stream: Outcome) -> _Load:
    part = streams.next_part(account, stream, most_pieces=MOST_PIECES, most_bytes=MOST_BYTES)
    return _Load(pieces=part.pieces, outcomes=[part.outcome] if part.outcome else [])


def _choose(account: ProviderAccount) -> list[Outcome]:
    """Choose pieces of the oldest one's kind, in order, passing over what would overtake."""
    waiting = Outcome.objects.filter(account=account, parcel=None, left_out="").order_by("id")[:LOOK_AHEAD]
    chosen: list[Outcome] = []
    kept_back: set[str] = set()
    for outcome in waiting.iterator(chunk_size=500):
        if chosen and outcome.kind != chosen[0].kind:
            kept_back.add(outcome.about)
        elif outcome.about not in kept_back:
            chosen.append(outcome)
        if len(chosen) == MOST_PIECES:
            break
    return chosen


def _load(account: ProviderAccount, chosen: Sequence[Outcome]) -> _Load:
    load, renderer = _Load(), Renderer(account, chosen)
    for outcome in chosen:
        if load.carries(outcome):
            load.outcomes.append(outcome)
            continue
        piece = renderer.render(outcome)
        if piece.size > MOST_BYTES:
            piece = Piece(None, 0, f"超过一份下载文件的上限（{MOST_BYTES}字节）")
        if piece.content is not None and not load.add(outcome, piece):
            break
        _say_left_out(outcome, piece)
    return load


def _say_left_out(outcome: Outcome, piece: Piece) -> None:
    if piece.left_out:
        outcome.left_out = piece.left_out[:512]
        outcome.save(update_fields=["left_out"])


def _build(account: ProviderAccount, kind: ParcelKind, load: _Load) -> Parcel:
    document = rendering.write(kind, load.pieces)
    name = _file_name(account)
    zipped = codec.pack_zip(document, name)
    parcel = Parcel.objects.create(
        account=account,
        kind=kind,
        file_name=name,
        content=zipped,
        hash=codec.zip_hash(zipped),
        pieces=len(load.pieces),
        document_size=len(document),
    )
    Outcome.objects.filter(pk__in=[outcome.pk for outcome in load.outcomes]).update(parcel=parcel)
    base.note_handed(parcel, [piece.content for piece in load.pieces if isinstance(piece.content, FilingRecord)])
    return parcel


def _file_name(account: ProviderAccount) -> str:
    """Make a name that the account never had: the time, then a number that grows with the parcels."""
    latest = Parcel.objects.filter(account=account).order_by("-id").values_list("id", flat=True).first() or 0
    return f"{account.isp_id}.{timezone.localtime():%Y%m%d%H%M%S}.{latest}.xml"
