"""Writes `demo.json`: what a person or a client needs to use the demo. What stands in it is the portals' affair."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


def write(folder: Path, contents: dict[str, Any]) -> Path:
    """Write `demo.json`, readable by its owner only, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    path, written = folder / "demo.json", folder / f"demo.json.{os.getpid()}"
    handle = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(contents, file, ensure_ascii=False, indent=2)
        file.write("\n")
    os.replace(written, path)
    return path
