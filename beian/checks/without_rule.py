"""The published codes of website filings that no rule gives: who gives them, or why nobody can."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Given:
    """Where a code comes from that is no finding of a rule, and the test that provokes it."""

    where: str
    test: str


ELSEWHERE: dict[int, Given] = {
    1001: Given("a reviewer approves", "tests/bureau/test_decisions.py::test_approval_files_and_tells_everyone"),
    1002: Given("a reviewer refuses", "tests/bureau/test_decisions.py::test_refusal_gives_back_and_tells_why"),
    1060: Given(
        "material on its own joined what it names: the only answer of success that is no approval",
        "tests/bureau/test_materials.py::test_it_joins_a_website",
    ),
    1062: Given(
        "all addresses are registered to the provider: shown to the reviewer, never answered, because an existing "
        "client may take any code for a failure",
        "tests/beian/test_checks/test_requests_in_a_document.py"
        "::test_the_reviewer_is_shown_what_the_table_of_addresses_says",
    ),
    5001: Given(
        "the worker that reads the document: it does not fit the schema or has more than 1,000 records",
        "tests/interface/test_documents_defects.py::test_5001_what_does_not_fit",
    ),
    5003: Given(
        "the worker, once it has read the document: another provider's identifier stands in it",
        "tests/bureau/test_intake.py::test_a_document_that_cannot_be_taken_comes_back_whole",
    ),
    5004: Given(
        "the worker that reads the document: another version",
        "tests/interface/test_documents_defects.py::test_5004_another_version",
    ),
    5008: Given(
        "the worker that reads the document: bytes that do not decode, control characters",
        "tests/interface/test_documents_defects.py::test_5008_bytes_that_say_nothing",
    ),
    5009: Given(
        "the worker, once it has read the document: the account lacks the permission",
        "tests/bureau/test_intake.py::test_a_document_that_cannot_be_taken_comes_back_whole",
    ),
    5011: Given(
        "the worker, once it has read the document: a kind of records that is not open yet",
        "tests/bureau/test_intake.py::test_what_is_not_open_yet_comes_back_whole",
    ),
    5999: Given(
        "the worker, after many tries that failed for reasons of ours",
        "tests/bureau/test_intake.py::test_a_document_that_never_succeeds_comes_back_in_the_end",
    ),
}

CANNOT_OCCUR: dict[int, str] = {
    1028: "No element of the interface carries a user name of a website filing; the caller's own is checked before "
    "anything is read (4).",
    1053: "Reporting units are not deleted: one that left stays, closed, and what it reports is 1054.",
    1068: "Abridged records of other provinces (缩略信息) are not asked for: a number says by itself which bureau "
    "holds the filing, and that bureau looks into the filing (1067).",
}
