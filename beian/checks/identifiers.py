"""Rules of the provider's own ids: each stands for one object."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from beian.checks.base import Check, Defect, Facts, Scope, rule
from beian.checks.keys import ACCESS, DOMAIN, RANGE, WEBSITE
from beian.checks.operations import WITH_ACCESSES, WITH_WEBSITES, Operation
from beian.checks.places import Spot, accesses, domains, ranges, websites
from beian.records import FilingRecord, WebsiteRecord

_Parts = Callable[[Spot[WebsiteRecord]], Iterator[Spot[Any]]]


def _itself(website: Spot[WebsiteRecord]) -> Iterator[Spot[Any]]:
    yield website


def _used_ids(kind: str, word: str, parts: _Parts) -> Check[FilingRecord]:
    def check(filing: FilingRecord, facts: Facts) -> Iterator[Defect]:
        seen: dict[int, str] = {}
        for part in (part for website in websites(filing) for part in parts(website)):
            own = part.value.provider_id
            if own is None:
                continue
            if used := facts.user_of(kind, own):
                yield part.wrong(f"{word}标识{own}已用于另一{word}：{used}", "provider_id")
            elif own in seen:
                yield part.wrong(f"{word}标识{own}与{seen[own]}重复", "provider_id")
            seen.setdefault(own, part.place)

    check.__doc__ = "The provider's own id is in use already, for another object on file, pending or in this document."
    return check


# A change carries the provider's own ids of domains and address ranges only.
_WITHOUT_CHANGE = {Operation.CHANGE}

for _code, _name, _kind, _word, _parts, _operations in (
    (1037, "Website is reported already", WEBSITE, "网站", _itself, WITH_WEBSITES - _WITHOUT_CHANGE),
    (1038, "Access is reported already", ACCESS, "接入", accesses, WITH_ACCESSES - _WITHOUT_CHANGE),
    (1039, "Domain is reported already", DOMAIN, "域名", domains, WITH_WEBSITES),
    (1040, "Address range is reported already", RANGE, "IP段", ranges, WITH_ACCESSES),
):
    rule(_code, _name, scope=Scope.PROVIDER, source="interface, field rules", operations=_operations)(
        _used_ids(_kind, _word, _parts)
    )
