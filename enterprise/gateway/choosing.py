"""Which cases go out next, and how many in one document.

Parts of documents that did not get through go in documents of their own; the rest in the order in which it
was queued, as much as a document holds. A case waits while another of its kind about the same object is
with the bureau: their answers could not be told apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from beian.models import Node
from enterprise.models import Case, Portion, PortionState
from enterprise.services.contents import SECTIONS
from enterprise.workflow import OUTSTANDING, State
from interface.documents.upload import MOST_RECORDS

MOST_BYTES = 45 * 1024 * 1024
"""So much XML a document holds at most, by estimate; the wire takes 50 MB (spec, code 18)."""

_READ_AT_ONCE = 100
_XML_PER_JSON = 2
_PLACES = {name: place for place, name in enumerate(dict.fromkeys(SECTIONS.values()))}


@dataclass(frozen=True, slots=True)
class Batch:
    """The cases of the next document, in the order in which they stand in it, and the part that they are."""

    cases: tuple[Case, ...]
    portion: Portion | None = None

    @property
    def ids(self) -> list[int]:
        return [case.pk for case in self.cases]


def next_batch(provider: Node) -> Batch | None:
    """Choose what goes out next; None where nothing can.

    What is under suspicion waits until nothing else is left, and then goes in halves.
    """
    for portion in _portions(provider, PortionState.PART, PortionState.ACCUSED):
        if found := _of_portion(provider, portion):
            return Batch(found, portion)
    if found := gathered(_free(provider).iterator(chunk_size=_READ_AT_ONCE)):
        return Batch(found)
    for portion in _portions(provider, PortionState.SUSPECT):
        if found := _of_portion(provider, halved(portion)):
            return Batch(found, portion)
    return None


def queued(provider: Node) -> QuerySet[Case]:
    """Cases in the upload queue, oldest first."""
    return Case.objects.at(provider).filter(state=State.QUEUED).order_by("queued_at", "pk")


def waits_for(case: Case) -> Case | None:
    """Give the case whose answer a queued one waits for, if it does."""
    if case.state != State.QUEUED or case.answered_as is None:
        return None
    return _same(case.provider_id, case.answered_as, case.subject).exclude(pk=case.pk).first()


def blocked(provider: Node) -> QuerySet[Case]:
    """Queued cases that wait for the answer to another about the same object."""
    return queued(provider).filter(_other_is_outstanding())


def gathered(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Take cases for one document: one that goes alone, or as many of the others as a document holds."""
    taken: list[Case] = []
    keys: set[tuple[int | None, str]] = set()
    weight = 0
    for case in cases:
        if case.alone and not taken:
            return (case,)
        key = (case.answered_as, case.subject)
        if case.alone or (case.answered_as is not None and key in keys):
            continue
        weight += weigh(case)
        if taken and (weight > MOST_BYTES or len(taken) == MOST_RECORDS):
            break
        taken.append(case)
        keys.add(key)
    return in_order(taken)


def in_order(cases: Iterable[Case]) -> tuple[Case, ...]:
    """Put cases into the order in which a document writes them: section by section."""
    return tuple(sorted(cases, key=lambda case: _PLACES[SECTIONS[case.kind]]))


def weigh(case: Case) -> int:
    """Estimate how many bytes of XML a case makes, without reading its files: rather more than less."""
    words = len(msgspec.json.encode(case.request))
    return _XML_PER_JSON * words + _size_of_files(case.request) * 4 // 3


def halved(portion: Portion) -> Portion:
    """Leave the first half in `portion` and put the other half behind it; one case stays as it is."""
    first, second = halves(portion.cases)
    if second:
        with transaction.atomic():
            Portion.objects.create(
                provider_id=portion.provider_id, document_id=portion.document_id, state=portion.state, cases=second
            )
            portion.cases = first
            portion.save(update_fields=["cases"])
    return portion


def halves(ids: list[int]) -> tuple[list[int], list[int]]:
    """Divide; the first half is never empty, the second is where there was only one."""
    middle = (len(ids) + 1) // 2
    return ids[:middle], ids[middle:]


def _portions(provider: Node, *states: str) -> QuerySet[Portion]:
    return Portion.objects.filter(provider=provider, state__in=states).order_by("pk")


def _of_portion(provider: Node, portion: Portion) -> tuple[Case, ...]:
    """Give what of a portion is still in the queue and waits for nothing; one of which nothing is left goes away."""
    rows = queued(provider).filter(pk__in=portion.cases)
    left = list(_unlong(rows.filter(~_other_is_outstanding())))
    if not left and not rows.exists():
        portion.delete()
    return in_order(left)


def _free(provider: Node) -> QuerySet[Case]:
    """What is queued, belongs to no portion, and waits for no other case."""
    rows = _portions(provider, *PortionState.values).values_list("cases", flat=True)
    spoken_for = [pk for cases in rows for pk in cases]
    return _unlong(queued(provider).filter(~_other_is_outstanding()).exclude(pk__in=spoken_for))


def _unlong(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related("provider").defer("draft", "base", "corrections", "codes", "opinions")


def _other_is_outstanding() -> Exists:
    return Exists(_same(OuterRef("provider"), OuterRef("answered_as"), OuterRef("subject")))


def _same(provider: Any, answered_as: Any, subject: Any) -> QuerySet[Case]:
    return Case.objects.filter(
        provider=provider, state__in=sorted(OUTSTANDING), answered_as=answered_as, subject=subject
    )


def _size_of_files(value: Any) -> int:
    """Add up the files that a request names, each as often as it is written."""
    if isinstance(value, dict):
        if "sha256" in value:
            return int(value.get("size") or 0)
        return sum(_size_of_files(each) for each in value.values())
    return sum(_size_of_files(each) for each in value) if isinstance(value, list) else 0
