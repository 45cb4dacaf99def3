"""Ports on 127.0.0.1: a free one, and who holds a taken one."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path

LISTENING = "0A"


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether a server could listen on this port now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        # Connections that are still closing do not keep a server from starting.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


def pick(remembered: Path) -> int:
    """Give the port noted in the file if it is still free, else a new one, and note that."""
    with suppress(OSError, ValueError):
        port = int(remembered.read_text())
        if is_free(port):
            return port
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = int(trial.getsockname()[1])
    remembered.write_text(f"{port}\n")
    return port


def answers(port: int) -> bool:
    """Tell whether something accepts connections on this port."""
    with socket.socket() as trial:
        trial.settimeout(1)
        return trial.connect_ex(("127.0.0.1", port)) == 0


def holder(port: int) -> str:
    """Name the process that listens on the port, as far as this account may see it."""
    sockets = _listening(port)
    for pid in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError):
            for descriptor in os.scandir(f"/proc/{pid}/fd"):
                if os.readlink(descriptor.path) in sockets:
                    return f"process {pid} ({_command(pid)})"
    return "a process of another user" if sockets else "another program"


def _listening(port: int) -> set[str]:
    """Give the names, as in /proc/PID/fd, of the sockets that listen on the port."""
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            for line in Path(table).read_text().splitlines()[1:]:
                words = line.split()
                if words[3] == LISTENING and int(words[1].rpartition(":")[2], 16) == port:
                    found.add(f"socket:[{words[9]}]")
    return found


def _command(pid: str) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    return " ".join(words).strip()[:120]
