"""Compiled modules for our many processes where Python was told to keep none.

`PYTHONDONTWRITEBYTECODE` is common in containers. Each of our processes would compile 2,300 modules anew,
which is two thirds of its start; a folder of their own leaves the source tree as it was.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from pathlib import Path

FORBIDDEN, KEPT_IN = "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"


def keep_bytecode(environment: MutableMapping[str, str], folder: Path) -> None:
    """Let the processes that are started with this environment keep compiled modules in `folder`."""
    if environment.pop(FORBIDDEN, ""):
        environment.setdefault(KEPT_IN, os.fspath(folder))
