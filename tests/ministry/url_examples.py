"""Real rows for the parts of the ministry's URLs."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction

from beian.exchange import send
from beian.models import Node
from tests.beian.url_examples import example


@example("ministry:send_again")
def send_again(bureau: Node) -> dict[str, Any]:
    with transaction.atomic():
        message = send(bureau, Node.objects.get(code="ministry"), "filing", {}, uuid.uuid4())
    return {"pk": message.pk}
