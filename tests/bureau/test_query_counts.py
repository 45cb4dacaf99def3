"""The reviewers' pages ask the database as often for many applications as for few."""

from __future__ import annotations

import json

import pytest

from beian.models import Node
from benchmarks.pages import BASELINE, queries_of, sign_in, urls
from bureau.generate.run import Wanted, generate

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code_tables")]


def test_queries_stay_at_the_baseline(guangdong: Node) -> None:
    baseline = json.loads(BASELINE.read_text())
    client, counted = sign_in(guangdong), []
    for more in (3, 200):
        generate(guangdong, Wanted(applications=more, filings=more, providers=5), lambda text: None)
        counted.append({page: queries_of(client, url) for page, url in urls(guangdong).items()})
    assert counted == [baseline, baseline]
