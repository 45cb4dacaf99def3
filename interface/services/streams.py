"""What goes into a mailbox as a whole, many parcels long: the code tables, and everything a bureau holds.

One outcome says it, with the key after which to go on. Each parcel takes the next keys along, rendered as
they stand then; what it took is said on an outcome of its own, so that it can be handed out again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from beian.models import Access
from beian.records.notices import CodeTable, ReportingUnit
from beian.records.rows import filings
from interface.documents.download import write_codes, write_synchronisation
from interface.documents.writing import CannotExpress
from interface.models import Outcome, ParcelKind, ProviderAccount
from interface.services import code_tables
from interface.services.rendering import Piece, render_filing

# A code's key is that of its table, then its own; identifiers of providers have twelve digits.
_CODES_OF_A_TABLE = 10**13
_KEYS_AT_ONCE, _FILINGS_AT_ONCE = 1000, 200


@dataclass(slots=True)
class Part:
    """What one parcel takes of a stream. Without `outcome` nothing of the stream is left."""

    pieces: list[Piece] = field(default_factory=list)
    outcome: Outcome | None = None


def holds_filings(account: ProviderAccount) -> bool:
    """Whether the bureau holds filings for the provider."""
    return _accesses(account).exists()


def next_part(account: ProviderAccount, stream: Outcome, *, most_pieces: int, most_bytes: int) -> Part:
    """Take from `stream` what the next parcel can hold. Call in the transaction that builds it.

    What the schema cannot express is left out, and said on an outcome of its own.
    """
    part, size, left_out = Part(), 0, dict[int, str]()
    reached, ended = int(stream.body["after"]), True
    for key, piece in _rendered(account, stream):
        if piece.size > most_bytes:
            piece = Piece(None, 0, f"超过一份下载文件的上限（{most_bytes}字节）")
        if len(part.pieces) == most_pieces or size + piece.size > most_bytes:
            ended = False
            break
        reached = key
        if piece.content is not None:
            part.pieces.append(piece)
            size += piece.size
        if piece.left_out:
            left_out[key] = piece.left_out
    _say_left_out(stream, left_out)
    part.outcome = _move_on(stream, reached, ended=ended, empty=not part.pieces)
    return part


def _move_on(stream: Outcome, reached: int, *, ended: bool, empty: bool) -> Outcome | None:
    """The outcome for what was taken: the stream itself where it ended, else a new one, and the stream goes on."""
    taken = {"after": stream.body["after"], "last": reached}
    if not ended:
        stream.body = {**stream.body, "after": reached}
        stream.save(update_fields=["body"])
        return Outcome.objects.create(
            account=stream.account, kind=stream.kind, about=stream.about, body=taken, correlation=stream.correlation
        )
    if empty:
        stream.left_out = "没有可下发的数据"
        stream.save(update_fields=["left_out"])
        return None
    stream.body = taken
    stream.save(update_fields=["body"])
    return stream


def _say_left_out(stream: Outcome, reasons: Mapping[int, str]) -> None:
    """Say what was left out where the bureau looks for it; what was said of the same before goes."""
    kind = ParcelKind(stream.kind)
    said = {_ABOUT[kind](key): reason[:512] for key, reason in reasons.items()}
    old = Outcome.objects.filter(account=stream.account, kind=kind, about__in=said, parcel=None)
    old.exclude(left_out="").delete()
    Outcome.objects.bulk_create(
        Outcome(
            account=stream.account, kind=kind, about=about, body={}, left_out=reason, correlation=stream.correlation
        )
        for about, reason in said.items()
    )


def _rendered(account: ProviderAccount, stream: Outcome) -> Iterator[tuple[int, Piece]]:
    """Render what is left of a stream, key by key."""
    pieces = _PIECES[ParcelKind(stream.kind)]
    last = stream.body["last"]
    for key, piece in pieces(account, int(stream.body["after"])):
        if last is not None and key > last:
            return
        yield key, piece


def _held(account: ProviderAccount, after: int) -> Iterator[tuple[int, Piece]]:
    """Filings to which the provider gives access, by the numbers of their sponsors."""
    while numbers := list(_sponsors(account, after)[:_KEYS_AT_ONCE]):
        for start in range(0, len(numbers), _FILINGS_AT_ONCE):
            some = numbers[start : start + _FILINGS_AT_ONCE]
            found = filings(account.bureau, some, isp_id=account.isp_id)
            yield from ((number, render_filing(found.get(number), write_synchronisation)) for number in some)
        after = numbers[-1]


def _sponsors(account: ProviderAccount, after: int) -> QuerySet[Access, int]:
    numbers = _accesses(account).filter(website__sponsor__number__gt=after).order_by("website__sponsor__number")
    return numbers.values_list("website__sponsor__number", flat=True).distinct()


def _accesses(account: ProviderAccount) -> QuerySet[Access]:
    return Access.objects.held_by(account.bureau).filter(isp_id=account.isp_id)


def _codes(account: ProviderAccount, after: int) -> Iterator[tuple[int, Piece]]:
    """Reporting units and the entries of the code tables, table after table."""
    first, code = divmod(after, _CODES_OF_A_TABLE)
    for place, part in enumerate(code_tables.PARTS[first:], first):
        while entries := code_tables.entries_after(part, code, _KEYS_AT_ONCE, account):
            pieces = _code_pieces([entry for _, entry in entries])
            for (code, _), piece in zip(entries, pieces, strict=True):
                yield place * _CODES_OF_A_TABLE + code, piece
        code = 0


def _code_pieces(entries: Sequence[ReportingUnit | CodeTable]) -> list[Piece]:
    """Render entries together; one by one only where one of them does not fit."""
    try:
        size = -(-_size(entries) // len(entries))
        return [Piece(entry, size) for entry in entries]
    except CannotExpress as error:
        if len(entries) == 1:
            return [Piece(None, 0, f"不符合接口规范：{error.problems[0]}")]
        return [piece for entry in entries for piece in _code_pieces([entry])]


def _size(entries: Sequence[ReportingUnit | CodeTable]) -> int:
    units = [entry for entry in entries if isinstance(entry, ReportingUnit)]
    return len(write_codes(units, [entry for entry in entries if isinstance(entry, CodeTable)]))


def _code_named(key: int) -> str:
    place, code = divmod(key, _CODES_OF_A_TABLE)
    return f"code:{code_tables.PARTS[place]}:{code}"


_PIECES: dict[ParcelKind, Callable[[ProviderAccount, int], Iterator[tuple[int, Any]]]] = {
    ParcelKind.CODES: _codes,
    ParcelKind.SYNCHRONISATION: _held,
}
_ABOUT: dict[ParcelKind, Callable[[int], str]] = {
    ParcelKind.CODES: _code_named,
    ParcelKind.SYNCHRONISATION: lambda number: f"sponsor:{number}",
}
