"""Are these the filing passwords? Slow on purpose, and guessed at with as few tries as elsewhere.

Only a new access and the cancelling of a sponsor are asked for it (1018). A document may bring a
thousand, and each comparison takes a good part of a tenth of a second: so they are compared before the
transaction in which the document is judged, each password of a sponsor once, however often it stands
there. A wrong one is a try like one of `isp_verifybamm`; when the tries are used up nothing is
compared any more, so that a document of a thousand guesses is no better than five calls.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

from django.conf import settings
from django.db.models import Q

from beian import filing_password
from beian.checks.requests import name_of, operation_of
from beian.checks.requests.naming import normal, spellings
from beian.checks.requests.rights import ASKED_FOR_PASSWORD
from beian.models import Node, Sponsor, Website
from beian.records import CancellationRecord, NameRecord, NewAccessRecord, Request

Verdicts = dict[tuple[int, str], bool | None]
"""By sponsor's number and password as sent: right, wrong, or (`None`) one try too many."""


class Tries(Protocol):
    """Who counts wrong tries beyond one document, by provider and sponsor's filing number."""

    def take(self, isp_id: int, number: str) -> int | None:
        """Count a try; gives the limit that is used up, `None` where it may be made."""

    def give_back(self, isp_id: int, number: str) -> None:
        """The password was right: the try does not count."""


def sent_password(request: Request) -> str | None:
    """Give the filing password that a request brings and that is checked."""
    if operation_of(request) not in ASKED_FOR_PASSWORD or not isinstance(request, NewAccessRecord | CancellationRecord):
        return None
    return request.filing_password


def password_verdicts(
    holder: Node, *, isp_id: int, requests: Sequence[Request], tries: Tries | None = None
) -> Verdicts:
    """Compare the filing passwords of a document's requests with those kept at the bureau `holder`.

    Call it before the transaction that judges them; give the answer to `load_request_facts`. What names
    nothing on file has no verdict. `tries` counts wrong ones for an hour; without it `password_tries`
    (`BEIAN_PASSWORD_TRIES`) wrong ones of a sponsor are compared.
    """
    sent = [(name_of(request), password) for request in requests if (password := sent_password(request))]
    if not sent:
        return {}
    sponsors = _sponsors(holder, [name for name, _ in sent])
    wanted = [(sponsors[key], password) for name, password in sent if (key := _key(name)) in sponsors]
    return compared(holder, wanted, isp_id=isp_id, tries=tries)


def _key(name: NameRecord) -> int | str:
    return name.number if name.number is not None else normal(name.filing_number or "")


def _sponsors(holder: Node, names: Sequence[NameRecord]) -> dict[int | str, int]:
    """Find the numbers of the sponsors that are named, or whose websites are."""
    numbers = {name.number for name in names if name.number is not None}
    written = {form for name in names if name.filing_number for form in spellings(name.filing_number)}
    named = Q(number__in=numbers) | Q(filing_number__in=written)
    found: dict[int | str, int] = {}
    rows = [
        *Sponsor.objects.held_by(holder).filter(named).values_list("number", "filing_number", "number"),
        *Website.objects.held_by(holder).filter(named).values_list("number", "filing_number", "sponsor__number"),
    ]
    for number, filing_number, sponsor in rows:
        found[number] = sponsor
        if filing_number:
            found[normal(filing_number)] = sponsor
    return found


def compared(holder: Node, wanted: Iterable[tuple[int, str]], *, isp_id: int, tries: Tries | None = None) -> Verdicts:
    """Compare passwords with those kept for sponsors' numbers, each once."""
    wanted = list(dict.fromkeys(wanted))
    rows = Sponsor.objects.held_by(holder).filter(number__in={number for number, _ in wanted})
    kept = {row[0]: row[1:] for row in rows.values_list("number", "filing_number", "filing_password_hash")}
    limit = _OfOneDocument() if tries is None else tries
    known: dict[tuple[int, str], bool | None] = {}
    for number, password in wanted:
        same = number, filing_password.digest(password)
        if same not in known:
            known[same] = _verdict(password, *kept.get(number, (str(number), None)), isp_id, limit)
    return {(number, password): known[number, filing_password.digest(password)] for number, password in wanted}


def _verdict(password: str, filing_number: str | None, kept: str | None, isp_id: int, tries: Tries) -> bool | None:
    name = normal(filing_number or "")
    if tries.take(isp_id, name) is not None:
        return None
    right = filing_password.fits(password, kept)
    if right:
        tries.give_back(isp_id, name)
    return right


class _OfOneDocument:
    """Counts the tries of one document, where nobody counts further."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()

    def take(self, isp_id: int, number: str) -> int | None:
        limit: int = settings.ENV.password_tries
        if self._taken[number] >= limit:
            return limit
        self._taken[number] += 1
        return None

    def give_back(self, isp_id: int, number: str) -> None:
        self._taken[number] -= 1
