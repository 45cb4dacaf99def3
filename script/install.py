"""Make `.venv` from `requirements.lock`. Needs Python's standard library only.

The environment is built in `.venv.tmp` and renamed when it is complete: a broken attempt never
counts as done. A stamp inside tells which lock it was made from, so that a repeated call costs
nothing and needs no network.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
UNFINISHED = ROOT / ".venv.tmp"
STAMP = "beian.stamp"
UV = "uv==0.13.9"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main(arguments: list[str]) -> None:
    """Install what is missing; with `--browser` also what the browser tests need."""
    stamp = _stamp()
    if not _is_done(stamp):
        (ROOT / "var").mkdir(exist_ok=True)
        # Two servers may be started at once in a fresh clone.
        with (ROOT / "var" / "setup.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not _is_done(stamp):
                _build(stamp)
    if "--browser" in arguments:
        _install_browser()


def _stamp() -> str:
    """Name what an environment was made from and for: the lock, this Python, this folder."""
    parts = (LOCK.read_bytes(), sys.version.encode(), os.fsencode(ROOT))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _is_done(stamp: str) -> bool:
    try:
        return (VENV / STAMP).read_text() == stamp and (VENV / "bin" / "python").exists()
    except OSError:
        return False


def _build(stamp: str) -> None:
    started = time.monotonic()
    print("Installing the dependencies into .venv (once)", flush=True)
    _need_venv_module()
    shutil.rmtree(UNFINISHED, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", UNFINISHED], check=True)
    _install()
    _make_at_home(UNFINISHED, VENV)
    (UNFINISHED / STAMP).write_text(stamp)
    shutil.rmtree(VENV, ignore_errors=True)
    UNFINISHED.rename(VENV)
    print(f"  done in {time.monotonic() - started:.0f} s", flush=True)


def _install() -> None:
    """Install with uv, which is fast; with pip, which is there, if that fails."""
    python, lock = str(UNFINISHED / "bin" / "python"), str(LOCK)
    quiet = ["--quiet", "--disable-pip-version-check"]
    print("  uv", flush=True)
    if subprocess.run([python, "-m", "pip", "install", *quiet, UV], check=False).returncode == 0:
        print("  the packages of requirements.lock", flush=True)
        # Links into uv's cache would share later changes of owner or mode with other environments.
        uv = [python, "-m", "uv", "pip", "install", "--python", python, "--link-mode", "copy"]
        uv += ["--compile-bytecode", "--quiet"]
        if subprocess.run([*uv, "--require-hashes", "-r", lock], check=False).returncode == 0:
            return
    print("  the packages of requirements.lock, with pip (slower)", flush=True)
    pip = [python, "-m", "pip", "install", *quiet, "--require-hashes", "-r", lock]
    if subprocess.run(pip, check=False).returncode:
        sys.exit("script/setup: the packages could not be installed, see above.")


def _make_at_home(built: Path, home: Path) -> None:
    """Let the environment work under its final name: programs, and imports of the project."""
    for program in (built / "bin").iterdir():
        if program.is_file() and not program.is_symlink():
            content = program.read_bytes()
            if os.fsencode(built) in content[:4096]:
                program.write_bytes(content.replace(os.fsencode(built), os.fsencode(home)))
    for packages in built.glob("lib/python3*/site-packages"):
        (packages / "beian.pth").write_text(f"{ROOT}\n")


def _need_venv_module() -> None:
    """Debian has it in a package of its own; without it `venv` fails half-way."""
    if importlib.util.find_spec("ensurepip") is not None:
        return
    # The package of this very version: `python3-venv` belongs to the system's own.
    package = f"python3.{sys.version_info.minor}-venv"
    if not _apt_install([package]) and not _apt_install(["python3-venv"]):
        sys.exit(f"script/setup: Python's venv module is missing. Install it: apt-get install {package}")


def _install_browser() -> None:
    """Get Debian's Chromium and a Chinese font; without them the browser tests are skipped."""
    wanted = []
    if not any(shutil.which(name) for name in BROWSERS):
        wanted.append("chromium")
    if not _has_chinese_font():
        wanted.append("fonts-noto-cjk")
    if wanted and not _apt_install(wanted):
        print(f"script/setup: not installed: {' '.join(wanted)}; browser tests may be skipped", file=sys.stderr)


def _has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def _apt_install(packages: list[str]) -> bool:
    """Install Debian packages if we may without asking anyone."""
    if not shutil.which("apt-get"):
        return False
    become = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if become and (not shutil.which("sudo") or subprocess.run([*become, "true"], capture_output=True).returncode):
        return False
    print(f"  apt-get install {' '.join(packages)}", flush=True)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    commands = (["apt-get", "update", "-qq"], install)
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return all(subprocess.run([*become, *command], env=env, check=False).returncode == 0 for command in commands)


if __name__ == "__main__":
    main(sys.argv[1:])
