"""What a piece of a mailbox is about, in words: its topic is a word and what that word names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from beian.models import Cancelled, Node, ObjectKind, Sponsor, Website
from interface.models import Outcome, ParcelKind

WHOLE = {str(ParcelKind.CODES): "全部基础代码和报备单位", str(ParcelKind.SYNCHRONISATION): "本单位接入的全部备案"}
WORDS = {"sponsor": "主体", "website": "网站", "access": "接入", "domain": "域名", "upload": "上报序号"}


def topics(bureau: Node, pieces: Iterable[Outcome]) -> Mapping[str, str]:
    """Name what `pieces` are about, by topic. Three queries at most, none where they name no filing."""
    said = {piece.about for piece in pieces}
    numbers = {int(rest) for word, _, rest in map(_parted, said) if word in ("sponsor", "website") and rest.isdecimal()}
    names = _names(bureau, numbers) if numbers else {}
    return {about: _named(about, names) for about in said}


def _named(about: str, names: Mapping[int, str]) -> str:
    word, _, rest = _parted(about)
    if about in WHOLE:
        return WHOLE[about]
    if word == "case":
        return rest.partition(":")[2]
    if rest.isdecimal() and int(rest) in names:
        return names[int(rest)]
    return f"{WORDS[word]}{rest}" if word in WORDS else rest or about


def _names(bureau: Node, numbers: set[int]) -> dict[int, str]:
    """Give the names of sponsors and websites on file, and the filing numbers of those that were cancelled."""
    found: dict[int, str] = {}
    left = Cancelled.objects.held_by(bureau).filter(kind__in=(ObjectKind.SPONSOR, ObjectKind.WEBSITE))
    for number, filing_number in left.filter(number__in=numbers).values_list("number", "filing_number"):
        if filing_number:
            found[number] = filing_number
    for model in (Sponsor, Website):
        found.update(model.objects.held_by(bureau).filter(number__in=numbers).values_list("number", "name"))
    return found


def _parted(about: str) -> tuple[str, str, str]:
    return about.partition(":")
