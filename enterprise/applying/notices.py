"""Notices that ask somebody to look: each becomes a task. How is data, one line a type of notice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from beian.checks.names import dotted
from beian.models import Node, Sponsor, Website
from beian.records import as_json
from beian.records.notices import (
    AccessInspection,
    CheckTask,
    Concerned,
    CorrectionNotice,
    IllegalAccess,
    LivenessInspection,
    Misreported,
    ShellInspection,
    SponsorInspection,
    UnfiledWebsite,
)
from beian.records.notices import Shell as Alive
from enterprise.applying.deadlines import due
from enterprise.applying.tasks import Entry, open_tasks
from enterprise.models import Incoming, TaskKind
from interface.documents.download import DownloadDocument

SPONSOR, WEBSITE = "sponsor", "website"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a type of notice becomes a task: of which kind, about what, its title, and where a deadline may stand.

    `names` gives what it is about: ("website", its number), or (anything else, what tells it from others).
    """

    kind: TaskKind
    names: Callable[[Any], tuple[str, Any]]
    title: Callable[[Any], str]
    says: Callable[[Any], Iterable[str | None]]


def _check_title(notice: CheckTask) -> str:
    sponsor = notice.filing.sponsor
    return f"核实{sponsor.name}（{sponsor.filing_number or sponsor.number}）"


def _access_title(notice: AccessInspection) -> str:
    word = "多报接入" if notice.result == Misreported.OVER else "少报接入"
    return f"{word}：{notice.filing_number}{f'（{notice.domain}）' if notice.domain else ''}"


def _shell_title(notice: ShellInspection) -> str:
    return f"空壳网站{notice.filing_number}（{'可以访问' if notice.result == Alive.ALIVE else '不能访问'}）"


def _correction_names(notice: CorrectionNotice) -> tuple[str, Any]:
    what = SPONSOR if notice.what == Concerned.SPONSOR else WEBSITE
    return what, notice.number if notice.number is not None else notice.filing_number


READINGS: Mapping[str, Reading] = {
    "check_tasks": Reading(
        TaskKind.CHECK,
        lambda notice: (SPONSOR, notice.filing.sponsor.number),
        _check_title,
        lambda notice: [notice.instruction],
    ),
    "unfiled_websites": Reading(
        TaskKind.UNFILED,
        lambda notice: ("unfiled", notice.number),
        lambda notice: f"未备案网站{notice.domain}（{dotted(notice.address)}）",
        lambda notice: [notice.remark],
    ),
    "illegal_accesses": Reading(
        TaskKind.ILLEGAL_ACCESS,
        lambda notice: ("illegal", notice.number),
        lambda notice: f"非法接入{notice.domain}（{dotted(notice.address)}）",
        lambda notice: [notice.remark],
    ),
    "corrections": Reading(
        TaskKind.CORRECTION,
        _correction_names,
        lambda notice: f"整改通知{f'（{notice.filing_number}）' if notice.filing_number else ''}：{notice.text}",
        lambda notice: [notice.text, notice.remark],
    ),
    "sponsor_inspections": Reading(
        TaskKind.CERTIFICATE,
        lambda notice: (SPONSOR, notice.number),
        lambda notice: f"主体证件核查：{notice.name}{f'，{notice.fault}' if notice.fault else ''}",
        lambda notice: [notice.remark],
    ),
    "access_inspections": Reading(
        TaskKind.ACCESS, lambda notice: (WEBSITE, notice.number), _access_title, lambda notice: [notice.remark]
    ),
    "shell_inspections": Reading(
        TaskKind.SHELL, lambda notice: (WEBSITE, notice.number), _shell_title, lambda notice: [notice.remark]
    ),
    "liveness_inspections": Reading(
        TaskKind.LIVENESS,
        lambda notice: (WEBSITE, notice.number),
        lambda notice: f"网站无法访问：{notice.filing_number}{f'（{notice.home_page}）' if notice.home_page else ''}",
        lambda notice: [notice.remark],
    ),
}
"""By the part of a document (`DownloadDocument`) that holds such notices."""

NOTICES = {
    "check_tasks": CheckTask,
    "unfiled_websites": UnfiledWebsite,
    "illegal_accesses": IllegalAccess,
    "corrections": CorrectionNotice,
    "sponsor_inspections": SponsorInspection,
    "access_inspections": AccessInspection,
    "shell_inspections": ShellInspection,
    "liveness_inspections": LivenessInspection,
}
"""The class of the notices in each part; a task of that kind holds one as JSON."""


def take_notices(provider: Node, incoming: Incoming, document: DownloadDocument) -> None:
    """Open a task for each notice, also about what we do not hold: the bureau thinks that we do."""
    said = [(reading, notice) for part, reading in READINGS.items() for notice in getattr(document, part)]
    if said:
        places = _places(provider, said)
        open_tasks(provider, incoming, list(_entries(said, places)))


def _entries(
    said: Iterable[tuple[Reading, Any]], places: Mapping[tuple[str, Any], tuple[int, int | None]]
) -> Iterator[Entry]:
    for reading, notice in said:
        what, which = reading.names(notice)
        sponsor, website = places.get((what, which), (which if what == SPONSOR else None, None))
        yield Entry(
            kind=reading.kind,
            about=f"{what}:{which}",
            title=reading.title(notice),
            content=as_json(notice),
            due=due(reading.kind, *reading.says(notice)),
            sponsor_number=sponsor if isinstance(sponsor, int) else None,
            website_number=website or (which if what == WEBSITE and isinstance(which, int) else None),
        )


def _places(provider: Node, said: Iterable[tuple[Reading, Any]]) -> dict[tuple[str, Any], tuple[int, int | None]]:
    """Find what is named in our copy: by number or filing number the sponsor's number, and the website's."""
    named: dict[str, set[Any]] = {SPONSOR: set(), WEBSITE: set()}
    for reading, notice in said:
        what, which = reading.names(notice)
        named.get(what, set()).add(which)
    found: dict[tuple[str, Any], tuple[int, int | None]] = {}
    for field in ("number", "filing_number"):
        kind = int if field == "number" else str
        wanted = {what: [each for each in some if isinstance(each, kind)] for what, some in named.items()}
        websites = Website.objects.held_by(provider).filter(**{f"{field}__in": wanted[WEBSITE]})
        for name, sponsor, number in websites.values_list(field, "sponsor__number", "number"):
            found[WEBSITE, name] = (sponsor, number)
        sponsors = Sponsor.objects.held_by(provider).filter(**{f"{field}__in": wanted[SPONSOR]})
        found |= {(SPONSOR, name): (number, None) for name, number in sponsors.values_list(field, "number")}
    return found
