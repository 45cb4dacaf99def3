"""Numbers for Prometheus: gauges that apps register, counters added up over processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils.module_loading import autodiscover_modules
from prometheus_client.parser import text_string_to_metric_families

from beian import metrics
from bureau.workflow import OPEN

COUNT_ONE = """
import os
os.environ["PROMETHEUS_MULTIPROC_DIR"] = {folder!r}
import django; django.setup()
from beian.metrics import REQUESTS
REQUESTS.labels("GET", "200").inc()
"""


@pytest.fixture
def _own_gauges(monkeypatch: pytest.MonkeyPatch) -> None:
    # First the apps' own, so that none of them registers itself for the length of this test only.
    autodiscover_modules("metrics")
    monkeypatch.setattr(metrics, "_gauges", {})


def samples() -> dict[tuple[str, str], float]:
    families = text_string_to_metric_families(metrics.render().decode())
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.mark.usefixtures("_own_gauges")
def test_a_gauge_gives_a_number() -> None:
    metrics.gauge("beian_answer", "The answer.")(lambda: 42)

    assert samples()["beian_answer", ""] == 42


@pytest.mark.usefixtures("_own_gauges")
def test_a_gauge_gives_numbers_by_label() -> None:
    metrics.gauge("beian_things", "Things.", label="kind")(lambda: {"old": 1, "new": 2})

    assert samples()["beian_things", "old"] == 1
    assert samples()["beian_things", "new"] == 2


@pytest.mark.usefixtures("_own_gauges")
def test_one_name_is_one_function() -> None:
    metrics.gauge("beian_answer", "The answer.")(lambda: 42)

    with pytest.raises(ValueError, match="beian_answer is registered already"):
        metrics.gauge("beian_answer", "Another.")(lambda: 43)


@pytest.mark.django_db
def test_the_apps_give_theirs() -> None:
    found = samples()

    assert found["beian_uploads_waiting", ""] == 0
    assert found["beian_outcomes_waiting", ""] == 0
    assert all(found["beian_applications_open", state.value] == 0 for state in OPEN)


@pytest.mark.django_db
def test_counters_of_several_processes_are_added_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        code = COUNT_ONE.format(folder=str(tmp_path))
        subprocess.run([sys.executable, "-c", code], check=True, env=dict(os.environ))
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))

    assert samples()["beian_requests_total", "GET,200"] == 2
