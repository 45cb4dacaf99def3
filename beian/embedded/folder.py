"""The data folder of one installation: passwords, ports, logs, and where the database files lie."""

from __future__ import annotations

import fcntl
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from beian.embedded.processes import Account, run

POINTER = "database-files-are-in"
# PostgreSQL's MAXPGPATH is 1,024 bytes; its own files below the data directory take up to 100.
LONGEST_PATH = 900


class Refused(Exception):
    """The server cannot start; the text says why and what to do."""


class DataFolder:
    """The folder given with `--data`.

    `root` holds what the application owns, `state` the files of PostgreSQL and Valkey. They are
    the same place, unless those servers could not work there: then `state` is a folder under
    `TMPDIR` or `/var/tmp`, and the file `database-files-are-in` in `root` names it.
    """

    def __init__(self, root: Path, account: Account | None) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self.root = root.resolve()
        self.account = account
        self.moved_because = self._why_not_here()
        self.state = self._elsewhere() if self.moved_because else self.root
        self.logs = self.subfolder("log")

    def subfolder(self, name: str) -> Path:
        """Give a folder of the application's own, made if need be."""
        path = self.root / name
        path.mkdir(exist_ok=True)
        return path

    def server_folder(self, name: str) -> Path:
        """Give a folder among the database files that belongs to the servers' account."""
        path = self.state / name
        path.mkdir(mode=0o700, exist_ok=True)
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)
        return path

    def secret(self, name: str) -> str:
        """Give a random password, the same at every call; only our account can read its file."""
        path = self.subfolder("secrets") / name
        if not path.exists():
            path.parent.chmod(0o700)
            descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(32))
        return path.read_text()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder, so that one supervisor at a time works in it.

        Raises `Refused`, with the other's pid, when it is held. The kernel frees it however we end.
        """
        with (self.root / "lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                owner = file.read().strip() or "unknown"
                raise Refused(f"{self.root} is in use by process {owner}: stop that first.") from None
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            yield

    def _why_not_here(self) -> str:
        path = os.fspath(self.root)
        if any(letter.isspace() or letter in "'\"\\" for letter in path):
            return "its path has a blank or a quote in it"
        if len(os.fsencode(path)) > LONGEST_PATH:
            return "its path is too long"
        if not _may_enter(self.account, self.root):
            return "the database's account may not enter it"
        return ""

    def _elsewhere(self) -> Path:
        pointer = self.root / POINTER
        if pointer.exists():
            noted = Path(pointer.read_text().rstrip("\n"))
            if noted.is_dir() and noted.stat().st_uid == os.geteuid():
                return noted
        for base in (tempfile.gettempdir() if "TMPDIR" in os.environ else "/var/tmp", "/var/tmp", "/tmp"):
            if " " not in base and _may_enter(self.account, Path(base)):
                state = Path(tempfile.mkdtemp(prefix="beian-", dir=base))
                state.chmod(0o711)
                pointer.write_text(f"{state}\n")
                return state
        raise Refused("no folder for the database files: set TMPDIR to one that every account may enter.")


def _may_enter(account: Account | None, folder: Path) -> bool:
    """Try it, as that account: modes alone do not tell of access lists and mounts."""
    probe = run(["/bin/sh", "-c", 'cd "$1"', "sh", folder], env={}, account=account)
    return probe.returncode == 0
