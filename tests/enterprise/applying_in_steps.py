"""A sponsor at the steps of his application, as tests play him."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from beian.models import Node
from enterprise.forms.filing import value_at
from enterprise.forms.filing_fields import Widget, section_at
from enterprise.forms.lines import domains_text, ranges_text
from enterprise.models import Case, SponsorAccount
from enterprise.services import cases
from enterprise.services.cases import Beginning
from enterprise.services.drafts import draft_of
from enterprise.workflow import Kind
from tests import builders
from tests.enterprise.conftest import new_filing

EMPTY_DRAFT: dict[str, Any] = {"sponsor": {}, "websites": [{"accesses": [{}]}]}


def draft_case(account: SponsorAccount, draft: dict[str, Any] | None = None) -> Case:
    """A new filing that is being filled in."""
    beginning = Beginning(kind=Kind.NEW_FILING, account=account, draft=draft or EMPTY_DRAFT)
    return cases.begin(account.provider, beginning, account.user)


def whole_draft(n: int = 1) -> dict[str, Any]:
    """All that a sponsor types of a faultless filing, without photos."""
    draft = draft_of(new_filing(n))
    return draft | {"attachments": []}


def form_values(draft: dict[str, Any], *paths: str) -> dict[str, Any]:
    """What the browser sends of the sections at `paths` when they are filled in as `draft` says."""
    found: dict[str, Any] = {"shown": []}
    for path in paths:
        for field in section_at(path).fields:
            value = value_at(draft, f"{path}.{field.name}")
            name = f"{path}.{field.name}"
            if field.widget == Widget.CHOICES:
                found["shown"].append(name)
                found[name] = value or []
            elif field.widget == Widget.DOMAINS:
                found[name] = domains_text(value or [])
            elif field.widget == Widget.RANGES:
                found[name] = ranges_text(value or [])
            else:
                found[name] = value or ""
    return found


@dataclass
class Tab:
    """One page in a browser: what its hidden fields say, and what is typed there."""

    client: Client
    url: str
    page: HttpResponse
    turn: int = 0

    @property
    def text(self) -> str:
        return self.page.content.decode()

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        assert found, name
        return found[1]

    def type(self, values: dict[str, Any]) -> HttpResponse:
        """Type, and let the page save in the background; its version follows."""
        self.turn += 1
        sent = {**values, **self._known(), "turn": str(self.turn)}
        return self.client.post(self.url, sent, headers={"hx-request": "true"})

    def press(self, values: dict[str, Any], go: str = "next", **more: Any) -> Any:
        """Press a button."""
        turn = self.turn + 1 if self.turn else 0
        return self.client.post(self.url, {**values, **self._known(), "turn": str(turn), "go": go, **more})

    def _known(self) -> dict[str, str]:
        return {"version": self.hidden("version"), "token": self.hidden("token")}


def open_tab(client: Client, case: Case, step: str = "sponsor", website: int = 0) -> Tab:
    """Open a step."""
    kwargs: dict[str, Any] = {"isp": case.provider.isp_id, "pk": case.pk}
    if website:
        url = reverse("enterprise:apply_website", kwargs={**kwargs, "website": website})
    else:
        url = reverse("enterprise:apply", kwargs={**kwargs, "step": step})
    return Tab(client, url, client.get(url))


def send_photo(client: Client, case: Case, key: str, data: bytes | None = None) -> Any:
    """Send a photo for a slot."""
    url = reverse("enterprise:apply_document", kwargs={"isp": case.provider.isp_id, "pk": case.pk, "key": key})
    photo = SimpleUploadedFile("photo.jpg", builders.jpeg_bytes() if data is None else data, "image/jpeg")
    return client.post(url, {"photo": photo})


def page_url(node: Node, name: str, **kwargs: Any) -> str:
    """Give the address of one of the provider's pages."""
    return reverse(f"enterprise:{name}", kwargs={"isp": node.isp_id, **kwargs})
