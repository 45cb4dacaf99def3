"""Counts of what is on file in the country."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count, Q

from beian.codes import read_regions
from ministry.models import PublicFiling

KEY, SECONDS = "ministry:counts-by-province", 60


@dataclass(frozen=True, slots=True)
class ProvinceCount:
    """What stands on file under one bureau."""

    province: str
    sponsors: int
    websites: int
    domains: int


def by_province() -> list[ProvinceCount]:
    """Count sponsors, websites and domains by province, at most a minute old."""
    counts: list[ProvinceCount] | None = cache.get(KEY)
    if counts is None:
        counts = _count()
        cache.set(KEY, counts, SECONDS)
    return counts


def _count() -> list[ProvinceCount]:
    rows = (
        PublicFiling.objects.values("province")
        .annotate(
            sponsors=Count("sponsor_number", distinct=True),
            websites=Count("website_number", distinct=True),
            domains=Count("pk", filter=~Q(domain_key="")),
        )
        .order_by("province")
    )
    return [ProvinceCount(_name(row["province"]), row["sponsors"], row["websites"], row["domains"]) for row in rows]


def _name(province: int) -> str:
    region = read_regions().get(province)
    return region.name if region else str(province)
