"""`script/bench`: run the benchmarks that are named, or all, and write the page."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import NAMES, report
from benchmarks.services import ROOT, Servers


def main() -> int:
    options = _options()
    print(report.machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="beian-bench-") as folder:
        Path(folder).chmod(0o711)  # the servers run under another account when we are root
        with Servers(Path(folder)) as servers:
            failed = [name for name in options.names if not _run(name, servers, Path(folder), options.scale)]
    if not options.no_page:
        report.write_page()
        print(f"\n{report.PAGE.relative_to(ROOT)}")
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _options() -> argparse.Namespace:
    listed = "\n".join(f"  {name:<14}{title}" for name, title in NAMES.items())
    parser = argparse.ArgumentParser(
        prog="script/bench", description=f"{__doc__}\n\n{listed}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="name", help="which benchmarks (all)")
    parser.add_argument("--scale", type=float, default=1.0, help="how much of the full size, 0.01 for a quick look (1)")
    parser.add_argument("--no-page", action="store_true", help="leave docs/performance.md as it is")
    options = parser.parse_args()
    if unknown := [name for name in options.names if name not in NAMES]:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}")
    options.names = options.names or list(NAMES)
    return options


def _run(name: str, servers: Servers, folder: Path, scale: float) -> bool:
    """Run one benchmark in a process of its own, on a fresh database."""
    print(f"\n{name}: {NAMES[name]}", flush=True)
    started = time.monotonic()
    env = servers.fresh(name)
    command = [sys.executable, "-m", "benchmarks.one", name, str(folder / name), str(scale)]
    done = subprocess.run(command, cwd=ROOT, env=env, check=False)
    print(f"  ({time.monotonic() - started:.0f} s)", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
