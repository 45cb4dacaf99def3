"""The same intake on a service of the same operations in spyne and Django, in an environment of its own.

The comparison favours that service: it keeps passwords and uploads in the clear, writes no event and
no call log, checks no address, hours or backlog, and wakes no worker.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from django.db import connection

from benchmarks import calls, intake
from benchmarks.load import Timing, drive
from benchmarks.one import Bench
from benchmarks.report import KEPT, Row

VENV = KEPT / "spyne-venv"
SERVICE = Path(__file__).with_name("spyne_service")
TABLES = """
CREATE TABLE spyne_service_account (
    id bigserial PRIMARY KEY, isp_id bigint UNIQUE NOT NULL, user_name varchar(64) NOT NULL,
    password varchar(64) NOT NULL, last_sequence bigint NOT NULL);
CREATE TABLE spyne_service_stored (
    id bigserial PRIMARY KEY, account_id bigint NOT NULL REFERENCES spyne_service_account, sequence bigint NOT NULL,
    hash varchar(64) NOT NULL, content bytea NOT NULL, received_at timestamptz NOT NULL,
    CONSTRAINT stored_once UNIQUE (account_id, sequence));
"""


def run(bench: Bench) -> tuple[list[Row], list[str]]:
    """Measure spyne, then ours, with the same requests."""
    python = _environment(bench)
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
    with bench.web() as port:
        ours = [intake.measure(bench, port, clients) for clients in intake.CLIENTS]
    application = "benchmarks.spyne_service.wsgi"
    config = str(Path(__file__).with_name("spyne_service") / "gunicorn.py")
    with bench.gunicorn(config, application, python=python) as port:
        theirs = [_measure(bench, port, clients) for clients in intake.CLIENTS]
    return [_row(*each) for each in zip(intake.CLIENTS, ours, theirs, strict=True)], [
        __doc__.partition("\n\n")[2].strip()
    ]


def _environment(bench: Bench) -> Path:
    """Make the environment of the other service, once."""
    python = VENV / "bin" / "python"
    if not (VENV / "complete").exists():
        bench.say("installing spyne")
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
        quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([python, *quiet, "-r", SERVICE / "requirements.txt"], check=True)
        (VENV / "complete").touch()
    return python


def _measure(bench: Bench, port: int, clients: int) -> Timing:
    """Start every account anew on the other service, warm up, and send for a while."""
    drive(port, _prepared(2, clients), calls.ACCEPTED)
    lanes = _prepared(bench.sized(intake.EACH, 5), clients)
    timing = drive(port, lanes, calls.ACCEPTED, seconds=intake.SECONDS)
    if timing.wrong:
        raise RuntimeError(f"not accepted: {timing.wrong[0].decode(errors='replace')}")
    bench.say(f"spyne, {clients} clients: {timing}")
    return timing


def _prepared(each: int, clients: int) -> list[list[calls.Shot]]:
    accounts = calls.accounts(intake.PROVIDERS)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE spyne_service_account, spyne_service_stored RESTART IDENTITY")
        for account in accounts:
            row = [account.isp_id, account.user_name, account.password, account.last_sequence]
            cursor.execute(
                "INSERT INTO spyne_service_account (isp_id, user_name, password, last_sequence) "
                "VALUES (%s, %s, %s, %s)",
                row,
            )
    connection.close()
    return calls.lanes(accounts, clients, each, calls.new_filings())


def _row(clients: int, ours: Timing, theirs: Timing) -> Row:
    return Row(
        what=f"intake, {clients} client{'s' * (clients > 1)} (floor: spyne)",
        measured=str(ours),
        floor=str(theirs),
        ratio=ours.rate / theirs.rate,
    )
