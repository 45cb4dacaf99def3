"""A province for one month: its bureau, two providers with systems of their own, and a clock that is set by hand.

Everything passes through what really carries it: calls through the endpoint of a running server, uploads
through intake, decisions through the services of review, messages to the ministry through the exchange.
What a provider knows it knows from its parcels alone, applied in order to an empty store.
"""

from __future__ import annotations

import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from beian.demo import clock
from beian.models import Access, Mail, Sponsor, User
from beian.records import CancellationRecord, Cancelled, FilingRecord, ResultRecord
from beian.records.notices import CancelledNotice
from beian.records.rows import filings
from bureau.models import Application
from bureau.services import intake, review
from interface.client import NoConnection, Parameters, ProviderClient
from interface.documents.download import DownloadDocument, read_download
from interface.documents.returns import FileInfo
from interface.documents.upload import write_upload
from interface.envelope import Envelope
from interface.models import ProviderAccount
from interface.services import mailbox
from tests.builders import content, jpeg_bytes
from tests.conftest import INTERFACE_PASSWORD
from tests.interface.applying import Copy
from tests.messages import carry_all

SHANGHAI = ZoneInfo("Asia/Shanghai")
APPROVED, NOTHING_WAITS = 1001, 2
NOT_FOUND = "没有查到备案信息"


class Line(ProviderClient):
    """A provider's calls over a line that may break before the answer comes."""

    breaks = False

    def _exchange(self, operation: str, message: Envelope) -> str:
        answer = super()._exchange(operation, message)
        if self.breaks:
            self.breaks = False
            raise NoConnection("the answer was lost")
        return answer


@dataclass
class Provider:
    """A provider's own system: what it has sent, what it knows, and which results it read."""

    account: ProviderAccount
    calls: Line
    knows: Copy
    sequence: int = 0
    asked: dict[str, CancellationRecord] = field(default_factory=dict)
    results: list[ResultRecord] = field(default_factory=list)

    @property
    def isp_id(self) -> int:
        return self.account.isp_id

    def document(self, *new: FilingRecord, **sections: object) -> bytes:
        """Write what it asks for as a document. What it wants cancelled it remembers until it is told of it."""
        for each in sections.get("cancellations", ()):
            self.asked[str(each.number)] = each
        return write_upload(new, **sections, requesting_provider=self.isp_id, load=lambda sha256: jpeg_bytes())

    def upload(self, *new: FilingRecord, **sections: object) -> None:
        """Send what it asks for under the next number."""
        self.sequence += 1
        assert self.calls.upload(self.document(*new, **sections), self.sequence).code == 0

    def look(self) -> tuple[FileInfo, DownloadDocument]:
        """Download what waits, without acknowledging it."""
        answer = self.calls.download()
        assert (answer.code, answer.file is None) == (0, False)
        return answer.file, read_download(self.calls.open_document(answer.file).read(), content)

    def fetch(self) -> list[ResultRecord]:
        """Download, apply and acknowledge all that waits; gives the results that came."""
        before = len(self.results)
        while self.calls.download().code != NOTHING_WAITS:
            file, document = self.look()
            self._apply(document)
            assert self.calls.acknowledge(file.file_name).code == 0
        return self.results[before:]

    def filing(self, number: int) -> FilingRecord:
        """A filing as it knows it, by its sponsor's number."""
        return self.knows.filings()[number]

    def filing_of(self, name: str) -> FilingRecord:
        """A filing as it knows it, by the name of its sponsor."""
        (found,) = [filing for filing in self.knows.filings().values() if filing.sponsor.name == name]
        return found

    def _apply(self, document: DownloadDocument) -> None:
        self.knows.apply(document)
        self.results += document.results
        for result in document.results:
            if [code.code for code in result.codes] == [APPROVED] and (done := self.asked.get(result.subject or "")):
                self._cancelled(done)

    def _cancelled(self, done: CancellationRecord) -> None:
        """What was cancelled as it asked, it is not told again otherwise."""
        if done.what == Cancelled.ACCESS:
            Access.objects.held_by(self.account.provider).filter(number=done.number).delete()
        else:
            notice = CancelledNotice(what=done.what, number=done.number)
            self.knows.apply(DownloadDocument(version="V.3.0", cancelled=(notice,)))


@dataclass
class Month:
    """The province: its providers, who decides, and where its server is."""

    server: str
    reviewer: User
    providers: list[Provider] = field(default_factory=list)
    standing: set[int | str] = field(default_factory=set)
    gone: set[int | str] = field(default_factory=set)

    def connect(self, account: ProviderAccount) -> Provider:
        """Connect a provider's system; the bureau sends it the code tables."""
        endpoint = f"{self.server}/bureaus/{account.bureau.province}"
        known = Parameters(
            endpoint=endpoint, isp_id=account.isp_id, user_name=account.user_name, password=INTERFACE_PASSWORD
        )
        provider = Provider(account, Line(known), Copy(account.provider))
        mailbox.queue_codes(account)
        self.providers.append(provider)
        return provider

    @contextmanager
    def on(self, day: int) -> Iterator[None]:
        """Let everything happen on a day of March, at ten in the morning."""
        with clock.at(datetime(2026, 3, day, 10, 0, tzinfo=SHANGHAI)):
            yield

    def work(self, provider: Provider) -> Application:
        """Let a worker take up what the provider sent; gives the last application that came of it."""
        intake.drain(provider.account.pk)
        return Application.objects.filter(isp_id=provider.isp_id).latest("pk")

    def approve(self, application: Application) -> Application:
        """Let the reviewer approve, as shown on the page, and the ministry hear of it."""
        assert application.state == "pending", application.findings
        claimed = review.claim(application.pk, self.reviewer)
        decided = review.approve(application.pk, self.reviewer, claimed.version, "同意")
        carry_all()
        assert decided.state == "approved", decided.findings
        return decided

    def refuse(self, application: Application, why: str) -> None:
        """Let the reviewer refuse, and say why."""
        review.claim(application.pk, self.reviewer)
        review.refuse(application.pk, self.reviewer, [], why, None)

    def held(self, provider: Provider) -> dict[int, FilingRecord]:
        """What the bureau holds for a provider."""
        bureau = provider.account.bureau
        numbers = Sponsor.objects.held_by(bureau).values_list("number", flat=True)
        return filings(bureau, numbers, isp_id=provider.isp_id)

    def check(self) -> None:
        """Everybody fetches: all know what the bureau holds, and no number ever stands for two things."""
        for provider in self.providers:
            provider.fetch()
            assert provider.knows.filings() == self.held(provider)
        numbers = list(self._numbers())
        assert len(numbers) == len(set(numbers)), "one number for two things"
        self.gone |= self.standing - set(numbers)
        self.standing = set(numbers)
        assert not self.standing & self.gone, "a number was given out again"

    def ask_publicly(self, text: str) -> str:
        """What the public query of the ministry shows."""
        with urllib.request.urlopen(f"{self.server}/?{urllib.parse.urlencode({'q': text})}") as page:
            return str(page.read().decode())

    def letter(self, about: str) -> str:
        """The latest letter whose subject speaks of something."""
        return Mail.objects.filter(subject__contains=about).latest("pk").body or ""

    def _numbers(self) -> Iterator[int | str]:
        """Every number that stands for something at the bureau."""
        bureau = self.reviewer.memberships.get().node
        sponsors = Sponsor.objects.held_by(bureau).values_list("number", flat=True)
        for filing in filings(bureau, sponsors).values():
            yield from _of(filing.sponsor)
            for website in filing.websites:
                yield from _of(website)
                yield from (domain.number for domain in website.domains)
                for access in website.accesses:
                    yield access.number
                    yield from (part.number for part in access.ranges)


def _of(record: object) -> Iterator[int | str]:
    yield record.number
    yield record.filing_number
