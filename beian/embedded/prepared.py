"""Whether the database was prepared by this very code: then a start need not do it again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from beian.embedded.folder import DataFolder

SOURCES = ("beian", "interface", "bureau", "ministry", "enterprise", "schemas", "static", "requirements.lock")


class Prepared:
    """The stamp of the last preparation. It lies with the database files, and is lost with them."""

    def __init__(self, root: Path, folder: DataFolder, url: str, demo: bool) -> None:
        self.root = root
        self.file = folder.state / "prepared"
        self.results = [folder.root / "static"] + ([folder.root / "demo.json"] if demo else [])
        self.options = f"{url} {demo}"

    def is_current(self) -> bool:
        """Tell whether nothing that the preparation depends on has changed since."""
        if not all(result.exists() for result in self.results) or not self.file.exists():
            return False
        return self.file.read_text() == self._digest()

    def note(self) -> None:
        """Remember that the preparation has ended well."""
        self.file.write_text(self._digest())

    def forget(self) -> None:
        """Remember nothing: a preparation begins."""
        self.file.unlink(missing_ok=True)

    def _digest(self) -> str:
        digest = hashlib.sha256(self.options.encode())
        for file in self._files():
            digest.update(str(file.relative_to(self.root)).encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        return digest.hexdigest()

    def _files(self) -> Iterator[Path]:
        for name in SOURCES:
            top = self.root / name
            files = [top] if top.is_file() else sorted(top.rglob("*"))
            yield from (file for file in files if file.is_file() and file.suffix != ".pyc")
