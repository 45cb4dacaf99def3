"""The provider's gateway: cases a minute from the queue to the bureau's word, and a decision to the sponsor's page."""

from __future__ import annotations

import sys
import time
from datetime import datetime

from django.conf import settings
from django.db import connection as database
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from beian import store
from beian.generate.approved import verification_form
from beian.generate.records import Maker
from beian.models import Membership, Node, Role, User
from benchmarks import calls
from benchmarks.load import Timing, exchange, get
from benchmarks.one import Bench
from benchmarks.report import Row
from bureau.models import Application
from bureau.services import intake, review
from bureau.workflow import State as BureauState
from enterprise.gateway import fetching, uploading
from enterprise.gateway.calls import client_of
from enterprise.gateway.steps import Step
from enterprise.generate import cases as generated
from enterprise.generate.cases import Cast
from enterprise.models import Case, Connection, Outgoing, SponsorAccount
from enterprise.workflow import State
from interface.codes import Code
from interface.models import ProviderAccount

CASES, WARM, DECISIONS, POLL_SECONDS = 5_000, 3, 20, 3
DECIDED = "管局审核通过"
"""What the sponsor's page says then."""

FIRST = 7_000_000
PATIENCE = 30.0


def run(bench: Bench) -> tuple[list[Row], list[str]]:
    """Fill the queue, let it go out over HTTP, send the same documents bare, then decide some."""
    account, bare = calls.accounts(2)
    count = bench.sized(CASES, 50)
    _sponsor(account.provider)
    _queue(account.provider, WARM + count)
    with bench.web() as port:
        connection = _connect(account, port)
        _warm_up(connection)
        gateway = _through_the_gateway(connection, count)
        floor = _bare(bare, port, account.provider)
        bench.say(f"{count} cases: {gateway:.2f} s, bare {floor:.2f} s")
        timing = _decisions(bench, account, connection, port)
    documents = _measured(account.provider).count()
    return [_uploads(count, gateway, floor), _pages(timing)], [
        f"{count:,} cases in {documents} documents, each case with a form of 4 KB, to our own bureau's endpoint over "
        "HTTP: the gateway reads and opens the cases, writes the documents, stores them, sends them, and moves every "
        "case twice with its events. Floor: the client alone uploads the same finished documents.",
        f"Decision to page: `manage.py gateway` looks into the mailbox every {POLL_SECONDS} s; the clock runs from the "
        "reviewer's commit until the sponsor's page, asked for every 50 ms, says 管局审核通过. On average half an "
        "interval is waiting for the next look.",
    ]


def _uploads(count: int, gateway: float, floor: float) -> Row:
    return Row(
        what=f"{count:,} cases from the queue to the bureau's 0",
        measured=f"{gateway:.2f} s, {60 * count / gateway:,.0f} a minute",
        floor=f"{floor:.2f} s, {60 * count / floor:,.0f} a minute",
        ratio=floor / gateway,
    )


def _pages(timing: Timing) -> Row:
    p50, p95, most = (timing.at(share) / 1000 for share in (0.5, 0.95, 1.0))
    return Row(
        what=f"decision at the bureau to the sponsor's page, {len(timing.latencies)} times",
        measured=f"{p50:.1f} / {p95:.1f} / {most:.1f} s (p50 / p95 / most)",
        floor=f"looks every {POLL_SECONDS} s",
        aim="≤ 10 s",
        met=most <= 10,
    )


def _sponsor(provider: Node) -> SponsorAccount:
    user = User.objects.create(username=f"{provider.isp_id}/bench@example.cn", name="测试主办者")
    Membership.objects.create(user=user, node=provider, role=Role.SPONSOR)
    return SponsorAccount.objects.create(provider=provider, user=user, email="bench@example.cn")


def _queue(provider: Node, count: int) -> None:
    """Put so many cases of the one sponsor into the queue."""
    maker = Maker.at(calls.PROVINCE, 1, verification_form())
    cast = Cast(accounts=[], agents=[], people=[])
    for start in range(0, count, 1000):
        ns = range(FIRST + start, FIRST + min(start + 1000, count))
        generated.keep(provider, maker, ns, cast, all_in=State.QUEUED)
    Case.objects.at(provider).update(sponsor_account=SponsorAccount.objects.get(provider=provider))
    with database.cursor() as cursor:
        cursor.execute("ANALYZE")


def _connect(account: ProviderAccount, port: int) -> Connection:
    return Connection.objects.create(
        provider=account.provider,
        endpoint=f"http://127.0.0.1:{port}{calls.ENDPOINT}",
        user_name=account.user_name,
        password=account.password,
        poll_seconds=POLL_SECONDS,
    )


def _warm_up(connection: Connection) -> None:
    """Let everybody load what is loaded once in a process: a few small documents, and calls to either web process."""
    line = client_of(connection)
    for _ in range(12):
        line.previous_upload()
    Case.objects.at(connection.provider).filter(pk__in=_first(connection, WARM)).update(alone=True)
    for _ in range(WARM):
        uploading.step(connection.pk)


def _first(connection: Connection, count: int) -> list[int]:
    queued = Case.objects.at(connection.provider).filter(state=State.QUEUED).order_by("queued_at", "pk")
    return list(queued.values_list("pk", flat=True)[:count])


def _through_the_gateway(connection: Connection, count: int) -> float:
    """Let the queue go out; gives the seconds."""
    started = time.monotonic()
    if (came_to := uploading.drain(connection.pk)) != Step.IDLE:
        connection.refresh_from_db()
        raise RuntimeError(f"{came_to}: {connection.uploads_wait_because}{connection.stopped_because}")
    seconds = time.monotonic() - started
    if Case.objects.at(connection.provider).filter(state=State.ACKNOWLEDGED).count() != WARM + count:
        raise RuntimeError("not all were acknowledged")
    return seconds


def _measured(provider: Node) -> QuerySet[Outgoing]:
    """The documents that were measured: all but those that warmed up."""
    return Outgoing.objects.filter(provider=provider, sequence__gt=WARM).order_by("sequence")


def _bare(account: ProviderAccount, port: int, of: Node) -> float:
    """Upload the documents that the gateway wrote as another provider; gives the seconds."""
    client = client_of(_connect(account, port))
    contents = [store.get(each.content) for each in _measured(of)]
    started = time.monotonic()
    for sequence, content in enumerate(contents, start=1):
        if client.upload(content, sequence).code != Code.OK:
            raise RuntimeError("not accepted")
    return time.monotonic() - started


def _decisions(bench: Bench, account: ProviderAccount, connection: Connection, port: int) -> Timing:
    """Decide some applications, one after the other, and watch the sponsor's page of each."""
    intake.drain(account.pk)
    while fetching.step(connection.pk).goes_on:
        pass
    reviewer = User.objects.create(username="bench.decides", name="测试审核员")
    Membership.objects.create(user=reviewer, node=account.bureau, role=Role.REVIEWER)
    waiting = Application.objects.filter(isp_id=account.isp_id, state=BureauState.PENDING).order_by("?")
    chosen = list(waiting[: bench.sized(DECISIONS, 5)])
    cookie = _cookie(account.provider)
    started = timezone.now()
    with bench.running("gateway", [sys.executable, "manage.py", "gateway"]):
        _wait_until_it_looks(connection, started)
        taken = [_until_shown(account, reviewer, application, port, cookie) for application in chosen]
    return Timing(sorted(taken), sum(taken), [])


def _wait_until_it_looks(connection: Connection, started: datetime) -> None:
    """Wait until the gateway has looked into the mailbox since `started`."""
    while not Connection.objects.filter(pk=connection.pk, last_looked_at__gt=started).exists():
        time.sleep(0.2)


def _until_shown(account: ProviderAccount, reviewer: User, application: Application, port: int, cookie: str) -> float:
    case = Case.objects.at(account.provider).get(subject=application.subject)
    page = get(
        reverse("enterprise:portal_case", kwargs={"isp": account.isp_id, "reference": case.reference}), Cookie=cookie
    )
    if _says(exchange(port, page), DECIDED):
        raise RuntimeError("the page says so before it is")
    review.decide_many(account.bureau, [application.pk], reviewer, "approve", [], "")
    started = time.monotonic()
    while not _says(exchange(port, page), DECIDED):
        if time.monotonic() - started > PATIENCE:
            raise RuntimeError("the page never showed the decision")
        time.sleep(0.05)
    return time.monotonic() - started


def _says(answer: bytes, words: str) -> bool:
    if b"200 OK" not in answer[:40]:
        raise RuntimeError(answer[:300].decode(errors="replace"))
    return words.encode() in answer


def _cookie(provider: Node) -> str:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(SponsorAccount.objects.get(provider=provider).user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
