"""Ten o'clock: a thousand providers, each with one upload within the same minute; workers at work."""

from __future__ import annotations

import random
import time

from django.db import connection

from beian import store
from benchmarks import calls
from benchmarks.load import Shot, drive
from benchmarks.one import Bench
from benchmarks.report import Row
from bureau.models import Application
from bureau.workflow import State
from interface.documents.upload import write_upload
from interface.models import Upload, UploadState

PROVIDERS, MINUTE, LANES = 1_000, 60.0, 100
PATIENCE = 600.0


def run(bench: Bench) -> tuple[list[Row], list[str]]:
    """Send for a minute, then wait until everything is processed."""
    count = bench.sized(PROVIDERS, 20)
    accounts, filings, chance = calls.accounts(count), calls.new_filings(), random.Random(10)
    moments = sorted(chance.uniform(0, MINUTE * min(1.0, bench.scale)) for _ in accounts)
    shots = []
    for account, moment in zip(accounts, moments, strict=True):
        document = write_upload([next(filings)], requesting_provider=account.isp_id, load=store.get)
        shots.append(Shot(calls.upload(account, document, 1), moment))
    connection.close()
    with bench.web() as port, bench.worker():
        started = time.monotonic()
        timing = drive(port, [shots[lane::LANES] for lane in range(LANES)], calls.ACCEPTED)
        sent = time.monotonic() - started
        done = _until_processed(started)
    pending = Application.objects.filter(state=State.PENDING).count()
    bench.say(f"{timing}; sent in {sent:.1f} s, done after {done:.1f} s; {len(timing.wrong)} refused")
    for wrong in timing.wrong[:3]:
        bench.say(wrong.decode(errors="replace"))
    return [
        Row(
            what=f"{count:,} uploads in a minute",
            measured=f"{len(timing.latencies):,} accepted, {timing.at(0.5):.0f} / {timing.at(0.95):.0f} / "
            f"{timing.at(0.99):.0f} ms",
            aim="no refusal",
            met=len(timing.latencies) == count,
        ),
        Row(
            what="all of them processed",
            measured=f"{pending:,} applications, {done:.1f} s after the first call, "
            f"{max(done - sent, 0):.1f} s after the last",
            aim="all",
            met=pending == count,
        ),
    ], ["Moments are drawn evenly over the minute; a call that had to wait for its client counts as waiting."]


def _until_processed(started: float) -> float:
    while Upload.objects.filter(state=UploadState.RECEIVED).exists():
        if time.monotonic() - started > PATIENCE:
            raise RuntimeError("not everything was processed")
        time.sleep(0.05)
    return time.monotonic() - started
