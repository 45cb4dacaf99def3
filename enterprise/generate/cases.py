"""Cases of new filings in all states, as the office, the gateway and the bureau's answers leave them."""

from __future__ import annotations

import datetime
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from beian import numbers
from beian.calendar import add_working_days, deadline, shanghai_day
from beian.copying import Rows, take_ids
from beian.generate.records import Maker
from beian.models import Event, Node
from beian.records import FilingRecord, as_json
from enterprise.generate.documents import MOST_RECORDS, sent
from enterprise.generate.holdings import held
from enterprise.generate.ways import WITH_BUREAU, Way, way_of, way_to
from enterprise.models import Case, Outgoing
from enterprise.services.cases import PRECHECK_DAYS
from enterprise.services.contents import address_of, searchable
from enterprise.services.drafts import draft_of
from enterprise.workflow import Kind, Origin, State, Team

CODES = {
    State.FILED: [{"code": 1001, "description": "备案审核通过"}],
    State.REFUSED: [{"code": 1002, "description": "备案审核不通过"}],
    State.RETURNED: [{"code": 1005, "description": "网站域名已存在"}],
}
OPINION = {"verdict": False, "opinion": "材料不完整，请补齐后重新提交。", "reviewer": "合成审核员"}
CORRECTIONS = [{"about": "websites.0.name", "note": "网站名称应反映网站内容。"}]


@dataclass(frozen=True, slots=True)
class Cast:
    """Whose the cases are: sponsors' accounts and agents by primary key, people of the office with their names."""

    accounts: Sequence[int]
    agents: Sequence[int]
    people: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A case before it is a row."""

    pk: int
    n: int
    way: Way
    filing: FilingRecord
    correlation: uuid.UUID


def keep(provider: Node, maker: Maker, ns: range, cast: Cast, all_in: State | None = None) -> int:
    """Make the cases `ns`, in states of all kinds or `all_in` one; gives the number of rows. One transaction."""
    with transaction.atomic():
        batch = _Batch(provider, maker, cast)
        references = numbers.issue_references(provider, timezone.localdate().year, len(ns))
        drawn = [_draw(maker, pk, n, all_in) for pk, n in zip(take_ids(Case, len(ns)), ns, strict=True)]
        documents = _documents(provider, [each for each in drawn if each.way.state in WITH_BUREAU])
        for each, reference in zip(drawn, references, strict=True):
            batch.add(each, reference, documents.get(each.pk))
        return batch.flush()


def _draw(maker: Maker, pk: int, n: int, state: State | None) -> _Drawn:
    chance = random.Random(f"{maker.seed} case {n}")  # noqa: S311
    way = way_of(n, chance) if state is None else way_to(state, chance)
    return _Drawn(pk, n, way, maker.filing(n), uuid.uuid4())


def _documents(provider: Node, drawn: Sequence[_Drawn]) -> dict[int, tuple[Outgoing, int]]:
    """Send the cases out in documents; gives document and place in it by the case's key."""
    places: dict[int, tuple[Outgoing, int]] = {}
    for start in range(0, len(drawn), MOST_RECORDS):
        some = drawn[start : start + MOST_RECORDS]
        outgoing = sent(provider, [each.filing for each in some], timezone.now())
        places |= {each.pk: (outgoing, place) for place, each in enumerate(some, start=1)}
    return places


class _Batch:
    """The rows of some cases."""

    def __init__(self, provider: Node, maker: Maker, cast: Cast) -> None:
        self.provider, self.maker, self.cast = provider, maker, cast
        self.cases, self.events = Rows(Case), Rows(Event)
        self.dates: dict[datetime.date, tuple[datetime.date, datetime.date]] = {}

    def add(self, drawn: _Drawn, reference: str, document: tuple[Outgoing, int] | None) -> None:
        """Take a case."""
        way = drawn.way
        outgoing, ordinal = document or (None, None)
        self.cases.add(
            id=drawn.pk,
            provider_id=self.provider.pk,
            reference=reference,
            kind=int(Kind.NEW_FILING),
            state=str(way.state),
            team=str(Team.LEGACY if drawn.n % 4 == 3 else Team.NEW),
            draft=draft_of(drawn.filing),
            document_id=outgoing.pk if outgoing else None,
            ordinal=ordinal,
            created_at=way.begun,
            changed_at=way.changed,
            version=len(way.steps) + 1,
            correlation=drawn.correlation,
            **self._whose(drawn.n),
            **self._said(drawn),
            **self._times(way),
            **self._answer(drawn),
        )
        self._tell(drawn)

    def flush(self) -> int:
        """Send them all."""
        return self.cases.flush() + self.events.flush()

    def _whose(self, n: int) -> dict[str, Any]:
        """Choose who brought a case and who has it: mostly somebody of the office, sometimes sponsor or agent."""
        account = dict(enumerate(self.cast.accounts)).get(n % 500)
        agent = self.cast.agents[0] if self.cast.agents and n % 50 == 7 else None
        person = self.cast.people[n % len(self.cast.people)][0] if self.cast.people and n % 2 else None
        return {
            "sponsor_account_id": account,
            "agent_id": agent if account is None else None,
            "origin": str(Origin.PORTAL if account else Origin.OFFICE),
            "assigned_to_id": person,
        }

    def _said(self, drawn: _Drawn) -> dict[str, Any]:
        """The columns that follow from the request; a draft has none but the sponsor's name."""
        filing, submitted = drawn.filing, bool(drawn.way.steps)
        found, address = searchable(filing), address_of(filing)
        return {
            "request": as_json(filing) if submitted else None,
            "subject": address.subject if submitted else "",
            "answered_as": address.answered_as if submitted else None,
            "opinion_ids": list(address.opinion_ids) if submitted else [],
            "sponsor_name": found.sponsor_name,
            "certificate_index": found.certificate_index if submitted else None,
            "telephones": list(found.telephones) if submitted else [],
            "domains": list(found.domains) if submitted else [],
            "first_domain": found.domains[0] if submitted else "",
            "corrections": CORRECTIONS if drawn.way.state == State.SENT_BACK else [],
        }

    def _times(self, way: Way) -> dict[str, Any]:
        submitted, acknowledged = way.at("submit"), way.at("acknowledge")
        return {
            "submitted_at": submitted,
            "precheck_due": self._due(submitted)[0] if submitted else None,
            "queued_at": way.at("queue"),
            "uploaded_at": way.at("upload"),
            "acknowledged_at": acknowledged,
            "decision_due": self._due(acknowledged)[1] if acknowledged else None,
        }

    def _due(self, moment: datetime.datetime) -> tuple[datetime.date, datetime.date]:
        """Give by when the office, and by when the bureau has to be done with what came at a moment."""
        day = shanghai_day(moment)
        if day not in self.dates:
            self.dates[day] = (add_working_days(day, PRECHECK_DAYS), deadline(day))
        return self.dates[day]

    def _answer(self, drawn: _Drawn) -> dict[str, Any]:
        state = drawn.way.state
        answered = drawn.way.changed if state in CODES else None
        filed = held(self.provider, self.maker, drawn.n).sponsor if state == State.FILED else None
        return {
            "codes": CODES.get(state, []),
            "opinions": [OPINION] if state == State.REFUSED else [],
            "answered_at": answered,
            "sponsor_number": filed.number if filed else None,
            "filing_number": filed.filing_number if filed else "",
        }

    def _tell(self, drawn: _Drawn) -> None:
        """Write the events of every step, the office's with who took it."""
        self._event(drawn, "begin", drawn.way.begun, {})
        for step in drawn.way.steps:
            self._event(drawn, step.verb, step.at, {"before": step.before, "after": step.after})

    def _event(self, drawn: _Drawn, verb: str, at: datetime.datetime, data: dict[str, Any]) -> None:
        people = self.cast.people
        by_hand = people and verb in ("pass_check", "verify", "queue", "send_back")
        actor, name = people[drawn.n % len(people)] if by_hand else (None, "系统")
        self.events.add(
            node_id=self.provider.pk,
            subject_kind="case",
            subject=str(drawn.pk),
            verb=verb,
            at=at,
            actor_id=actor,
            actor_name=name,
            data=data,
            correlation=drawn.correlation,
        )
