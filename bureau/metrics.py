"""Numbers of the bureaus for Prometheus."""

from __future__ import annotations

from django.db.models import Count

from beian.metrics import gauge
from bureau.models import Application
from bureau.workflow import OPEN


@gauge("beian_applications_open", "Applications that wait for a reviewer, by state.", label="state")
def applications_open() -> dict[str, float]:
    """Count them by state; a state without any is 0, so that its line does not vanish."""
    counted = Application.objects.filter(state__in=OPEN).order_by().values_list("state").annotate(Count("pk"))
    return {state.value: 0.0 for state in OPEN} | {state: float(count) for state, count in counted}
