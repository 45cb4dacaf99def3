"""One parent of all processes: it starts them in order, restarts what dies, stops them in reverse."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Protocol

from beian.embedded.processes import finish, spawn

Process = subprocess.Popen[bytes]
Report = Callable[[str], None]

LONGEST_PAUSE = 60.0
# A service that ran this long has earned a quick restart.
STEADY = 60.0
STOPPING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Service(Protocol):
    """Something that runs as one child."""

    @property
    def name(self) -> str:
        """What reports call it."""

    def start(self) -> Process:
        """Start it and give the child."""

    def stop(self, child: Process) -> None:
        """Stop the child and wait for its end."""


@dataclass(frozen=True)
class Program:
    """A service that is a command and ends on SIGTERM, within `grace` seconds."""

    name: str
    command: Sequence[str | Path]
    env: Mapping[str, str]
    folder: Path
    log: Path
    grace: float = 20

    def start(self) -> Process:
        """Start the command."""
        return spawn(self.command, log=self.log, env=self.env, cwd=self.folder)

    def stop(self, child: Process) -> None:
        """Ask it to finish what it is doing, then kill what is left of it."""
        finish(child, signal.SIGTERM, self.grace)


@dataclass
class Charge:
    """A service in the supervisor's care. Times are of the monotonic clock, in seconds."""

    service: Service
    child: Process | None = None
    started: float = 0.0
    deaths: int = 0
    due: float = field(default=0.0)


class Supervisor:
    """Keeps its services running. Use it from the main thread: children end with their thread."""

    def __init__(self, report: Report, pause: float = 1.0) -> None:
        self.report = report
        self.pause = pause
        self.charges: list[Charge] = []

    def add(self, service: Service) -> None:
        """Start a service and keep it running from now on. Raises what its start raises."""
        charge = Charge(service)
        self.charges.append(charge)
        self._start(charge)

    def watch(self) -> None:
        """Restart what dies, with a growing pause; return never, raise `KeyboardInterrupt` to end."""
        while True:
            self.check()
            time.sleep(0.2)

    def check(self) -> None:
        """Look at every service once."""
        for charge in self.charges:
            if charge.child is not None and charge.child.poll() is not None:
                self._note_death(charge, charge.child)
            if charge.child is None and time.monotonic() >= charge.due:
                self._restart(charge)

    def stop(self) -> None:
        """Stop everything, the last started first."""
        for charge in reversed(self.charges):
            if charge.child is not None:
                self.report(f"stopping {charge.service.name}")
                charge.service.stop(charge.child)
                charge.child = None
        self.charges.clear()

    def _start(self, charge: Charge) -> None:
        charge.child = charge.service.start()
        charge.started = time.monotonic()

    def _note_death(self, charge: Charge, child: Process) -> None:
        charge.deaths = 1 if time.monotonic() - charge.started > STEADY else charge.deaths + 1
        # Its own children may have outlived it and hold its port.
        finish(child, signal.SIGKILL, 1)
        charge.child = None
        pause = self._schedule(charge)
        self.report(f"{charge.service.name} ended (code {child.returncode}); again in {pause:.0f} s")

    def _restart(self, charge: Charge) -> None:
        try:
            self._start(charge)
        except Exception as error:  # whatever it was, the others need their supervisor
            charge.deaths += 1
            pause = self._schedule(charge)
            self.report(f"{charge.service.name} does not start: {error}; again in {pause:.0f} s")
        else:
            self.report(f"{charge.service.name} started again")

    def _schedule(self, charge: Charge) -> float:
        pause = float(min(self.pause * 2 ** min(charge.deaths - 1, 10), LONGEST_PAUSE))
        charge.due = time.monotonic() + pause
        return pause


@contextmanager
def interruptible() -> Iterator[None]:
    """Turn every signal that asks us to end into `KeyboardInterrupt`."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    with _handling(interrupt):
        yield


@contextmanager
def uninterrupted(report: Report) -> Iterator[None]:
    """Let nobody break off an orderly stop."""

    def refuse(number: int, frame: FrameType | None) -> None:
        report("stopping already, a moment")

    with _handling(refuse):
        yield


@contextmanager
def _handling(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    before = [signal.signal(number, handler) for number in STOPPING_SIGNALS]
    try:
        yield
    finally:
        for number, old in zip(STOPPING_SIGNALS, before, strict=True):
            signal.signal(number, old)
