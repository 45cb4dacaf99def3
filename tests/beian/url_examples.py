"""Values for the parts of URLs, so that `test_access` can call every view.

Where a view's parts need a real row (an application, an account), register a maker in
`tests/<app>/url_examples….py`; the bureau's node is given (for the provider's pages, the provider's), the
URL's keyword arguments are expected:

    @example("bureau:application")
    def application(bureau): return {"pk": make_application(bureau).pk}

Without one a part is filled with a value that no row has: access is decided before rows are looked
for, so that refusals are still proved.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from beian.models import Node

Maker = Callable[[Node], dict[str, Any]]
MAKERS: dict[str, Maker] = {}

TESTS = Path(__file__).resolve().parent.parent
NOBODYS = {"int": 999_999_999, "str": "nobody", "slug": "nobody", "uuid": "00000000-0000-4000-8000-000000000000"}


def example(view_name: str) -> Callable[[Maker], Maker]:
    """Register the maker of a view's keyword arguments (without `province`)."""

    def register(maker: Maker) -> Maker:
        MAKERS[view_name] = maker
        return maker

    return register


def load() -> None:
    """Import what the portals' tests registered."""
    for app in ("interface", "bureau", "ministry", "enterprise"):
        for file in sorted((TESTS / app).glob("url_examples*.py")):
            import_module(f"tests.{app}.{file.stem}")


@example("styleguide_picture")
def styleguide_picture(bureau: Node) -> dict[str, Any]:
    return {"number": 1}
