"""The embedded Valkey: a Redis-compatible server for the broker, the cache and short-lived state."""

from __future__ import annotations

import signal
import socket
import subprocess

from beian.embedded import ports, programs
from beian.embedded.folder import DataFolder, Refused
from beian.embedded.processes import end, finish, spawn, tail, wait_until, working_in

NAME = "valkey"

CONFIG = """\
bind 127.0.0.1
port {port}
requirepass {password}
dir {data}
daemonize no
# The queue must survive a crash: an append-only file, at most a second behind.
appendonly {durable}
save ""
# A full broker must refuse, not forget.
maxmemory-policy noeviction
"""


class Valkey:
    """One Valkey server in a data folder. `durable=False` keeps nothing: for tests."""

    name = NAME

    def __init__(self, folder: DataFolder, *, durable: bool = True) -> None:
        self.folder = folder
        self.data = folder.server_folder(NAME)
        self.log = folder.logs / f"{NAME}.log"
        self.password = folder.secret(NAME)
        self.port = 0
        self.durable = durable

    @property
    def url(self) -> str:
        """The address without a database number, as `REDIS_URL` wants it."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}"

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server, or a new one in place of one that was left over; give it when it answers."""
        end(lambda: working_in(self.data))
        # A restarted server must come back where its clients look for it.
        self.port = self.port or ports.pick(self.folder.state / "valkey.port")
        # The configuration goes through a pipe: on the command line everyone could read the password.
        child = spawn(
            [programs.valkey_server(self.folder), "-"],
            log=self.log,
            env={"LC_ALL": "C.UTF-8"},
            cwd=self.data,
            account=self.folder.account,
            stdin=self._config().encode(),
        )
        if not wait_until(lambda: child.poll() is not None or self.answers(), 30) or child.poll() is not None:
            child.kill()
            raise Refused(f"Valkey did not start:\n{tail(self.log)}")
        return child

    def stop(self, child: subprocess.Popen[bytes]) -> None:
        """Stop the server; what it holds is written first."""
        finish(child, signal.SIGTERM, 10)

    def answers(self) -> bool:
        """Tell whether the server is there and has read its file."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\nQUIT\r\n".encode())
                reply = b""
                while piece := connection.recv(1024):
                    reply += piece
        except OSError:
            return False
        return b"+PONG" in reply

    def _config(self) -> str:
        return CONFIG.format(
            port=self.port,
            password=self.password,
            data=self.data,
            durable="yes" if self.durable else "no",
        )
