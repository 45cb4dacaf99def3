"""Rows of figures, the machine they were taken on, and the page `docs/performance.md`."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks import NAMES

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
KEPT = ROOT / "var" / "bench"
REMARKS = Path(__file__).with_name("remarks.md")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A figure beside its floor. `ratio` is measured to floor, 1 being as good as the floor.

    `met` says whether the aim is met; None where there is none.
    """

    what: str
    measured: str
    floor: str = ""
    ratio: float | None = None
    aim: str = ""
    met: bool | None = None


def show(rows: list[Row]) -> None:
    """Print the rows."""
    for row in rows:
        ratio = "" if row.ratio is None else f"ratio {row.ratio:.2f}"
        print(f"  {row.what}: {row.measured} | {row.floor} | {ratio} | {row.aim} {_verdict(row)}", flush=True)


def keep(name: str, rows: list[Row], notes: list[str], scale: float) -> None:
    """Keep the latest figures of a benchmark, for the page."""
    KEPT.mkdir(parents=True, exist_ok=True)
    taken = f"{datetime.now(UTC):%Y-%m-%d}"
    kept = {"rows": [asdict(row) for row in rows], "notes": notes, "scale": scale, "taken": taken, "on": machine()}
    (KEPT / f"{name}.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1))


def write_page() -> None:
    """Write the page from the latest figures of every benchmark."""
    parts = [HEAD.format(machine=machine())]
    for name, title in NAMES.items():
        file = KEPT / f"{name}.json"
        if file.exists():
            parts.append(_section(name, title, json.loads(file.read_text())))
    parts.append(REMARKS.read_text())
    PAGE.write_text("\n".join(parts))


HEAD = """# Performance

Written by `script/bench`; every ratio is to a floor measured in the same run, on the same machine.
{machine}
Clients, servers and databases share its cores, so absolute figures are low and ratios are what
counts. Web: gunicorn, 2 processes of 8 threads; 2 Celery workers; PostgreSQL and Valkey as
`script/server` starts them, durable. Times are those that a client sees, a new connection a call.
"""


def _section(name: str, title: str, kept: dict[str, Any]) -> str:
    rows = [Row(**row) for row in kept["rows"]]
    size = "" if kept["scale"] == 1 else f", at {kept['scale']:g} of the full size"
    other = "" if kept["on"] == machine() else f"\nOn another machine: {kept['on']}\n"
    lines = [f"## {title[0].upper()}{title[1:]}\n", f"`script/bench {name}`, {kept['taken']}{size}.{other}\n"]
    lines += ["| what | measured | floor | ratio | aim |", "|---|---|---|---|---|"]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        lines.append(f"| {row.what} | {row.measured} | {row.floor} | {ratio} | {row.aim} {_verdict(row)} |")
    return "\n".join(lines + [""] + [f"{note}\n" for note in kept["notes"]])


def _verdict(row: Row) -> str:
    return {True: "met", False: "**missed**", None: ""}[row.met]


def machine() -> str:
    """Describe the machine in a sentence or two."""
    names = re.findall(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+) kB", Path("/proc/meminfo").read_text())
    gigabytes = int(memory[1]) / 1024**2 if memory else 0
    return (
        f"The machine: {os.cpu_count()} cores ({names[0] if names else platform.machine()}), {gigabytes:.0f} GiB, "
        f"{_system()}, Linux {platform.release()}, Python {platform.python_version()}, {_postgres()}."
    )


def _system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def _postgres() -> str:
    import importlib.util

    from beian.embedded.programs import POSTGRES_PACKAGE, POSTGRES_TREE

    spec = importlib.util.find_spec(POSTGRES_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return "PostgreSQL"
    program = Path(spec.submodule_search_locations[0]).parent / POSTGRES_TREE / "bin" / "postgres"
    done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return done.stdout.replace("postgres (PostgreSQL)", "PostgreSQL").strip() or "PostgreSQL"
