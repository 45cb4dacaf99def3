"""Numbers for Prometheus.

Counters and histograms are counted where things happen, in each process, and added up from the
files in `PROMETHEUS_MULTIPROC_DIR`. What stands in the database is asked when Prometheus asks: each
app may have `metrics.py`, whose functions register themselves with `gauge`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.module_loading import autodiscover_modules
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

REQUESTS = Counter("beian_requests", "Answered HTTP requests.", ["method", "status"])
DURATIONS = Histogram(
    "beian_request_seconds",
    "Time to answer an HTTP request.",
    ["method"],
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30),
)

Values = float | Mapping[str, float]
Ask = Callable[[], Values]


@dataclass(frozen=True)
class Gauge:
    """A number that is asked for, or one for each value of a label."""

    name: str
    help: str
    label: str | None
    ask: Ask


_gauges: dict[str, Gauge] = {}


def gauge(name: str, help: str, label: str | None = None) -> Callable[[Ask], Ask]:
    """Register a function as a gauge: it gives a number, or with `label` numbers by its values.

    Raises `ValueError` for a name that is taken by another function.
    """

    def register(ask: Ask) -> Ask:
        if name in _gauges and _gauges[name].ask is not ask:
            raise ValueError(f"the metric {name} is registered already")
        _gauges[name] = Gauge(name, help, label, ask)
        return ask

    return register


class _Asked(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        for each in _gauges.values():
            family = GaugeMetricFamily(each.name, each.help, labels=[each.label] if each.label else None)
            values = each.ask()
            for label, value in values.items() if isinstance(values, Mapping) else [(None, values)]:
                family.add_metric([label] if label is not None else [], value)
            yield family


def render() -> bytes:
    """Give all numbers in Prometheus's text format."""
    autodiscover_modules("metrics")
    registry = CollectorRegistry()
    registry.register(_Asked())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(REGISTRY)
