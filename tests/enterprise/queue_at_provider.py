"""A clerk takes a case to the upload queue: a process of the provider's node."""

from __future__ import annotations

import django

django.setup()

from beian.models import Node, NodeKind  # noqa: E402
from enterprise.workflow import State  # noqa: E402
from tests.enterprise.conftest import case_in  # noqa: E402

if __name__ == "__main__":
    case = case_in(Node.objects.get(kind=NodeKind.PROVIDER), State.QUEUED)
    print("queued", case.reference)
