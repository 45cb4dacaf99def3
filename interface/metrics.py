"""Numbers of the interface for Prometheus."""

from __future__ import annotations

from beian.metrics import gauge
from interface.models import Outcome, Upload
from interface.models.upload import UploadState


@gauge("beian_uploads_waiting", "Accepted uploads that no worker has processed yet.")
def uploads_waiting() -> int:
    """Count them."""
    return Upload.objects.filter(state=UploadState.RECEIVED).count()


@gauge("beian_outcomes_waiting", "Outcomes that no provider has fetched in a parcel yet.")
def outcomes_waiting() -> int:
    """Count them."""
    return Outcome.objects.filter(parcel=None, left_out="").count()
