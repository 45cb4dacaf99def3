"""Providers that upload, download and acknowledge, whatever happens to the bureau meanwhile."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter
from dataclasses import dataclass, field, replace

from interface.client import CallFailed, Parameters, ProviderClient
from interface.codec import SecretKey
from interface.documents.download import DownloadDocument, read_download
from interface.documents.returns import FileInfo
from interface.documents.upload import write_upload
from tests import builders

RETRY_AFTER = 0.3
GIVE_UP_AFTER = 240.0
BACKLOG, NOTHING, OTHER, CLOSED = 15, 2, 999, 901
BAD_EVERY, ELSEWHERE_EVERY = 9, 6


@dataclass
class Fetched:
    """A document that a provider downloaded: its bytes' hash, what it said, whether it was acknowledged."""

    hash: str
    document: DownloadDocument
    acknowledged: bool = False


@dataclass
class Provider:
    """One provider with its upload loop and its fetch loop; `seeds` are those of its filings.

    The last of them, a tenth, it keeps back until `burst` is set, and then sends them at once.
    `notes` counts what went wrong on the way and was put right; `troubles` what must not happen.
    """

    parameters: Parameters
    encrypt: bool
    seeds: list[int]
    pace: float
    acknowledged: dict[int, int] = field(default_factory=dict)
    fetched: dict[str, Fetched] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    burst: threading.Event = field(default_factory=threading.Event)
    waits_for_burst: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.client = ProviderClient(self.parameters, encrypt=self.encrypt, seconds=20)

    def upload_all(self) -> None:
        """Upload one filing after another, each until its number is acknowledged."""
        kept_back = len(self.seeds) - max(1, len(self.seeds) // 10)
        try:
            for sequence, seed in enumerate(self.seeds, 1):
                if sequence > kept_back:
                    self.waits_for_burst.set()
                    self.burst.wait()
                started = time.monotonic()
                self._upload(sequence, document_of(seed, self.parameters.isp_id))
                self.acknowledged[sequence] = seed
                if sequence < kept_back:
                    time.sleep(max(0.0, self.pace - (time.monotonic() - started)))
        except Exception as error:
            self.troubles.append(f"{sequence}: {type(error).__name__}: {error}")
        finally:
            self.waits_for_burst.set()

    def fetch_all(self) -> None:
        """Download and acknowledge until told that nothing more will come."""
        while not self.done.is_set():
            try:
                if not self._fetch():
                    self.done.wait(1.0)
            except CallFailed:
                self.notes["calls without an answer"] += 1
                self.done.wait(RETRY_AFTER)
            except Exception as error:
                self.troubles.append(f"fetching: {type(error).__name__}: {error}")
                return

    def results(self) -> Counter[str]:
        """Count in how many acknowledged documents each subject had a result."""
        return Counter(result.subject or "" for each in self._kept() for result in each.document.results)

    def codes(self) -> dict[str, int]:
        """Give the (first) code that each subject was answered with."""
        return {result.subject or "": result.codes[0].code for each in self._kept() for result in each.document.results}

    def filings(self) -> Counter[str]:
        """Count in how many acknowledged documents each sponsor's filing number stood."""
        return Counter(filing.sponsor.filing_number or "" for each in self._kept() for filing in each.document.filings)

    def _kept(self) -> list[Fetched]:
        return [each for each in self.fetched.values() if each.acknowledged]

    def _upload(self, sequence: int, document: bytes) -> None:
        give_up, in_doubt = time.monotonic() + GIVE_UP_AFTER, False
        while time.monotonic() < give_up:
            try:
                code = self.client.upload(document, sequence).code
            except CallFailed:
                self.notes["calls without an answer"] += 1
                in_doubt = True
            else:
                if code == 0:
                    return
                if code not in (BACKLOG, OTHER, CLOSED):
                    raise RuntimeError(f"answered {code}")
                self.notes[f"answered {code}"] += 1
            time.sleep(RETRY_AFTER)
            if in_doubt:
                in_doubt = not self._ask(sequence)
        raise RuntimeError("never acknowledged")

    def _ask(self, sequence: int) -> bool:
        """Ask for the upload last accepted; notes where the answer to it was lost. False without an answer."""
        try:
            previous = self.client.previous_upload()
        except CallFailed:
            return False
        if previous.code or previous.file is None:
            return False
        if previous.file.sequence == sequence:
            self.notes["stored, but the answer was lost"] += 1
        elif previous.file.sequence != sequence - 1:
            raise RuntimeError(f"the bureau says that {previous.file.sequence} was the last")
        return True

    def _fetch(self) -> bool:
        """Acknowledge what is here, then fetch the next; says whether there was one."""
        for name, kept in self.fetched.items():
            if not kept.acknowledged:
                self._acknowledge(name, kept)
        answer = self.client.download()
        if answer.code == NOTHING:
            return False
        if answer.code or answer.file is None:
            self.notes[f"answered {answer.code}"] += 1
            return False
        self._acknowledge(answer.file.file_name, self._keep(answer.file))
        return True

    def _acknowledge(self, name: str, kept: Fetched) -> None:
        code = self.client.acknowledge(name).code
        if code not in (0, OTHER):
            raise RuntimeError(f"acknowledging was answered {code}")
        kept.acknowledged = code == 0

    def _keep(self, file: FileInfo) -> Fetched:
        document = self.client.open_document(file).read()
        digest = hashlib.sha256(document).hexdigest()
        if (before := self.fetched.get(file.file_name)) is not None:
            self.notes["documents handed out again"] += 1
            if before.hash != digest:
                raise RuntimeError(f"{file.file_name} came again with other contents")
            return before
        kept = Fetched(digest, read_download(document, lambda data: builders.content(data)))
        self.fetched[file.file_name] = kept
        return kept


def document_of(seed: int, isp_id: int) -> bytes:
    """One new filing as an upload document: mostly faultless, some with a defect, some of Beijing."""
    filing = builders.filing(seed)
    filing = replace(filing, websites=(builders.website(seed),))
    if seed % BAD_EVERY == 0:
        filing = builders.changed(filing, "sponsor.person.email", "no-at-sign")
    elif seed % ELSEWHERE_EVERY == 0:
        address = replace(filing.sponsor.address, province=110000, city=110100, county=110101)
        filing = builders.changed(filing, "sponsor.address", address)
    return write_upload([filing], requesting_provider=isp_id, load=lambda sha256: builders.jpeg_bytes())


def parameters(endpoint: str, isp_id: int, user_name: str, password: str, key: SecretKey) -> Parameters:
    """The communication parameters of an account."""
    return Parameters(endpoint=endpoint, isp_id=isp_id, user_name=user_name, password=password, key=key)
