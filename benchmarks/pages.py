"""The reviewers' pages with 100,000 applications pending and as many filings on file: queries and milliseconds.

The queries of a page must not grow with what there is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from beian.models import Access, Domain, Membership, Node, Role, Sponsor, User
from benchmarks import calls
from benchmarks.load import Shot, Timing, drive, get
from benchmarks.one import Bench
from benchmarks.report import Row
from bureau.generate.run import Wanted, generate
from bureau.models import Application

APPLICATIONS, CALLS = 100_000, 100
BASELINE = Path(__file__).with_name("queries.json")
REVIEW, FILINGS = f"{calls.ENDPOINT}/review/", f"{calls.ENDPOINT}/filings/"


def run(bench: Bench) -> tuple[list[Row], list[str]]:
    """Fill the queue by `generate_data`, then look at every page."""
    bureau, count = calls.bureau(), bench.sized(APPLICATIONS, 200)
    generate(bureau, Wanted(applications=count, filings=count), lambda text: None)
    client = sign_in(bureau)
    queries = {page: queries_of(client, url) for page, url in urls(bureau).items()}
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    connection.close()
    baseline = json.loads(BASELINE.read_text())
    with bench.web() as port:
        timings = {page: _time(bench, port, page, url, cookie) for page, url in urls(bureau).items()}
    rows = [_row(page, queries[page], baseline[page], timing) for page, timing in timings.items()]
    return rows, [
        f"{count:,} applications are pending, {count:,} filings on file; one reviewer, over HTTP, signed in. The "
        f"numbers of queries stand in `benchmarks/{BASELINE.name}`, and `tests/bureau/test_query_counts.py` holds "
        "the pages to them."
    ]


def sign_in(bureau: Node) -> Client:
    """Give a client on which a reviewer of the bureau is signed in."""
    user = User.objects.create(username="bench.reviewer", name="测试审核员")
    Membership.objects.create(user=user, node=bureau, role=Role.REVIEWER)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)
    return client


def urls(bureau: Node) -> Mapping[str, str]:
    """Give the pages that are measured."""
    rows = Application.objects.at(bureau)
    middle = rows.order_by("deadline", "id")[rows.count() // 2]
    held = Sponsor.objects.held_by(bureau)
    filed = held.order_by("id")[held.count() // 2]
    domain = Domain.objects.held_by(bureau).filter(website__sponsor=filed)[0]
    access = Access.objects.held_by(bureau).filter(website__sponsor=filed)[0]
    return {
        "queue": REVIEW,
        "queue, by name": f"{REVIEW}?sort=sponsor",
        "queue, text in a name": f"{REVIEW}?text={middle.sponsor_name[-8:-4]}",
        "queue, by domain": f"{REVIEW}?text={middle.first_domain}",
        "queue, of one provider": f"{REVIEW}?provider={middle.isp_id}&due=soon",
        "detail": f"{REVIEW}{middle.pk}/",
        "filings": FILINGS,
        "filings, text in a name": f"{FILINGS}?text={quote(filed.name[-8:-4])}",
        "filings, by domain": f"{FILINGS}?text={domain.name}",
        "filings, by filing number": f"{FILINGS}?text={quote(str(filed.filing_number))}",
        "filings, of one provider": f"{FILINGS}?provider={access.isp_id}",
        "filings, without any access": f"{FILINGS}?state=shell",
        "filing": f"{FILINGS}{filed.number}/",
    }


def queries_of(client: Client, url: str) -> int:
    """Count the queries of a page."""
    client.get(url)  # what is loaded once in a process
    with CaptureQueriesContext(connection) as queries:
        if client.get(url).status_code != 200:
            raise RuntimeError(url)
    return len(queries)


def _time(bench: Bench, port: int, page: str, url: str, cookie: str) -> Timing:
    shots = [Shot(get(url, Cookie=cookie))] * bench.sized(CALLS, 10)
    drive(port, [shots[:10]], b"200 OK")
    timing = drive(port, [shots], b"200 OK")
    if timing.wrong:
        raise RuntimeError(timing.wrong[0].decode(errors="replace"))
    bench.say(f"{page}: {timing}")
    return timing


def _row(page: str, queries: int, baseline: int, timing: Timing) -> Row:
    return Row(
        what=page,
        measured=f"{queries} queries, {timing.at(0.5):.0f} / {timing.at(0.95):.0f} / {timing.at(0.99):.0f} ms",
        floor=f"{baseline} queries",
        aim="the queries of the baseline, p95 < 200 ms",
        met=queries == baseline and timing.at(0.95) < 200,
    )
