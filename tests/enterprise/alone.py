"""Systems that are started empty, each with a database of its own."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

from tests.end_to_end.nodes import System, administrate


def started(stack: ExitStack, code: str, folder: Path) -> System:
    """Make an empty system for a node. It ends, and its database goes, with `stack`."""
    database = f"alone_{os.getpid()}_{code.replace(':', '_')}"
    administrate(f'CREATE DATABASE "{database}" TEMPLATE "template0"')
    stack.callback(administrate, f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    return System(code, database, folder / code.replace(":", "-"), stack)
