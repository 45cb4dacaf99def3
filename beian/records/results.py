"""What a bureau answers about a request, as plain values: result codes and reviewers' opinions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRecord:
    """One result code and what it means here (255 characters at most on the wire)."""

    code: int
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRecord:
    """The result of one request: `operation` is 1 to 7, `subject` ties it to the provider's case."""

    codes: tuple[CodeRecord, ...]
    operation: int
    subject: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionRecord:
    """A reviewer's opinion: `verdict` 1 approved, 0 refused; `subject` is a record id."""

    reviewed: str
    verdict: int
    reviewer: str | None = None
    telephone: str | None = None
    opinion: str | None = None
    operation: int | None = None
    subject: int | None = None
