"""Codes by their names, as pages show them."""

from __future__ import annotations

from collections.abc import Iterable

from beian.models import Code, Node, Region

TABLES = (
    "access_method",
    "attachment_purpose",
    "cancellation_reason",
    "certificate_type",
    "language",
    "organisation_nature",
    "prior_approval",
    "server_location",
    "service_content",
    "unfiled_handling",
)


class Names:
    """The names of codes, regions and providers for one page: two queries, three where it names providers."""

    def __init__(self, regions: Iterable[int | None], providers: Iterable[int | None] = ()) -> None:
        rows = Code.objects.filter(table__in=TABLES).values_list("table", "code", "name")
        self._codes = {(table, code): name for table, code, name in rows}
        wanted = {region for region in regions if region is not None}
        self._regions = dict(Region.objects.filter(pk__in=wanted).values_list("pk", "name"))
        codes = {f"provider:{isp_id}" for isp_id in providers if isp_id is not None}
        self._providers = dict(Node.objects.filter(code__in=codes).values_list("code", "name") if codes else ())

    def code(self, table: str, code: int | None) -> str:
        """Give the name of an entry; an unknown code is shown as such, a missing one as ""."""
        return "" if code is None else self._codes.get((table, code), f"未知代码 {code}")

    def codes(self, table: str, codes: Iterable[int]) -> str:
        """Give the names of several entries with 、 between."""
        return "、".join(self.code(table, code) for code in codes)

    def region(self, *codes: int | None) -> str:
        """Give the names of nested regions, widest first."""
        known = [self._regions.get(code, f"未知地区 {code}") for code in codes if code is not None]
        return " ".join(name for name in known if name)

    def provider(self, isp_id: int | None) -> str:
        """Give the name of a provider; of one that this bureau does not know, its identifier."""
        return "" if isp_id is None else self._providers.get(f"provider:{isp_id}", f"接入商 {isp_id}")
