"""A request with all that rules need to judge it, and what it takes for itself when it is accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from beian.checks.base import Facts, Taken
from beian.checks.keys import domain_key, provider_id_keys, reservation_keys
from beian.checks.operations import CANCELLATIONS, Operation
from beian.checks.requests import marks
from beian.checks.requests.known import Known, Standing
from beian.checks.requests.naming import NAMED, home_province, name_of, operation_of
from beian.checks.requests.shapes import Shape, facts_about, shape_of
from beian.records import (
    AccessRecord,
    CancellationRecord,
    ChangeRecord,
    FilingRecord,
    RangeRecord,
    Request,
    WebsiteRecord,
)
from beian.records.applied import applied
from beian.records.differences import Difference, difference
from beian.records.merging import Merge, merged


@dataclass(kw_only=True)
class Asked:
    """A request and the filing that it is about; `ask` makes one.

    `found` is what bears the name that it gives, of whatever kind; `here` whether this bureau decides
    it. `base` is what the provider last acknowledged of the filing. `shape` is what is asked, written
    as a filing; `facts` are those of the document as this request sees them.
    """

    request: Request
    operation: Operation
    isp_id: int
    here: bool
    known: Known
    found: tuple[Standing, ...]
    base: FilingRecord | None
    shape: Shape
    facts: Facts

    @cached_property
    def standing(self) -> Standing | None:
        """What the request names, where that is one object of the right kind on file here."""
        return _standing(self.found, self.operation) if self.here else None

    @cached_property
    def on_file(self) -> FilingRecord | None:
        """The whole filing as it stands; `None` where it does not, or another bureau decides."""
        return self.standing.filing if self.standing else None

    @property
    def website(self) -> WebsiteRecord | None:
        """The website on file that the request names, or whose access it names."""
        return self.standing.website if self.standing else None

    @property
    def access(self) -> AccessRecord | None:
        """The access on file that the request names."""
        return self.standing.access if self.standing else None

    @property
    def target(self) -> int | None:
        """The number of the sponsor whose filing it is about, `None` where that is not on file."""
        return self.on_file.sponsor.number if self.on_file else None

    @cached_property
    def merge(self) -> Merge | None:
        """What becomes of the filing by a change, against what the provider knew; `None` for all else."""
        if self.on_file is None or not isinstance(self.request, ChangeRecord):
            return None
        return merged(self.base, self.on_file, self.request, self.isp_id)

    @cached_property
    def after(self) -> FilingRecord | None:
        """The filing as it would stand; what others changed as well stays as it is on file."""
        if isinstance(self.request, FilingRecord):
            return applied(self.request, self.request, self.isp_id)
        if self.on_file is None:
            return None
        return self.merge.filing if self.merge else applied(self.on_file, self.request, self.isp_id)

    @cached_property
    def difference(self) -> Difference:
        """What it would change of what is on file. Nothing where that is not here."""
        if self.after is None or (self.on_file is None and not isinstance(self.request, FilingRecord)):
            return ()
        return difference(self.on_file, self.after)


def ask(request: Request, known: Known, *, base: FilingRecord | None = None) -> Asked:
    """Put a request beside what is known of its filing. Cheap: `known` was loaded for the whole document."""
    operation = operation_of(request)
    found = known.on_file.find(name_of(request)) if operation is not Operation.NEW_FILING else ()
    standing = _standing(found, operation)
    here = home_province(request) in (None, known.facts.province)
    isp_id = known.facts.provider
    # Of another bureau's filing there is a copy at best, which tells only whose access is whose.
    shape = shape_of(request, standing if here or operation is Operation.CHANGE else None, isp_id)
    return Asked(
        request=request,
        operation=operation,
        isp_id=isp_id,
        here=here,
        known=known,
        found=found,
        base=base,
        shape=shape,
        facts=facts_about(known, request, shape, standing.filing if standing else None, here=here),
    )


def _standing(found: tuple[Standing, ...], operation: Operation) -> Standing | None:
    right = [each for each in found if each.kind == NAMED.get(operation)]
    return right[0] if len(right) == 1 else None


def accept(asked: Asked, name: str) -> None:
    """Take note of an accepted request, so that later ones of its document conflict with it.

    `name` tells people what they conflict with.
    """
    known = asked.known
    for key in claims(asked):
        (known.marks if key[0] in _MARKS else known.facts.taken).setdefault(key, Taken(name))
    for own in claimed_ids(asked):
        known.facts.used_ids.setdefault(own, name)
    if asked.operation is Operation.CHANGE and asked.target is not None:
        known.waiting[asked.target] = known.waiting.get(asked.target, 0) + 1


_MARKS = frozenset({marks.CHANGE, marks.CANCELLATION, marks.NEW_ACCESS})


def claims(asked: Asked) -> list[tuple[str, str]]:
    """Give what a request takes at the bureau that decides it, as kinds and keys of reservations.

    First what its filing would hold anew, then the marks that exclude other requests. Nothing where
    another bureau decides.
    """
    if not asked.here:
        return []
    return [*_new_keys(asked), *marks_of(asked)]


def _new_keys(asked: Asked) -> list[tuple[str, str]]:
    match asked.operation:
        case Operation.NEW_FILING:
            return reservation_keys(asked.shape.filing)
        case Operation.NEW_WEBSITE:
            return reservation_keys(asked.shape.filing)[1:]
        case Operation.CHANGE if asked.merge and asked.on_file:
            held = set(reservation_keys(asked.on_file))
            wanted = dict.fromkeys(reservation_keys(asked.merge.filing) + reservation_keys(asked.merge.as_asked))
            return [key for key in wanted if key not in held]
        case _:
            return []


def marks_of(asked: Asked) -> list[marks.Mark]:
    """Give the marks by which a request excludes others, or is excluded."""
    return list(_marks_of(asked))


def _marks_of(asked: Asked) -> Iterator[marks.Mark]:
    if asked.operation is Operation.NEW_ACCESS and asked.website and asked.website.number is not None:
        yield marks.access_for(asked.website.number, asked.isp_id)
    elif asked.operation in CANCELLATIONS and asked.standing and isinstance(asked.request, CancellationRecord):
        yield marks.cancelling(asked.standing.kind, asked.request.number)
    elif asked.merge is not None and asked.target is not None:
        yield from _touched(asked, asked.merge, asked.target)


def _touched(asked: Asked, merge: Merge, sponsor: int) -> Iterator[marks.Mark]:
    """Give what a change touches: parts that it alone or others as well would have otherwise."""
    paths = [delta.path for delta in (*asked.difference, *merge.both)]
    if any(path[0] == "sponsor" for path in paths):
        yield marks.change_of_sponsor(sponsor)
    touched = dict.fromkeys(path[1] for path in paths if path[0] == "websites")
    yield from (marks.change_of_website(int(number)) for number in touched if number.isdecimal())


def claimed_ids(asked: Asked) -> list[tuple[str, int]]:
    """Give the provider's own ids that a request brings for new objects, as kinds of objects and ids.

    A change may also call by a new id what is on file; that is no claim, or the next change of the same
    object could not repeat it.
    """
    filing = asked.shape.filing
    if isinstance(asked.request, ChangeRecord):
        on_file = {website.number: website for website in asked.on_file.websites} if asked.on_file else {}
        filing = replace(filing, websites=tuple(_new_in(each, on_file.get(each.number)) for each in filing.websites))
    return [key for key in dict.fromkeys(provider_id_keys(filing)) if key not in asked.facts.own_ids]


def _new_in(asked: WebsiteRecord, on_file: WebsiteRecord | None) -> WebsiteRecord:
    """Give a changed website with the domains and address ranges alone that it would have anew.

    Not those beside other providers' accesses: the schema wants ids there, and nothing is called by them.
    """
    domains = {domain_key(domain.name) for domain in on_file.domains} if on_file else set()
    accesses = on_file.accesses if on_file else ()
    ranges = {(part.first, part.last) for access in accesses for part in access.ranges}
    return replace(
        asked,
        domains=tuple(each for each in asked.domains if each.number is None and domain_key(each.name) not in domains),
        accesses=tuple(
            replace(access, ranges=tuple(part for part in access.ranges if _is_new(part, ranges)))
            for access in asked.accesses
            if access.provider is None
        ),
    )


def _is_new(part: RangeRecord, on_file: set[tuple[int, int]]) -> bool:
    return part.number is None and (part.first, part.last) not in on_file
