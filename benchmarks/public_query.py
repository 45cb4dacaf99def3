"""The public query with a million filings: by domain, number and name, one caller and eight."""

from __future__ import annotations

import random
import time
from urllib.parse import quote

from django.db import connection

from benchmarks import calls
from benchmarks.load import Shot, Timing, drive, get
from benchmarks.one import Bench
from benchmarks.report import Row
from bureau.generate.run import Wanted, generate
from ministry.models import PublicFiling

FILINGS, CALLS = 1_000_000, 1_200
COLUMNS = {"domain": "domain_key", "filing number": "website_filing_number", "name": "sponsor_key"}


def run(bench: Bench) -> tuple[list[Row], list[str]]:
    """Fill the table by `generate_data`, then ask."""
    count = bench.sized(FILINGS, 1_000)
    started = time.monotonic()
    generate(calls.bureau(), Wanted(filings=count), _seldom(bench))
    bench.say(f"{count:,} filings in {time.monotonic() - started:.0f} s")
    asked = {what: _values(column, bench.sized(CALLS, 50)) for what, column in COLUMNS.items()}
    rows = []
    # Each caller has an address of its own: the query counts them.
    with bench.web({"TRUSTED_PROXIES": "127.0.0.0/8"}) as port:
        for what, values in asked.items():
            floor = _floor(COLUMNS[what], values)
            drive(port, [_shots(values[:40])], b"ICP")
            rows += [_row(what, clients, _ask(bench, port, values, clients), floor, count) for clients in (1, 8)]
    return rows, [
        f"Floor: one indexed SELECT of all columns by psycopg2 over an open connection. Figures: rate, then "
        f"p50 / p95 / p99. Every question is another one of the {count:,} filings, drawn at random."
    ]


def _seldom(bench: Bench) -> object:
    last = [0.0]

    def say(text: str) -> None:
        if time.monotonic() - last[0] > 30:
            last[0] = time.monotonic()
            bench.say(text)

    return say


def _values(column: str, count: int) -> list[str]:
    highest = PublicFiling.objects.order_by("-id").values_list("id", flat=True)[0]
    lowest = PublicFiling.objects.order_by("id").values_list("id", flat=True)[0]
    chance = random.Random(column)
    ids = [chance.randint(lowest, highest) for _ in range(count)]
    found = dict(PublicFiling.objects.filter(id__in=ids).values_list("id", column))
    return [found[pk] for pk in ids if pk in found]


def _shots(values: list[str]) -> list[Shot]:
    chance = random.Random(0)
    return [
        Shot(
            get(
                f"/?q={quote(value)}",
                X_Forwarded_For=f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(1, 255)}",
            )
        )
        for value in values
    ]


def _ask(bench: Bench, port: int, values: list[str], clients: int) -> Timing:
    connection.close()
    shots = _shots(values)
    timing = drive(port, [shots[number::clients] for number in range(clients)], "ICP备".encode())
    if timing.wrong:
        raise RuntimeError(timing.wrong[0].decode(errors="replace"))
    bench.say(f"{clients} clients: {timing}")
    return timing


def _floor(column: str, values: list[str]) -> list[float]:
    """Give the seconds of each SELECT, sorted."""
    table, found = PublicFiling._meta.db_table, []
    with connection.cursor() as cursor:
        for value in values:
            started = time.monotonic()
            cursor.execute(f"SELECT * FROM {table} WHERE {column} = %s", [value])
            cursor.fetchall()
            found.append(time.monotonic() - started)
    return sorted(found)


def _row(what: str, clients: int, timing: Timing, floor: list[float], count: int) -> Row:
    floors = [1000 * floor[int(share * len(floor))] for share in (0.5, 0.95, 0.99)]
    return Row(
        what=f"by {what}, {clients} caller{'s' * (clients > 1)}",
        measured=str(timing),
        floor=f"{' / '.join(f'{each:.2f}' for each in floors)} ms",
        ratio=floors[0] / timing.at(0.5),
        aim="p99 < 20 ms" if clients == 1 else "",
        met=timing.at(0.99) < 20 if clients == 1 else None,
    )
