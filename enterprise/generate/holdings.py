"""Filings on file at a provider, as they come from its bureau."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from django.db import transaction

from beian.generate.approved import FIRST_YEAR, approved
from beian.generate.records import IDS_PER_FILING, Maker
from beian.models import Node
from beian.numbers import LAST_SERIAL, OBJECTS_PER_PROVINCE
from beian.records import FilingRecord
from beian.records.rows import store_filings
from beian.records.to_rows import with_numbers

FIRST_OBJECT = OBJECTS_PER_PROVINCE // 2
"""Generated objects' numbers begin here in each province: so far no bureau has come."""

FIRST_SERIAL = 500_000
"""Filing numbers of generated holdings are of the second half of each year's."""


def hold(provider: Node, maker: Maker, ns: Sequence[int]) -> int:
    """Put the filings `ns` on file at `provider`; gives how many. One transaction."""
    with transaction.atomic():
        store_filings(provider, [held(provider, maker, n) for n in ns], isp_id=provider.isp_id)
    return len(ns)


def held(provider: Node, maker: Maker, n: int) -> FilingRecord:
    """Give filing `n` as the bureau tells it: numbered, approved, without attachments."""
    objects = count(maker.province * OBJECTS_PER_PROVINCE + FIRST_OBJECT + n * IDS_PER_FILING)
    year, serial = divmod(n, LAST_SERIAL - FIRST_SERIAL)
    plain = replace(maker.filing(n), attachments=())
    numbered = with_numbers(plain, objects.__next__, provider.isp_id)
    chance = random.Random(f"approved {n}")  # noqa: S311
    return approved(numbered, maker.province, FIRST_YEAR + year, FIRST_SERIAL + serial, chance)
