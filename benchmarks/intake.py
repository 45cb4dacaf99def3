"""Accepting one-record uploads from 40 providers, by 1, 8 and 40 clients at once.

No worker runs: what is accepted waits, 40 documents a provider at most, below the bound at which 15
would be answered.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from benchmarks import calls
from benchmarks.floors import accepting
from benchmarks.load import Shot, Timing, drive
from benchmarks.one import Bench
from benchmarks.report import Row
from interface.models import ProviderAccount, Upload, UploadState

PROVIDERS, EACH = 40, 40
CLIENTS = (1, 8, 40)
SECONDS = 15.0


def run(bench: Bench) -> tuple[list[Row], list[str]]:
    """Measure each number of clients, system and floor by turns."""
    with connection.cursor() as cursor:
        cursor.execute(accepting.TABLE)
    with bench.web() as port:
        ours = [measure(bench, port, clients) for clients in CLIENTS]
    with bench.gunicorn("python:benchmarks.floors.gunicorn", "benchmarks.floors.accepting") as port:
        floors = [measure(bench, port, clients) for clients in CLIENTS]
    return [_row(*each) for each in zip(CLIENTS, ours, floors, strict=True)], [
        "Floor: a bare WSGI application under the same gunicorn; base64, MD5, unzip, schema validation, one "
        "committed INSERT. Figures: rate, then p50 / p95 / p99. Documents of one filing with a form of 4 KB."
    ]


def measure(bench: Bench, port: int, clients: int) -> Timing:
    """Warm up, then send for a while; raises where an answer is not 0."""
    prepare(port, 2, clients)
    lanes = prepared(bench.sized(EACH, 5), clients)
    timing = drive(port, lanes, calls.ACCEPTED, seconds=SECONDS)
    if timing.wrong:
        raise RuntimeError(f"not accepted: {timing.wrong[0].decode(errors='replace')}")
    bench.say(f"{clients} clients: {timing}")
    return timing


def prepare(port: int, each: int, clients: int) -> None:
    """Let every process open its connections and compile its schemas."""
    drive(port, prepared(each, clients), calls.ACCEPTED)


def prepared(each: int, clients: int) -> list[list[Shot]]:
    """Write the requests of all providers, from where their sequences stand."""
    Upload.objects.filter(state=UploadState.RECEIVED).update(state=UploadState.PROCESSED)
    accounts: Sequence[ProviderAccount] = calls.accounts(PROVIDERS)
    lanes = calls.lanes(accounts, clients, each, calls.new_filings())
    connection.close()  # the clients are forked
    return lanes


def _row(clients: int, ours: Timing, floor: Timing) -> Row:
    ratio = ours.rate / floor.rate
    aim, met = "rate ≥ 0.5 of the floor", ratio >= 0.5
    if clients == 40:
        aim, met = f"{aim}, p95 < 300 ms", met and ours.at(0.95) < 300
    return Row(
        what=f"intake, {clients} client{'s' * (clients > 1)}",
        measured=str(ours),
        floor=str(floor),
        ratio=ratio,
        aim=aim,
        met=met,
    )
