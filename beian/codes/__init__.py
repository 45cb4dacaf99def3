"""Code tables, regions and the working calendar as files, and what reads them."""

from beian.codes.regions import RegionEntry, read_regions
from beian.codes.tables import DayEntry, Entry, read_days, read_table, read_tables, table_names

__all__ = [
    "DayEntry",
    "Entry",
    "RegionEntry",
    "read_days",
    "read_regions",
    "read_table",
    "read_tables",
    "table_names",
]
