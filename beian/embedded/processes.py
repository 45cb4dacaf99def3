"""Child processes that end with their parent, and the search for those that did not."""

from __future__ import annotations

import ctypes
import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1
# Loaded before any fork: a child that has not yet exec'ed should not open libraries.
LIBC = ctypes.CDLL(None)

# Every process of a supervisor carries this variable with the path of its data folder.
MARK = "BEIAN_SUPERVISED"


@dataclass(frozen=True)
class Account:
    """An account of the machine that a child runs as."""

    uid: int
    gid: int


def unprivileged() -> Account | None:
    """Give the account for servers that refuse to run as root; `None` unless we are root.

    It is `nobody`, which exists everywhere; `initdb` needs an account that has a name.
    """
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def spawn(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str],
    cwd: Path,
    account: Account | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    stdin: bytes | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, its output appended to `log`.

    The kernel sends it `death_signal` when the calling thread ends, however that ends; call this
    from the main thread.
    """
    parent = os.getpid()

    def die_with_parent() -> None:
        LIBC.prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # it ended between fork and prctl
            os._exit(1)

    with log.open("ab") as output:
        child = subprocess.Popen(
            [os.fspath(word) for word in command],
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=output,
            stderr=output,
            env=dict(env),
            cwd=cwd,
            start_new_session=True,
            preexec_fn=die_with_parent,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    if stdin is not None and child.stdin is not None:
        with suppress(BrokenPipeError), child.stdin as pipe:
            pipe.write(stdin)
    return child


def run(
    command: Sequence[str | Path], *, env: Mapping[str, str], account: Account | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a short program to its end, as `account`, and give its output as text."""
    return subprocess.run(
        [os.fspath(word) for word in command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        env=dict(env),
        cwd="/",
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def working_in(folder: Path) -> list[int]:
    """Give the live processes whose working directory is `folder`.

    Database servers work in their data directory, so this finds all processes of a cluster. A pid
    file does not: the pid may be a zombie's (which has no working directory) or belong to another.
    """
    return [pid for pid in _pids() if _link(f"/proc/{pid}/cwd") == os.fspath(folder)]


def marked(value: str) -> list[int]:
    """Give the live processes, except this one, that were started with `MARK` set to `value`."""
    wanted = f"{MARK}={value}".encode()
    found = []
    for pid in _pids():
        with suppress(OSError):
            if wanted in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                found.append(pid)
    return [pid for pid in found if pid != os.getpid()]


def end(find: Callable[[], Iterable[int]], *, patience: float = 10) -> bool:
    """Interrupt the processes that `find` gives, kill them after `patience` seconds.

    True if there were any. SIGINT is what all our children take as *finish now, cleanly*.
    """
    if not (pids := list(find())):
        return False
    send(pids, signal.SIGINT)
    if not wait_until(lambda: not list(find()), patience):
        send(find(), signal.SIGKILL)
        wait_until(lambda: not list(find()), 5)
    return True


def finish(child: subprocess.Popen[bytes], number: signal.Signals, grace: float) -> None:
    """Ask a child to end, wait, and after `grace` seconds kill it and all of its session."""
    if child.poll() is None:
        child.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            child.wait(grace)
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def send(pids: Iterable[int], number: signal.Signals) -> None:
    """Signal every process; those that are gone already do not matter."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.02) -> bool:
    """Ask `condition` until it holds (True) or `seconds` have passed (False)."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def tail(log: Path, lines: int = 15) -> str:
    """Give the last lines of a log, for an error message."""
    with suppress(OSError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    return ""


def _pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def _link(path: str) -> str | None:
    with suppress(OSError):
        return os.readlink(path)
    return None
