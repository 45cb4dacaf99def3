"""Whatever calls are lost on the way there or back, both sides have the same number, and nothing happens twice.

`script/soak --examples 1000` tries more sequences of calls.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beian.models import Event, Sponsor, User
from beian.records import FilingRecord
from bureau.models import Application
from bureau.services import intake, review
from bureau.workflow import State
from interface.client import NoConnection
from interface.documents.download import DownloadDocument, read_download
from interface.documents.upload import write_upload
from interface.envelope import Envelope
from interface.models import Outcome, Parcel, ProviderAccount, Upload
from tests.builders import changed, content, filing, jpeg_bytes
from tests.interface.in_process import InProcess, undone
from tests.interface.test_any_document import MANY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables"), pytest.mark.slow]

APPROVED, REFUSED, RETURNED = 1001, 1002, 1011
DECIDED = {State.APPROVED: APPROVED, State.REFUSED: REFUSED, State.RETURNED: RETURNED}
NOTHING_WAITS = 2
PICTURE = jpeg_bytes(1)


class Lost(Enum):
    """What of a call gets lost."""

    NOTHING = "nothing"
    REQUEST = "request"
    ANSWER = "answer"


class Line(InProcess):
    """Calls over a line on which requests and answers get lost."""

    lost = Lost.NOTHING

    def _exchange(self, operation: str, message: Envelope) -> str:
        lost, self.lost = self.lost, Lost.NOTHING
        if lost is Lost.REQUEST:
            raise NoConnection("the request was lost")
        answer = super()._exchange(operation, message)
        if lost is Lost.ANSWER:
            raise NoConnection("the answer was lost")
        return answer


@dataclass
class Provider:
    """A provider's system that never gives up: what has no answer it does again."""

    calls: Line
    sequence: int = 0
    unanswered: bytes | None = None
    seeds: int = 0
    fetched: dict[str, DownloadDocument] = field(default_factory=dict)
    to_acknowledge: str | None = None

    def upload(self) -> None:
        """Send the next document, or the one before again where no answer came."""
        if self.unanswered is None:
            self.unanswered = self._next_document()
        assert self.calls.upload(self.unanswered, self.sequence + 1).code == 0
        self.sequence, self.unanswered = self.sequence + 1, None

    def repeat(self) -> None:
        """Send the document last accepted once more, as a system does that forgot the answer."""
        found = self.calls.previous_upload().file
        if found is not None and found.sequence:
            document = self.calls.open_document(found).read()
            assert self.calls.upload(document, found.sequence).code == 0

    def find_out(self) -> None:
        """Ask which upload arrived last, instead of sending it again."""
        found = self.calls.previous_upload().file
        if found is not None and found.sequence == self.sequence + 1:
            self.sequence, self.unanswered = self.sequence + 1, None
        assert found is not None
        assert found.sequence == self.sequence

    def fetch(self) -> None:
        """Download what waits; the same again is the same."""
        answer = self.calls.download()
        assert answer.code in (0, NOTHING_WAITS)
        if answer.file is not None:
            document = read_download(self.calls.open_document(answer.file).read(), content)
            name = self.to_acknowledge = answer.file.file_name
            assert self.fetched.setdefault(name, document) == document

    def acknowledge(self) -> None:
        if self.to_acknowledge is not None:
            assert self.calls.acknowledge(self.to_acknowledge).code == 0
            self.to_acknowledge = None

    def results(self) -> Counter[tuple[str | None, int]]:
        """How often each record was answered, by its own id and the code."""
        documents = self.fetched.values()
        found = ((each.subject, each.codes[0].code) for document in documents for each in document.results)
        return Counter(found)

    def _next_document(self) -> bytes:
        """One or two new filings: of three, one is to be approved, one refused, one comes back at once."""
        asked = [self._next_filing() for _ in range(1 + self.seeds % 2)]
        return write_upload(asked, requesting_provider=self.calls._parameters.isp_id, load=lambda sha256: PICTURE)

    def _next_filing(self) -> FilingRecord:
        self.seeds += 1
        asked = filing(self.seeds)
        return changed(asked, "sponsor.person.mobile", "12000000000") if self.seeds % 3 == 2 else asked


@dataclass
class Bureau:
    """The other side: its worker and its reviewer do one thing at a time."""

    account: ProviderAccount
    reviewer: User

    def work(self) -> None:
        intake.drain(self.account.pk)

    def decide(self) -> None:
        """Decide the oldest application: every third is refused."""
        application = Application.objects.filter(state=State.PENDING).order_by("pk").first()
        if application is not None:
            review.claim(application.pk, self.reviewer)
            if int(application.subject) % 3:
                review.approve(application.pk, self.reviewer, None)
            else:
                review.refuse(application.pk, self.reviewer, [], "不予通过", None)


CALLS = st.sampled_from(("upload", "repeat", "find_out", "fetch", "acknowledge"))
WORK = st.sampled_from(("work", "decide"))
STEPS = st.lists(st.tuples(CALLS, st.sampled_from(Lost)) | st.tuples(WORK, st.none()), min_size=5, max_size=40)


def until(settled: Callable[[], bool], *steps: Callable[[], None]) -> None:
    """Do the steps again and again until all is settled."""
    for _ in range(200):
        if settled():
            return
        for step in steps:
            step()
    pytest.fail("it never settled")


@MANY
@given(steps=STEPS, encrypt=st.booleans())
def test_lost_calls_double_nothing(
    account: ProviderAccount, reviewer: User, steps: list[tuple[str, Lost | None]], encrypt: bool
) -> None:
    with undone():
        provider, bureau = Provider(Line(account, encrypt=encrypt)), Bureau(account, reviewer)
        for what, lost in steps:
            take(provider, bureau, what, lost)
        provider.upload()
        bureau.work()
        until(lambda: not Application.objects.filter(state=State.PENDING).exists(), bureau.decide)
        until(lambda: not Outcome.objects.filter(parcel=None).exists(), provider.fetch, provider.acknowledge)
        check(provider, bureau)


def take(provider: Provider, bureau: Bureau, what: str, lost: Lost | None) -> None:
    if lost is None:
        getattr(bureau, what)()
        return
    provider.calls.lost = lost
    try:
        getattr(provider, what)()
    except NoConnection:
        assert lost is not Lost.NOTHING
    finally:
        provider.calls.lost = Lost.NOTHING


def check(provider: Provider, bureau: Bureau) -> None:
    """Both sides have the same number; every record was decided once, and its result came in one parcel."""
    bureau.account.refresh_from_db()
    previous = provider.calls.previous_upload().file
    assert previous is not None
    assert provider.sequence == bureau.account.last_sequence == previous.sequence == Upload.objects.count()
    applications = list(Application.objects.all())
    assert sorted(int(each.subject) for each in applications) == [1_000_001 + n for n in range(provider.seeds)]
    assert provider.results() == Counter((each.subject, DECIDED[State(each.state)]) for each in applications)
    verbs = Event.objects.filter(subject_kind="application", verb__in=("approve", "refuse", "return"))
    assert Counter(verbs.values_list("subject", flat=True)) == Counter(str(each.pk) for each in applications)
    approved = [each for each in applications if each.state == State.APPROVED]
    assert Sponsor.objects.held_by(bureau.account.bureau).count() == len(approved)
    assert Parcel.objects.filter(acknowledged_at=None).count() == 0
    assert set(provider.fetched) == set(Parcel.objects.values_list("file_name", flat=True))
