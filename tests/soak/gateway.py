"""`script/soak --gateway`: cases go through the gateway while it is killed with -9; then everything is counted.

The office queues cases, the gateway uploads them over SOAP, reviewers decide, results come back and are
applied. Half of the kills come while a document is on its way, the others at any time. With `--kills` the
bureau's processes and the database die too.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from beian.embedded.supervisor import interruptible
from tests.soak.system import KILLABLE, System

if TYPE_CHECKING:
    from tests.soak.counting import Line
    from tests.soak.reviewers import Reviewer

GATEWAY = "gateway"
ISP_ID = 440000000851
PAUSES = (0.5, 4.0)
SETTLES_WITHIN = 1800.0
AGAIN_EVERY = 10
"""Every so many cases ask for what another one asked for, and come back."""

ALONE_EVERY = 3
"""Every so many cases go in a document of their own: so that there are many."""

STARTS_WITHIN = 60.0
BEGUN = "gateway_connection"


def main() -> int:
    """Run it with the options of the command line; 1 where anything is off."""
    options = _options()
    random.seed(options.seed)
    top = Path(tempfile.mkdtemp(prefix="beian-soak-"))
    top.chmod(0o711)
    system = System(top / "data")
    system.deaths[GATEWAY] = 0
    right = False
    try:
        with interruptible(), system.running():
            right = GatewaySoak(system, options).run()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
    finally:
        if right:
            shutil.rmtree(top)
        else:
            print(f"Everything is kept in {top}")
    return 0 if right else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/soak --gateway", description=__doc__)
    parser.add_argument("--cases", type=int, default=1000, help="how many cases (1000)")
    parser.add_argument("--minutes", type=float, default=5.0, help="over how long they are queued (5)")
    parser.add_argument("--kills", default=GATEWAY, help=f"what is killed, of {GATEWAY},{','.join(KILLABLE)}")
    parser.add_argument("--seed", type=int, default=None, help="the same order of kills again")
    options = parser.parse_args()
    options.kills = [word for word in options.kills.split(",") if word]
    if unknown := set(options.kills) - {GATEWAY, *KILLABLE}:
        parser.error(f"cannot kill {', '.join(sorted(unknown))}")
    return options


class GatewaySoak:
    """One run. The main thread supervises and kills; the office and the reviewers are threads."""

    def __init__(self, system: System, options: argparse.Namespace) -> None:
        self.system, self.options = system, options
        self.queued = threading.Event()
        self.troubles: list[str] = []
        # Only now is it known where the servers are.
        os.environ.update(system.env)
        import django

        django.setup()
        self._make_cast()

    def _make_cast(self) -> None:
        from django.core.management import call_command

        from enterprise.models import Connection
        from tests.interface import calling
        from tests.soak.reviewers import staff

        call_command("add_node", "ministry", "--name", "部级系统")
        call_command("add_node", "bureau:440000", "--name", "广东省通信管理局")
        call_command("add_node", "bureau:110000", "--name", "北京市通信管理局", "--two-stages", "yes")
        account = calling.account(ISP_ID)
        self.provider = account.provider
        self.connection = Connection.objects.create(
            provider=account.provider,
            endpoint=f"{self.system.url}/bureaus/440000",
            user_name=account.user_name,
            password=calling.PASSWORD,
            aes_key=calling.KEY.key,
            aes_iv=calling.KEY.offset,
            encrypt=True,
            poll_seconds=1,
        )
        self.reviewers: list[Reviewer] = staff(self.system.url)[:1]

    def run(self) -> bool:
        """Let it run, kill, wait until every case is decided, count; says whether everything was right."""
        started = time.monotonic()
        threads = [threading.Thread(target=each, daemon=True) for each in (self._queue_all, *self._desks())]
        for thread in threads:
            thread.start()
        self._kill_while(lambda: not self.queued.is_set() or self._open_cases() > self.options.cases // 10)
        quiet = self._wait(lambda: self.queued.is_set() and self._open_cases() == 0, SETTLES_WITHIN)
        quiet = quiet and self._wait(lambda: self._unacknowledged() == 0, 60)
        for reviewer in self.reviewers:
            reviewer.done.set()
        return self._report(time.monotonic() - started, quiet)

    def _desks(self) -> Iterator[Callable[[], None]]:
        return (reviewer.decide_all for reviewer in self.reviewers)

    def _queue_all(self) -> None:
        """What the office does: one case after another, some that go alone, some that ask for the same again."""
        from django.db import connection

        pace = self.options.minutes * 60 / self.options.cases
        began = time.monotonic()
        try:
            for n in range(1, self.options.cases + 1):
                self._queue(n)
                time.sleep(max(0.0, began + n * pace - time.monotonic()))
        except Exception as error:
            self.troubles.append(f"case {n}: {type(error).__name__}: {error}")
        finally:
            self.queued.set()
            connection.close()

    def _queue(self, n: int) -> None:
        """Queue a case; again from the beginning where the database went away in the middle."""
        from django.db import Error, connection, transaction

        from enterprise.models import Case
        from enterprise.workflow import State
        from tests.enterprise.conftest import case_in

        seed = n - AGAIN_EVERY // 2 if n % AGAIN_EVERY == 0 else n
        while True:
            try:
                with transaction.atomic():
                    case = case_in(self.provider, State.QUEUED, seed)
                    if n % ALONE_EVERY == 0:
                        Case.objects.filter(pk=case.pk).update(alone=True)
                return
            except Error:
                connection.close()
                time.sleep(0.5)

    def _kill_while(self, going_on: Callable[[], bool]) -> None:
        """Kill one part after another, in turns of random order."""
        turn: list[str] = []
        due = time.monotonic() + random.uniform(*PAUSES)
        while going_on():
            self.system.look_after()
            if self.options.kills and time.monotonic() >= due:
                turn = turn or random.sample(self.options.kills, len(self.options.kills))
                self._kill(turn.pop())
                due = time.monotonic() + random.uniform(*PAUSES)
            time.sleep(0.1)

    def _kill(self, kind: str) -> None:
        if kind == GATEWAY:
            self._wait_until_at_work()
        self.system.kill(kind, whole=kind == GATEWAY or random.random() < 0.5)

    def _wait_until_at_work(self) -> None:
        """Wait until the gateway runs since its last death; then for a document on its way, or any moment."""
        self._wait(lambda: self._starts() > self.system.deaths[GATEWAY], STARTS_WITHIN)
        if random.random() < 0.5:
            self._wait(lambda: self._on_the_way() > 0, 5, pause=0.002)
        else:
            time.sleep(random.uniform(0.0, 2.0))

    def _starts(self) -> int:
        """Count how often the gateway took up the connection."""
        log = self.system.folder.logs / f"{GATEWAY}.log"
        return log.read_text(errors="replace").count(BEGUN) if log.exists() else 0

    def _on_the_way(self) -> int:
        from enterprise.models import Incoming, Outgoing

        return self._count(
            lambda: (
                Outgoing.objects.filter(state="sending").count() + Incoming.objects.filter(acknowledged_at=None).count()
            )
        )

    def _open_cases(self) -> int:
        from enterprise.models import Case
        from enterprise.workflow import ENDED, State

        ended = [*ENDED, State.REFUSED, State.RETURNED]
        return self._count(lambda: Case.objects.exclude(state__in=ended).count())

    def _unacknowledged(self) -> int:
        from interface.models import Outcome

        return self._count(lambda: Outcome.objects.exclude(parcel__acknowledged_at__isnull=False).count())

    def _count(self, ask: Callable[[], int]) -> int:
        """Count; very many where the database does not answer."""
        from django.db import Error, close_old_connections

        try:
            return ask()
        except Error:
            close_old_connections()
            return sys.maxsize

    def _wait(self, condition: Callable[[], bool], seconds: float, pause: float = 0.2) -> bool:
        end = time.monotonic() + seconds
        while not condition():
            self.system.look_after()
            if time.monotonic() > end:
                return False
            time.sleep(pause)
        return True

    def _report(self, seconds: float, quiet: bool) -> bool:
        from enterprise.models import Call, Outgoing
        from tests.soak.__main__ import _show

        lines = list(self._lines(quiet))
        _show(lines)
        print(f"\nkilled: {', '.join(f'{kind} {number}' for kind, number in self.system.deaths.items() if number)}")
        calls = Counter(Call.objects.values_list("operation", "code"))
        print("calls: " + "; ".join(f"{name} {code} {n}" for (name, code), n in sorted(calls.items(), key=str)))
        again = Outgoing.objects.filter(tries__gt=1).count()
        print(f"documents {Outgoing.objects.count()}, of which sent more than once {again}")
        print(f"the whole run {seconds:.0f} s")
        return all(line.right for line in lines)

    def _lines(self, quiet: bool) -> Iterator[Line]:
        from bureau.models import Application
        from enterprise.models import Case, Incoming, Outgoing, Portion
        from enterprise.workflow import State
        from interface.models import Parcel, ProviderAccount, Upload
        from tests.soak.counting import Line

        cases = self.options.cases
        yield Line("every case decided", (True, []), (quiet, self.troubles))
        yield Line("cases", cases, Case.objects.count())
        sent = list(Outgoing.objects.filter(state="accepted").order_by("sequence").values_list("sequence", flat=True))
        there = list(Upload.objects.order_by("sequence").values_list("sequence", flat=True))
        yield Line("numbers at the bureau: from 1 without gap or repeat", list(range(1, len(there) + 1)), there)
        yield Line("  taken for accepted here", there, sent)
        yield Line("  both count alike", len(there), ProviderAccount.objects.get().last_sequence)
        yield Line("  documents on their way, parts left", (0, 0), (self._on_the_way(), Portion.objects.count()))
        subjects = Counter(Application.objects.values_list("subject", flat=True))
        wanted = Counter(Case.objects.values_list("subject", flat=True))
        yield Line("applications at the bureau", cases, subjects.total())
        yield Line("  lost, doubled", (0, 0), ((wanted - subjects).total(), (subjects - wanted).total()))
        ended = {"approved": State.FILED, "refused": State.REFUSED, "returned": State.RETURNED}
        decided = dict(Application.objects.values_list("subject", "state"))
        heard = dict(Case.objects.values_list("subject", "state"))
        other = [subject for subject, state in heard.items() if ended.get(decided.get(subject, "")) != state]
        yield Line("cases that say other than the decision", [], other)
        yield from self._heard(cases)
        yield Line("documents fetched", Parcel.objects.count(), Incoming.objects.count())
        yield Line("  not acknowledged here, there", (0, 0), (
            Incoming.objects.exclude(state="acknowledged").count(), Parcel.objects.filter(acknowledged_at=None).count()
        ))  # fmt: skip

    def _heard(self, cases: int) -> Iterator[Line]:
        from beian.models import Event
        from tests.soak.counting import Line

        for name, verbs in (("acknowledged", ["acknowledge"]), ("answers heard", _HEARD)):
            found = Counter(Event.objects.filter(subject_kind="case", verb__in=verbs).values_list("subject", flat=True))
            yield Line(f"cases {name}, more than once", (cases, 0), (len(found), found.total() - len(found)))


_HEARD = ["hear_filed", "hear_refused", "hear_returned"]


if __name__ == "__main__":
    sys.exit(main())
