"""The shapes of code tables and reporting units.

Each table has elements of its own: what it calls itself, its entries, and what these say beside
id, name, remark and whether they are in force. `TABLES` has them by the names of `beian/codes/`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from beian.records.notices import CodeEntry, CodeTable, ReportingUnit
from interface.documents.fields import Field, Load, Number, Shape, Store, Text
from interface.documents.more_fields import Flag

_CODE, _NAME, _VALID, _REMARK = Number("Id", "code"), Text("Mc", "name"), Flag("Sfyx", "valid"), Text("Bz", "remark")
_BIT, _MARK = Number("Ysid", "bit"), Text("Bm", "mark")

UNIT = Shape(
    ReportingUnit,
    (
        Number("Id", "number"),
        Text("Dwmc", "name"),
        Number("Dwfl", "unit_class"),
        Number("Dwhyfl", "industry"),
        Text("Jyxkzbh", "licence"),
        Number("Shengid", "province"),
        Number("Shiid", "city"),
        Number("Xianid", "county"),
        Text("Xxdz", "address"),
        _VALID,
        _REMARK,
    ),
)


@dataclass(frozen=True, slots=True)
class TableShape:
    """A code table on the wire: `wrapper` around its entries, each in `wire`."""

    wrapper: str
    wire: str
    entry: Shape[CodeEntry]


def _table(wrapper: str, wire: str, *fields: Field) -> TableShape:
    return TableShape(wrapper, wire, Shape(CodeEntry, (_CODE, *fields, _REMARK, _VALID)))


TABLES = {
    "unit_class": _table("Dwfl_dms", "Dwfl_xx", _NAME),
    "organisation_nature": _table("Dwxz_dms", "Dwxz_xx", _NAME),
    "region": _table("Qy_dms", "Qy_xx", _NAME, Number("Lx", "level")),
    "feedback_class": _table("Yjfk_Wtfls", "Yjfk_Wtfl_xx", Text("Fl1", "name"), Text("Fl2", "second_name")),
    "server_location": _table(
        "Gj_dms",
        "Gj_dm_xx",
        _BIT,
        _MARK,
        _NAME,
        Number("Shengid", "province"),
        Text("Shengjc", "abbreviation"),
        Text("Dzyj", "email"),
        Text("Sjhm", "mobile"),
    ),
    "industry": _table("Hyfl_dms", "Hyfl_xx", _MARK, _NAME),
    "administrative_level": _table("Xzjb_dms", "Xzjb_xx", _NAME),
    "certificate_type": _table("Zjlx_dms", "Zjlx_xx", _NAME, Number("Dwflid", "nature")),
    "prior_approval": _table("Wzjylx_dms", "Wzjylx_xx", _BIT, _NAME, Flag("Sfqzsp", "needs_approval")),
    "service_content": _table("Wzfwlx_dms", "Wzfwlx_xx", _BIT, _NAME),
    "access_method": _table("Wzjrfs_dms", "Wzjrfs_xx", _BIT, _NAME),
    "cancellation_reason": _table("Zxly_dms", "Zxly_xx", Text("Nr", "name")),
    # Of these alone the wire does not say whether they are in force.
    "unfiled_handling": TableShape("Wbacl_dms", "Wbacl_xx", Shape(CodeEntry, (_CODE, Text("Ztmc", "name"), _REMARK))),
    "check_opinion": _table("Hsyj_dms", "Hsyj", _NAME),
    "domain_type": _table("Ymlx_dms", "Ymlx", _NAME),
    "attachment_format": _table("Fjwjgs_dms", "Fjwjgs", _NAME),
    "attachment_purpose": _table("Fjytlx_dms", "Fjzjlx", _NAME, Number("Ssdxlx", "owner_kind")),
    "language": _table("Yylb_dms", "Yylb", _NAME),
}
"""Server locations are the bureaus' table on the wire: an access names by their ids where its servers stand."""


def read_tables(parent: etree._Element | None, store: Store) -> tuple[CodeTable, ...]:
    """Read the code tables that `parent` has, in the order of `TABLES`."""
    if parent is None:
        return ()
    return tuple(
        CodeTable(table=name, entries=tuple(shape.entry.read(element, store) for element in found.iterfind(shape.wire)))
        for name, shape in TABLES.items()
        if (found := parent.find(shape.wrapper)) is not None
    )


def write_tables(parent: etree._Element, tables: Iterable[CodeTable], load: Load) -> None:
    """Add code tables to `parent`; parts of the same table go together."""
    for table in tables:
        shape = TABLES[table.table]
        wrapper = parent.find(shape.wrapper)
        if wrapper is None:
            wrapper = etree.SubElement(parent, shape.wrapper)
        for entry in table.entries:
            shape.entry.write(etree.SubElement(wrapper, shape.wire), entry, load)
