"""Cases in all states that an office sees on a working day, made by the real services at past times.

What was uploaded in the last weeks (`beian.demo.past`) is with the bureau already: its answers come by
themselves, as soon as the gateway looks into the mailbox. What is still at the provider is new.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from unittest.mock import patch

from django.utils import timezone

from beian import store
from beian.calendar import deadline
from beian.demo import past, pictures
from beian.demo.clock import at
from beian.demo.past import Document
from beian.demo.pictures import Pictures
from beian.models import Node
from beian.records import FilingRecord
from enterprise.demo.people import Office
from enterprise.demo.requests import asked
from enterprise.models import Agent, Case, Outgoing, OutgoingState, SponsorAccount
from enterprise.services import cases, drafts, guard, judging
from enterprise.services.assigning import assign
from enterprise.services.cases import Beginning, Correction
from enterprise.services.contents import request_of
from enterprise.services.writing import document_of
from enterprise.workflow import Kind, Origin, State, Team
from interface import codec

STATES: tuple[tuple[State, int], ...] = (
    (State.DRAFT, 4),
    (State.SUBMITTED, 7),
    (State.SENT_BACK, 3),
    (State.CHECKED, 6),
    (State.VERIFIED, 4),
    (State.QUEUED, 3),
    (State.HELD, 1),
    (State.ABANDONED, 1),
)
"""How many cases are left in each state."""

ORDER = (State.SUBMITTED, State.CHECKED, State.VERIFIED, State.QUEUED)
PREPARED_FOR = timedelta(days=2)
ON_THE_WAY = timedelta(seconds=4)

TO_CORRECT = (
    Correction("websites.0.name", "网站名称应反映网站内容，请不要直接使用单位名称。"),
    Correction("sponsor.person.mobile", "该手机号码无人接听，请填写能接通的号码。"),
)


def load(provider: Node, office: Office, last_sequence: int) -> int:
    """Make the cases of a provider unless it has any; gives how many there are.

    `last_sequence` says how many uploads the bureau had: where it knows of none, there is no past.
    """
    if not Case.objects.at(provider).exists():
        drawn = pictures.load()
        desk = _Desk(provider, office, drawn)
        if provider.province in past.PER_DOCUMENT and last_sequence >= past.total(provider.province):
            for document in past.documents(provider.province, drawn, timezone.now()):
                desk.upload(document)
        desk.leave_open()
    return Case.objects.at(provider).count()


@dataclass(frozen=True, slots=True)
class _Desk:
    """A filing office at work."""

    provider: Node
    office: Office
    pictures: Pictures

    def upload(self, document: Document) -> None:
        """Take the filings of a document from the sponsors, and let it be uploaded and taken by the bureau."""
        found = []
        for place, filing in enumerate(document.filings):
            prepared = document.moment - PREPARED_FOR + timedelta(minutes=17 * place)
            with at(prepared), _without_our_checks():
                case = self._begin(filing, document.sequence + place)
                cases.submit(self.provider, case.pk, filing, None)
                found.append(self._bring(case.pk, State.QUEUED))
        self._send(document, found)

    def _send(self, document: Document, queued: Sequence[Case]) -> None:
        provider, now = self.provider, document.moment
        data = document_of(provider, [(case.kind, request_of(case)) for case in queued])
        with at(now):
            outgoing = _accepted(provider, document.sequence, data, len(queued), now)
            for ordinal, case in enumerate(queued, start=1):
                guard.move(case, "upload", document=outgoing, ordinal=ordinal, uploaded_at=now)
        with at(now + ON_THE_WAY):
            for case in queued:
                taken = now + ON_THE_WAY
                guard.move(case, "acknowledge", acknowledged_at=taken, decision_due=deadline(taken))

    def leave_open(self) -> None:
        """Leave new cases in each state, the oldest begun some days ago."""
        wanted = [state for state, count in STATES for _ in range(count)]
        for n, state in enumerate(wanted):
            with at(timezone.now() - timedelta(hours=5 * (len(wanted) - n))):
                self._leave(n, state)

    def _leave(self, n: int, state: State) -> None:
        filing = asked(self.provider.province, n, self.pictures)
        case = self._begin(filing, n)
        if state == State.DRAFT:
            return
        cases.submit(self.provider, case.pk, filing, None)
        if n % 3 == 0:
            assign(self.provider, case.pk, self.office.clerk, self.office.supervisor)
        if state in ORDER:
            self._bring(case.pk, state)
        elif state == State.SENT_BACK:
            cases.send_back(self.provider, case.pk, TO_CORRECT, self.office.clerk)
        elif state == State.HELD:
            queued = self._bring(case.pk, State.QUEUED)
            guard.move(queued, "hold", held_because="附件“网站负责人证件”无法读取，请重新上传后再次列入队列。")
        else:
            cases.abandon(self.provider, case.pk, self.office.clerk, "主办者已改由其他接入商备案")

    def _begin(self, filing: FilingRecord, n: int) -> Case:
        account, agent = self._whose(n)
        legacy = account is None and agent is None and n % 10 == 7
        return cases.begin(
            self.provider,
            Beginning(
                kind=Kind.NEW_FILING,
                origin=Origin.PORTAL if account else Origin.IMPORT if legacy else Origin.OFFICE,
                account=account,
                agent=agent,
                team=Team.LEGACY if legacy else Team.NEW,
                draft=drafts.draft_of(filing),
                sponsor_name=filing.sponsor.name,
            ),
            None,
        )

    def _whose(self, n: int) -> tuple[SponsorAccount | None, Agent | None]:
        """Choose who comes: one of the sponsors, somebody through the agent, or somebody at the counter."""
        if n % 5 < len(self.office.sponsors):
            return self.office.sponsors[n % 5], None
        return None, self.office.agent if n % 5 == 2 else None

    def _bring(self, pk: int, state: State) -> Case:
        """Take a submitted case on, step by step, to a state."""
        provider, office = self.provider, self.office
        case = Case.objects.at(provider).get(pk=pk)
        for after in ORDER[1 : ORDER.index(state) + 1]:
            if after == State.CHECKED:
                case = cases.pass_check(provider, pk, office.clerk)
            elif after == State.VERIFIED and case.state == State.CHECKED:
                case = cases.verify(provider, pk, office.verifier)
            elif after == State.QUEUED:
                case = cases.queue(provider, pk, office.clerk)
        return case


def _accepted(provider: Node, sequence: int, data: bytes, records: int, now: datetime) -> Outgoing:
    """A document that the bureau took at once."""
    return Outgoing.objects.create(
        provider=provider,
        sequence=sequence,
        state=OutgoingState.ACCEPTED,
        content=store.put(data).sha256,
        size=len(data),
        records=records,
        payload_hash=codec.pack(data, f"{sequence:010d}.xml", None).hash,
        tries=1,
        sent_at=now,
        settled_at=now + ON_THE_WAY,
        code=0,
        message="操作成功",
    )


@contextmanager
def _without_our_checks() -> Iterator[None]:
    """Some of the past's filings have mistakes: they came before the office had checks of its own.

    That each can be written is seen when their document is.
    """
    with patch.object(judging, "findings", _nothing), patch.object(cases, "problems", _nothing):
        yield


def _nothing(*_: object) -> list[str]:
    return []
