"""Emptying the database after a test with transactions of its own.

Django truncates all of some hundred tables and makes permissions anew, and the code tables would have to be
loaded again: a second for each of hundreds of tests. Here only what a test filled is emptied, and the code
tables stay as they are, unless a test changed them.
"""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase

CODES = ("beian_code", "beian_region", "beian_calendarday")
KEPT = {*CODES, "django_content_type", "auth_permission", "django_migrations"}

_by_django = TransactionTestCase._fixture_teardown
_loaded: list[tuple[int, ...]] = []


def load_codes() -> None:
    """Load the code tables, and remember by which transactions."""
    call_command("load_codes", verbosity=0, stdout=io.StringIO())
    with connection.cursor() as cursor:
        _loaded[:] = [_state(cursor)]


def install(patch: pytest.MonkeyPatch) -> None:
    """Empty the database this way from now on."""
    patch.setattr(TransactionTestCase, "_fixture_teardown", _empty)


def _empty(case: Any) -> None:
    if not _may_switch_triggers_off():
        return _by_django(case)
    with connection.cursor() as cursor:
        # Neither foreign keys nor the triggers that keep events from being deleted are asked.
        cursor.execute("SET session_replication_role = replica")
        try:
            changed = [_state(cursor)] != _loaded
            for table in (*_filled(cursor), *(CODES if changed else ())):
                cursor.execute(f'DELETE FROM "{table}"')
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")
    if changed:
        load_codes()
    return None


def _may_switch_triggers_off() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


def _filled(cursor: CursorWrapper) -> list[str]:
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - KEPT
    looks = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in sorted(tables))
    cursor.execute(" UNION ALL ".join(looks))
    return [name for (name,) in cursor.fetchall()]


def _state(cursor: CursorWrapper) -> tuple[int, ...]:
    """Tell how many rows the code tables have, and which transaction wrote last to each."""
    found: list[int] = []
    for table in CODES:
        cursor.execute(f'SELECT count(*), coalesce(max(xmin::text::bigint), 0) FROM "{table}"')
        found += cursor.fetchone()
    return tuple(found)
