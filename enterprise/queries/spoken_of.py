"""What a task speaks of, as far as it is here: holdings, cases and other tasks that bear a number it names.

For what the bureau sent and nothing here could be told by the rules: somebody has to find what it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.db.models import Q, QuerySet

from beian.bigrams import holds
from beian.filing_numbers import parse
from beian.finding import OBJECT_DIGITS, domain_of, named
from beian.models import Sponsor
from enterprise.models import Case, HoldingChange, HoldingChangeKind, Task, TaskKind
from enterprise.queries.holdings import Reach

MOST = 20
_OBJECT = re.compile(rf"(?<!\d)\d{{{OBJECT_DIGITS}}}(?!\d)", re.A)
_FILING = re.compile(r"[\u4e00-\u9fff]\s*ICP\s*(?:备\s*\d{8,10}|证\s*[a-z\d-]+)\s*号?(?:-\d+)?", re.I | re.A)
_DOMAIN = re.compile(r"(?<![\w.-])(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]+(?![\w-])", re.I | re.A)
_MOST_WORDS = 10
_LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class SpokenOf:
    """What was found. `gone` are the holdings that left our copy, each as the change that took it out."""

    words: tuple[str, ...]
    holdings: list[Sponsor]
    gone: list[HoldingChange]
    cases: list[Case]
    tasks: list[Task]


def spoken_of(reach: Reach, task: Task) -> SpokenOf:
    """Find what a task speaks of, as far as the person sees. A few queries for each number named."""
    subjects, words = _subjects(task), _words(task)
    found = {row.number: row for word in words for row in reach.holdings().filter(named(reach.provider, word))[:MOST]}
    numbers = {int(each) for each in (*subjects, *words) if each.isdecimal() and int(each) <= _LARGEST} | set(found)
    gone = (
        reach.changes()
        .filter(sponsor_number__in=numbers - set(found), kind=HoldingChangeKind.REMOVED)
        .order_by("-id")[:MOST]
    )
    cases = list(_cases(reach, subjects, words, numbers)[:MOST])
    return SpokenOf(
        words=tuple(dict.fromkeys((*subjects, *words))),
        holdings=list(found.values()),
        gone=list({change.sponsor_number: change for change in reversed(gone)}.values()),
        cases=cases,
        tasks=list(_tasks(reach, subjects, words, numbers, cases).exclude(pk=task.pk)[:MOST]),
    )


def _tasks(reach: Reach, subjects: list[str], words: list[str], numbers: set[int], cases: list[Case]) -> QuerySet[Task]:
    wanted = Q(sponsor_number__in=numbers) | Q(website_number__in=numbers) | Q(case__in=[case.pk for case in cases])
    for what, subject in product(("result", "opinion"), subjects):
        wanted |= Q(kind=TaskKind.UNTOLD, about__startswith=f"{what}:{subject}#")
    for domain in filter(domain_of, words):
        wanted |= Q(kind=TaskKind.UNFILED) & holds(domain, "title")
    return reach.tasks().filter(wanted).defer("content").order_by("-pk")


def _cases(reach: Reach, subjects: list[str], words: list[str], numbers: set[int]) -> QuerySet[Case]:
    rows = Case.objects.at(reach.provider).light()
    rows = rows if reach.everything else rows.of_agents(reach.user)
    return rows.filter(
        Q(subject__in=[*subjects, *words])
        | Q(sponsor_number__in=numbers)
        | Q(opinion_ids__overlap=sorted(numbers))
        | Q(filing_number__in=words)
    ).order_by("-pk")


def _subjects(task: Task) -> list[str]:
    """Give the numbers under which the bureau put what it said."""
    content: Mapping[str, Any] = task.content
    said = [
        (content.get("result") or {}).get("subject"),
        *(each.get("subject") for each in content.get("opinions", ())),
    ]
    return list(dict.fromkeys(str(each).strip() for each in said if each))


def _words(task: Task) -> list[str]:
    """Give the object numbers, filing numbers and domains, wherever they stand."""
    text = "\n".join((str(task.sponsor_number or ""), *_texts(task.content)))
    numbers = (str(number) for each in _FILING.findall(text) if (number := parse(each)))
    domains = (domain for each in _DOMAIN.findall(text) if (domain := domain_of(each)))
    return list(dict.fromkeys((*_OBJECT.findall(text), *numbers, *domains)))[:_MOST_WORDS]


def _texts(content: Mapping[str, Any]) -> Iterator[str]:
    result = content.get("result") or {}
    yield from (str(result.get("subject") or ""), str(result.get("remark") or ""))
    yield from (str(code.get("description") or "") for code in result.get("codes", ()))
    for opinion in content.get("opinions", ()):
        yield from (str(opinion.get("subject") or ""), str(opinion.get("opinion") or ""))
    sponsor = (content.get("filing") or {}).get("sponsor") or {}
    yield from (str(sponsor.get("number") or ""), str(sponsor.get("filing_number") or ""))
