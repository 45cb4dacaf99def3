"""The image of a production installation holds all of the code."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_it_copies_every_package_and_compiles_it() -> None:
    """Nothing here builds the image: a package that is forgotten would be found out in production."""
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    copied = {found[1] for line in lines if (found := re.fullmatch(r"COPY (\w+) \1", line))}
    (compiled,) = (line.split() for line in lines if "compileall" in line)
    assert {*packages, "schemas", "static", "templates"} <= copied
    assert set(packages) <= set(compiled)
