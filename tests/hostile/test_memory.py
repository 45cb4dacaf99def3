"""Fifty megabytes from several at once: a web process stays within bounds, each caller gets an answer."""

from __future__ import annotations

import base64
import hashlib
import random
import re
import struct
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from interface import codec
from interface.models import Upload
from tests.hostile import wire
from tests.interface import calling, serving
from tests.interface.serving import Server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ALLOWED = 300 * 2**20
CALLERS = 6


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Two processes of eight threads, as the demo runs them."""
    folder = tmp_path_factory.mktemp("gunicorn")
    with django_db_blocker.unblock(), serving.gunicorn(folder, workers=2) as running:
        yield running


@pytest.fixture(scope="module")
def document() -> bytes:
    """As large as a document may be, and hardly compressible."""
    noise = random.Random(1).randbytes(codec.MAX_DOCUMENT * 3 // 4 - 1000)
    written = calling.DOCUMENT + base64.b64encode(noise)
    return written + b" " * (codec.MAX_DOCUMENT - len(written))


def memory(pid: int) -> int:
    """What a process holds for itself and its share of what it has in common with others, in bytes."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"\nPss: +(\d+) kB", text)[1]) * 1024  # type: ignore[index]


class Watch(threading.Thread):
    """Looks ten times a second how much each of several processes holds."""

    def __init__(self, pids: list[int]) -> None:
        super().__init__(daemon=True)
        self.idle = {pid: memory(pid) for pid in pids}
        self.most = dict(self.idle)
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.1):
            for pid in self.most:
                self.most[pid] = max(self.most[pid], memory(pid))

    @property
    def growth(self) -> int:
        return max(self.most[pid] - self.idle[pid] for pid in self.idle)


def test_large_documents_at_once_stay_within_bounds(
    server: Server, document: bytes, transactional_db: None, record_property: Any
) -> None:
    accounts = [calling.account(440000000901 + number) for number in range(CALLERS)]
    upload = calling.upload_parameters(1, document)
    bodies = [calling.envelope("isp_upload", calling.credentials(account) | upload) for account in accounts]
    answers: list[wire.Answer] = []

    def send(body: bytes) -> None:
        head = wire.head(f"Content-Length: {len(body)}")
        answers.append(wire.exchange(server.port, head, body, seconds=200))

    for _ in range(2):
        wire.exchange(server.port, wire.head(path="/healthz", method="GET"))
    watch = Watch(server.workers)
    watch.start()
    threads = [threading.Thread(target=send, args=[body]) for body in bodies]
    for thread in threads:
        thread.start()
    time.sleep(1)
    health = wire.exchange(server.port, wire.head(path="/healthz", method="GET"))
    for thread in threads:
        thread.join()
    watch.over.set()
    record_property("growth_megabytes", watch.growth // 2**20)
    record_property("seconds", [round(answer.seconds, 1) for answer in answers])
    print(watch.growth // 2**20, "MB;", [(a.code, round(a.seconds, 1)) for a in answers], "health", health.seconds)
    assert watch.growth < ALLOWED
    assert len(answers) == CALLERS
    assert {answer.code for answer in answers} <= {0, 999}
    accepted = [answer for answer in answers if answer.code == 0]
    assert Upload.objects.count() == len(accepted) >= 4
    for stored in Upload.objects.all():
        assert stored.hash == upload["beianInfoHash"]
    assert health.status == 200


def test_one_byte_too_many_is_refused(server: Server, document: bytes, transactional_db: None) -> None:
    account = calling.account()
    given = calling.credentials(account) | calling.upload_parameters(1, document + b" ")
    body = calling.envelope("isp_upload", given)
    answer = wire.exchange(server.port, wire.head(f"Content-Length: {len(body)}"), body, seconds=100)
    assert answer.code == 18
    assert not Upload.objects.exists()


def a_bomb(size: int, claimed: int) -> bytes:
    """A zip of one entry: `size` zeros that say they are `claimed`."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = bytes(2**20)
    packed = b"".join(packer.compress(zeros) for _ in range(size // 2**20)) + packer.flush()
    checksum = zlib.crc32(bytes(claimed))
    common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, checksum, len(packed), claimed, 5, 0)
    local = b"PK\3\4" + common + b"a.xml"
    central = b"PK\1\2" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + b"a.xml"
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local) + len(packed), 0)
    return local + packed + central + end


@pytest.mark.parametrize("claimed", [100, 50_000_000, 2**31])
def test_a_bomb_in_a_zip_is_not_inflated_further_than_it_may_be(
    server: Server, transactional_db: None, claimed: int
) -> None:
    """Two gigabytes of zeros in two megabytes, which claim to be less."""
    account = calling.account()
    bomb = a_bomb(2 * 2**30, claimed)
    digest = base64.b64encode(hashlib.md5(bomb).digest()).decode()
    given = calling.credentials(account) | calling.upload_parameters(1)
    given |= {"beianInfo": base64.b64encode(bomb).decode(), "beianInfoHash": digest}
    envelope = calling.envelope("isp_upload", given)
    ordinary = calling.envelope("isp_upload", calling.credentials(account) | calling.upload_parameters(1))
    for _ in range(4):  # what a process loads with its first call is not the bomb's doing
        wire.exchange(server.port, wire.head(f"Content-Length: {len(ordinary)}"), ordinary)
    before = server.peak_memory()
    answer = wire.exchange(server.port, wire.head(f"Content-Length: {len(envelope)}"), envelope)
    assert answer.code == (18 if claimed == 2**31 else 8)
    assert answer.seconds < 10
    assert server.peak_memory() - before < 30 * 2**20
