"""`script/soak`: uploads, decisions and downloads while processes are killed; then everything is counted."""

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
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from beian.embedded.supervisor import interruptible
from tests.soak.system import KILLABLE, System

if TYPE_CHECKING:
    from tests.soak.counting import Line
    from tests.soak.providers import Provider
    from tests.soak.reviewers import Reviewer

FIRST_ISP = 440000000801
PAUSES = (2.0, 12.0)
SETTLES_WITHIN = 600.0
SECONDS_TO_LOOK = 0.2
BURST = 1.5


def main() -> int:
    """Run the soak with the options of the command line; 1 where anything is off."""
    options = _options()
    random.seed(options.seed)
    top = Path(tempfile.mkdtemp(prefix="beian-soak-"))
    top.chmod(0o711)
    system = System(top / "data")
    right = False
    try:
        with interruptible(), system.running():
            right = Soak(system, options).run()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
    finally:
        if right:
            shutil.rmtree(top)
        else:
            print(f"Everything is kept in {top}")
    return 0 if right else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/soak", description=__doc__)
    parser.add_argument("--uploads", type=int, default=1000, help="how many documents of one record (1000)")
    parser.add_argument("--minutes", type=float, default=10.0, help="over how long they are spread (10)")
    parser.add_argument("--providers", type=int, default=8, help="how many providers send them (8)")
    parser.add_argument("--kills", default=",".join(KILLABLE), help=f"what is killed ({','.join(KILLABLE)})")
    parser.add_argument("--seed", type=int, default=None, help="the same order of kills again")
    options = parser.parse_args()
    options.kills = [word for word in options.kills.split(",") if word]
    if unknown := set(options.kills) - set(KILLABLE):
        parser.error(f"cannot kill {', '.join(sorted(unknown))}; choose of {', '.join(KILLABLE)}")
    return options


class Soak:
    """One run. The main thread supervises and kills; everyone else is a thread."""

    def __init__(self, system: System, options: argparse.Namespace) -> None:
        self.system, self.options = system, options
        self.threads: list[threading.Thread] = []
        # Only now is it known where the servers are.
        os.environ.update(system.env)
        import django

        django.setup()
        self._nodes()
        self.providers = self._providers()
        self.reviewers = self._reviewers()

    def run(self) -> bool:
        """Let it run, kill, wait until all is quiet, count; says whether everything was right."""
        started = time.monotonic()
        uploading = [self._begin(each.upload_all) for each in self.providers]
        for each in self.providers:
            self._begin(each.fetch_all)
        for reviewer in self.reviewers:
            self._begin(reviewer.decide_all)
        self._kill_while(lambda: not all(each.waits_for_burst.is_set() for each in self.providers))
        recovery = self._last_blow(lambda: any(thread.is_alive() for thread in uploading))
        quiet = self._wait(self._is_quiet, SETTLES_WITHIN)
        self._end()
        return self._report(time.monotonic() - started, recovery, quiet)

    def _providers(self) -> list[Provider]:
        from tests.interface import calling
        from tests.soak.providers import Provider, parameters

        made, number = [], self.options.providers
        pace = self.options.minutes * 60 * number / self.options.uploads
        for place in range(number):
            account = calling.account(FIRST_ISP + place)
            seeds = list(range(1 + place, self.options.uploads + 1, number))
            endpoint = f"{self.system.url}/bureaus/440000"
            known = parameters(endpoint, account.isp_id, account.user_name, calling.PASSWORD, calling.KEY)
            made.append(Provider(known, encrypt=place % 2 == 1, seeds=seeds, pace=pace))
        return made

    def _nodes(self) -> None:
        from django.core.management import call_command

        call_command("add_node", "ministry", "--name", "部级系统")
        call_command("add_node", "bureau:440000", "--name", "广东省通信管理局")
        call_command("add_node", "bureau:110000", "--name", "北京市通信管理局", "--two-stages", "yes")

    def _reviewers(self) -> list[Reviewer]:
        from tests.soak.reviewers import staff

        return staff(self.system.url)

    def _begin(self, work: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        self.threads.append(thread)
        return thread

    def _kill_while(self, going_on: Callable[[], bool]) -> None:
        """Kill one part after another, in turns of random order, at random times."""
        turn: list[str] = []
        due = time.monotonic() + random.uniform(*PAUSES)
        while going_on():
            self.system.look_after()
            if self.options.kills and time.monotonic() >= due:
                turn = turn or random.sample(self.options.kills, len(self.options.kills))
                self._kill(turn.pop())
                due = time.monotonic() + random.uniform(*PAUSES)
            time.sleep(SECONDS_TO_LOOK)

    def _kill(self, kind: str) -> None:
        """Kill a part; a worker mostly while it works on an upload, which it otherwise seldom does."""
        if kind == "worker":
            end = time.monotonic() + 5
            while self._count("in work") < 1 and time.monotonic() < end:
                time.sleep(0.002)
        self.system.kill(kind, whole=random.random() < 0.5)

    def _last_blow(self, uploading: Callable[[], bool]) -> float:
        """Kill everything while uploads wait; measure from the return until none waits any more."""
        self._wait(lambda: self.system.calms[-1].end is None, 60)
        if "worker" in self.options.kills:
            self.system.kill("worker", whole=True)
        for each in self.providers:
            each.burst.set()
        time.sleep(BURST)
        waiting = self._count("uploads")
        for kind in self.options.kills:
            self.system.kill(kind, whole=True)
        self._wait(lambda: self.system.calms[-1].end is None, 60)
        returned = time.monotonic()
        print(f"\nlast blow: all killed while {waiting} uploads waited")
        self._wait(lambda: not uploading() and self._count("uploads") == 0, SETTLES_WITHIN)
        return time.monotonic() - returned

    def _is_quiet(self) -> bool:
        time.sleep(0.8)
        return self._count() == 0

    def _count(self, *what: str) -> int:
        """Count what is on its way; -1 where the database does not answer."""
        from django.db import Error, close_old_connections

        from tests.soak.counting import unfinished

        for _ in range(2):  # the first may find a connection that died with the database
            try:
                return sum(unfinished(*what).values())
            except Error:
                close_old_connections()
        return -1

    def _wait(self, condition: Callable[[], bool], seconds: float) -> bool:
        end = time.monotonic() + seconds
        while not condition():
            self.system.look_after()
            if time.monotonic() > end:
                return False
            time.sleep(SECONDS_TO_LOOK)
        return True

    def _end(self) -> None:
        for each in (*self.providers, *self.reviewers):
            each.done.set()
        for thread in self.threads:
            thread.join(30)

    def _report(self, seconds: float, recovery: float, quiet: bool) -> bool:
        from tests.soak.counting import LONGEST_WAIT, Line, count, unfinished, waits

        times, longest = waits(self.system)
        lines = count(self.providers, self.options.uploads)
        lines.append(Line("still on its way", {}, {} if quiet else unfinished()))
        lines.append(Line(f"longest wait while all ran ≤ {LONGEST_WAIT:.0f} s", True, longest <= LONGEST_WAIT))
        lines.append(
            Line(f"all processed within {LONGEST_WAIT:.0f} s of the last return", True, recovery <= LONGEST_WAIT)
        )
        _show(lines)
        print(f"\nkilled: {', '.join(f'{kind} {number}' for kind, number in self.system.deaths.items())}")
        notes = sum((each.notes for each in (*self.providers, *self.reviewers)), Counter[str]())
        print("on the way: " + "; ".join(f"{what} {number}" for what, number in sorted(notes.items())))
        print(f"from received to processed: {_spread(times)}; while nothing was dead at most {longest:.1f} s")
        print(f"after the last blow everything was processed in {recovery:.1f} s; the whole run {seconds:.0f} s")
        return all(line.right for line in lines)


def _spread(times: Sequence[float]) -> str:
    if not times:
        return "nothing"
    at = {share: times[min(len(times) - 1, int(len(times) * share))] for share in (0.5, 0.95, 0.99)}
    return (
        "  ".join(f"p{share * 100:.0f} {value:.1f} s" for share, value in at.items()) + f"  longest {times[-1]:.1f} s"
    )


def _show(lines: Sequence[Line]) -> None:
    width = max(len(line.what) for line in lines)
    print(f"\n   {'':<{width}}  expected / found")
    for line in lines:
        print(f"{'ok' if line.right else 'NO'} {line.what:<{width}}  {_short(line.expected)} / {_short(line.found)}")


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) < 300 else f"{text[:300]}…"


if __name__ == "__main__":
    sys.exit(main())
