"""The reference page of the checks, and that the rules stay plain Python."""

from __future__ import annotations

import subprocess
import sys

from django.core.management import call_command

from beian.checks import RULES
from beian.checks.reference import READINGS, render
from beian.result_codes import messages


def test_the_page_is_up_to_date() -> None:
    call_command("checks_reference", "--check")


def test_every_rule_says_what_it_checks_and_where_it_comes_from() -> None:
    for rule in RULES.values():
        assert rule.statement
        assert rule.source
        assert messages()[rule.code] in render()


def test_every_reading_is_about_a_rule() -> None:
    assert set(READINGS) <= set(RULES)


def test_the_rules_do_without_django() -> None:
    program = "import sys, beian.checks; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
