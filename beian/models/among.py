"""`field__among=values`: as `in`, for thousands of values.

`in` makes a parameter of each value, and Django prepares them one by one in Python, which takes longer than the
query. Here they travel as one array.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Field, Lookup

if TYPE_CHECKING:
    _Lookup = Lookup[Any]
else:
    _Lookup = Lookup


@Field.register_lookup
class Among(_Lookup):
    """`column = ANY(array)`. Values are given as the database has them; none finds nothing."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, values = self.process_lhs(compiler, connection)
        kind = self.lhs.output_field.db_type(connection)
        return f"{column} = ANY(%s::{kind}[])", (*values, list(self.rhs))
