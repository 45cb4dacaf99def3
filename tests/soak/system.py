"""The whole system in a folder of its own, and the ways in which its parts die."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from beian.embedded import ports
from beian.embedded.processes import send, wait_until
from beian.embedded.server import Server
from beian.embedded.supervisor import Charge

KILLABLE = ("web", "worker", "postgres", "redis")
SERVICES = {"redis": "valkey"}
NOT_INHERITED = ("DATABASE_URL", "REDIS_URL", "BEIAN_DATA_DIR", "BEIAN_STATIC_ROOT", "BEIAN_PUBLIC_URL", "BEIAN_NODES")


@dataclass
class Calm:
    """A span of time in which everything ran, in seconds since the epoch; `end` is None while it lasts."""

    start: float
    end: float | None = None

    def within(self, start: float, end: float) -> float:
        """Give how long of the time between `start` and `end` lies in this span."""
        return max(0.0, min(end, self.end or end) - max(start, self.start))


class System(Server):
    """What `script/server` runs, supervised from this process, so that it can be killed part by part."""

    def __init__(self, data: Path) -> None:
        for name in NOT_INHERITED:
            os.environ.pop(name, None)
        port = ports.pick(data.parent / "soak.port")
        super().__init__(
            argparse.Namespace(port=port, host="127.0.0.1", data=data, web_processes=2, web_threads=8, workers=2)
        )
        self.supervisor.report = lambda text: None
        self.deaths: dict[str, int] = dict.fromkeys(KILLABLE, 0)
        self.calms: list[Calm] = []

    @property
    def demo(self) -> bool:
        """Load no demo data: it would be counted with the rest."""
        return False

    @contextmanager
    def running(self) -> Iterator[None]:
        """Start everything, stop it at the end."""
        with self.folder.locked():
            self._clear_up()
            try:
                self._start()
                self.calms.append(Calm(time.time()))
                yield
            finally:
                self.supervisor.stop()

    def look_after(self) -> None:
        """Restart what died; call often, from the main thread."""
        for charge in self.supervisor.charges:
            # These deaths are our doing: nobody need wait longer after each of them.
            charge.deaths = 0
        self.supervisor.check()
        if self.calms[-1].end is not None and all(charge.child for charge in self.supervisor.charges):
            self.calms.append(Calm(time.time()))

    def kill(self, kind: str, whole: bool) -> None:
        """Kill -9 a part: all of it at once (`whole`), or one of its children.

        Of PostgreSQL as a whole the first process dies, as by the kernel's hand; the others notice.
        """
        charge = self._charge(SERVICES.get(kind, kind))
        if charge.child is None:
            return
        pid = charge.child.pid
        children = _children(pid)
        if whole or not children:
            victims = [pid] if kind == "postgres" else [pid, *children]
        else:
            victims = [random.choice(children)]
        self.calms[-1].end = self.calms[-1].end or time.time()
        self.deaths[kind] += 1
        send(victims, signal.SIGKILL)
        if kind == "redis":
            self._lose_everything(charge)

    def calm_between(self, start: float, end: float) -> float:
        """Give the longest span between two times in which nothing was dead."""
        return max((calm.within(start, end) for calm in self.calms), default=0.0)

    def _charge(self, name: str) -> Charge:
        return next(charge for charge in self.supervisor.charges if charge.service.name == name)

    def _lose_everything(self, charge: Charge) -> None:
        child = charge.child
        assert child is not None
        wait_until(lambda: child.poll() is not None, 5)
        for path in (self.folder.state / "valkey").iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def _children(pid: int) -> list[int]:
    with suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []
