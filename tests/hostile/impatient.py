"""Gunicorn's configuration with the same rules and shorter times, so that tests need not wait."""

from __future__ import annotations

from beian.gunicorn import *  # noqa: F403
from beian.web import patient_worker

patient_worker.ARRIVES_WITHIN = 3.0
patient_worker.ARRIVES_WITHIN_WHEN_FULL = 1.0
patient_worker.GRACE = 3.0
patient_worker.GRACE_WHEN_FULL = 1.0
worker_connections = 60
