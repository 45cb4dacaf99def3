"""The reference page of the checks, and that the rules stay plain Python."""

from __future__ import annotations

import ast
import re
import subprocess
import sys

import pytest
from django.core.management import call_command

from beian.checks.reference import READINGS, codes_with_rule, render, rules_of
from beian.checks.without_rule import CANNOT_OCCUR, ELSEWHERE
from beian.result_codes import messages
from beian.settings import ROOT
from tests.beian.test_checks import test_every_code, test_material, test_reported, test_request_rules


def test_the_page_is_up_to_date() -> None:
    call_command("checks_reference", "--check")


def published() -> set[int]:
    """The codes of website filings that the interface has."""
    return {code for code in messages() if 1000 < code < 2000 or 5000 < code < 6000}


def test_every_published_code_has_a_rule_or_a_reason_and_never_both() -> None:
    kinds = [codes_with_rule(), set(ELSEWHERE), set(CANNOT_OCCUR)]
    assert set().union(*kinds) == published()
    assert sum(map(len, kinds)) == len(published())


def test_every_code_with_a_rule_is_provoked_by_a_test() -> None:
    provoked = {1014, *test_every_code.CHANGES}
    for cases in (
        test_every_code.CONFLICTS,
        test_request_rules.CASES,
        test_material.CASES,
        test_reported.RESULTS,
        test_reported.HANDLINGS,
    ):
        provoked |= {case[0] for case in cases}
    assert provoked == codes_with_rule()


@pytest.mark.parametrize("code", sorted(ELSEWHERE))
def test_every_code_that_is_given_elsewhere_is_provoked_there(code: int) -> None:
    file, name = ELSEWHERE[code].test.split("::")
    tests = ast.parse((ROOT / file).read_text("utf-8"))
    [found] = [node for node in tests.body if isinstance(node, ast.FunctionDef) and node.name == name]
    assert re.search(rf"\b{code}\b", ast.unparse(found)) or str(code) in name


def test_every_rule_says_what_it_checks_for_what_and_where_it_comes_from() -> None:
    page = render()
    for code in codes_with_rule():
        for rule in rules_of(code):
            assert rule.statement
            assert rule.statement in page
            assert rule.source
            assert rule.operations


def test_every_code_stands_on_the_page_with_its_words() -> None:
    page = render()
    assert all(f"| {messages()[code]} |" in page for code in published())
    assert all(reason in page for reason in CANNOT_OCCUR.values())


def test_every_reading_is_about_a_rule() -> None:
    assert set(READINGS) <= codes_with_rule()


def test_the_rules_do_without_django() -> None:
    program = "import sys, beian.checks.reference; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
