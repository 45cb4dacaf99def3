"""The supervisor restarts what dies, stops in reverse order, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from beian.embedded.processes import MARK, marked, wait_until
from beian.embedded.supervisor import LONGEST_PAUSE, Program, Supervisor

PARENT = """
import time
from pathlib import Path
from beian.embedded.supervisor import Program, Supervisor
supervisor = Supervisor(print)
env = {{"BEIAN_SUPERVISED": {mark!r}, "PATH": "/usr/bin:/bin"}}
for name in "ab":
    supervisor.add(Program(name, ["sleep", "60"], env, Path("/"), Path({log!r})))
print("up", flush=True)
time.sleep(60)
"""


@pytest.fixture
def reports() -> list[str]:
    return []


def program(top: Path, name: str, script: str, **more: float) -> Program:
    env = {"PATH": os.environ["PATH"], MARK: str(top)}
    return Program(name, ["/bin/sh", "-c", script], env, top, top / f"{name}.log", **more)


def test_a_dead_child_is_started_again(top: Path, reports: list[str]) -> None:
    supervisor = Supervisor(reports.append, pause=0)
    supervisor.add(program(top, "sleeper", "exec sleep 60"))
    first = supervisor.charges[0].child
    assert first is not None
    first.kill()
    first.wait()

    supervisor.check()

    second = supervisor.charges[0].child
    assert second is not None
    assert second.poll() is None
    assert reports == ["sleeper ended (code -9); again in 0 s", "sleeper started again"]
    supervisor.stop()


def test_the_pause_grows_up_to_a_bound(top: Path, reports: list[str]) -> None:
    supervisor = Supervisor(reports.append, pause=1)
    supervisor.add(program(top, "failing", "exit 3"))
    charge = supervisor.charges[0]
    pauses = []
    for _ in range(9):
        assert charge.child is not None
        charge.child.wait()
        supervisor.check()
        pauses.append(round(charge.due - time.monotonic()))
        charge.due = 0
        supervisor.check()

    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert max(pauses) == LONGEST_PAUSE
    supervisor.stop()


def test_a_service_that_cannot_start_again_does_not_end_the_others(top: Path, reports: list[str]) -> None:
    supervisor = Supervisor(reports.append, pause=0)
    supervisor.add(program(top, "steady", "exec sleep 60"))
    script = top / "script"
    script.write_text("#!/bin/sh\nexec sleep 60\n")
    script.chmod(0o755)
    supervisor.add(Program("fragile", [script], {"PATH": os.environ["PATH"]}, top, top / "fragile.log"))
    fragile = supervisor.charges[1].child
    assert fragile is not None
    fragile.kill()
    fragile.wait()
    script.unlink()

    supervisor.check()

    assert supervisor.charges[0].child is not None
    assert "fragile does not start" in reports[-1]
    supervisor.stop()


def test_stops_the_last_started_first(top: Path, reports: list[str]) -> None:
    supervisor = Supervisor(reports.append)
    for name in ("first", "second", "third"):
        supervisor.add(program(top, name, "exec sleep 60"))

    supervisor.stop()

    assert reports == ["stopping third", "stopping second", "stopping first"]
    assert not marked(str(top))


def test_a_child_that_does_not_listen_is_killed_with_its_own_children(top: Path, reports: list[str]) -> None:
    supervisor = Supervisor(reports.append)
    supervisor.add(program(top, "deaf", "trap '' TERM; sleep 60 & echo up; while :; do sleep 1; done", grace=0.3))
    assert wait_until(lambda: "up" in (top / "deaf.log").read_text(), 5)

    supervisor.stop()

    assert wait_until(lambda: not marked(str(top)), 5)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_children_end_with_their_supervisor(top: Path, number: signal.Signals) -> None:
    code = PARENT.format(mark=str(top), log=str(top / "log"))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        assert len(marked(str(top))) == 2

        parent.send_signal(number)

    assert wait_until(lambda: not marked(str(top)), 5)
