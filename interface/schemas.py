"""The schemas of the wire documents: compiled once in a process, and what they find, in plain words.

The schemas themselves lie in `schemas/`. What they find goes back to providers, so it is said in
Chinese and never repeats a value that was sent: that may be somebody's certificate number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from lxml import etree

FOLDER = Path(__file__).resolve().parent.parent / "schemas"
OPERATIONS = (
    "isp_upload",
    "isp_download",
    "isp_downloadack",
    "isp_querypreviousupload",
    "isp_querybeianstatus",
    "isp_verifybamm",
)
MOST_PROBLEMS = 20

# A compiled schema is shared by the process, and so is the log of its latest run.
_VALIDATING = Lock()


@dataclass(frozen=True, slots=True)
class SchemaProblem:
    """One thing that does not fit: its line, the path of its element, what was expected (Chinese)."""

    line: int
    path: str
    message: str

    def __str__(self) -> str:
        return f"第{self.line}行：{self.message}"


@cache
def _compiled(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(FOLDER / f"{name}.xsd")))


def upload() -> etree.XMLSchema:
    """The schema of what a provider sends."""
    return _compiled("upload")


def download() -> etree.XMLSchema:
    """The schema of what a provider fetches."""
    return _compiled("download")


def operation_return(operation: str) -> etree.XMLSchema:
    """The schema of the string that `operation` returns; `ValueError` where there is no such operation."""
    if operation not in OPERATIONS:
        raise ValueError(f"no operation {operation!r}; there are {', '.join(OPERATIONS)}")
    return _compiled(f"{operation}_return")


def validate(schema: etree.XMLSchema, tree: Any, most: int = MOST_PROBLEMS) -> list[SchemaProblem]:
    """Say what in `tree` (a document or its root) does not fit `schema`: the first `most` problems.

    An empty list means that it fits. Where the validator itself gives up, that is a problem too.
    """
    with _VALIDATING:
        try:
            if schema.validate(tree):
                return []
        except etree.XMLSchemaValidateError:
            return [SchemaProblem(1, "", "文档过于复杂，无法按模式校验")]
        log: Any = schema.error_log
        entries = list(log)[:most]
    return [_problem(entry) for entry in entries]


# libxml2's sentences and what we say instead; the first that matches is used. `{0}` is the name of
# the element, the other numbers are the groups of the pattern.
_SENTENCES = tuple(
    (re.compile(pattern, re.DOTALL), sentence)
    for pattern, sentence in (
        (r"The attribute '(\w+)' is required but missing", "元素 {0} 缺少属性 {1}"),
        (r"The attribute '(.+)' is not allowed", "元素 {0} 不应有属性 {1}"),
        (r"Missing child element\(s\)\. Expected is (?:one of )?\( (.+) \)", "元素 {0} 的内容不完整，应有：{1}"),
        (r"not expected\. Expected is (?:one of )?\( (.+) \)", "此处不应出现元素 {0}，应为：{1}"),
        (r"This element is not expected", "此处不应出现元素 {0}"),
        (r"\[facet 'minInclusive'\].*\('(-?\d+)'\)", "元素 {0} 的值小于最小值 {1}"),
        (r"\[facet 'maxInclusive'\].*\('(-?\d+)'\)", "元素 {0} 的值大于最大值 {1}"),
        (r"\[facet 'maxExclusive'\].*\('(-?\d+)'\)", "元素 {0} 的值应小于 {1}"),
        (r"\[facet 'minLength'\].*'(\d+)'; .*'(\d+)'\.", "元素 {0} 的长度为 {1} 个字符，至少应为 {2} 个"),
        (r"\[facet 'maxLength'\].*'(\d+)'; .*'(\d+)'\.", "元素 {0} 的长度为 {1} 个字符，至多应为 {2} 个"),
        (r"valid value of the atomic type", "元素 {0} 的值不是要求的类型"),
        (r"because the type definition is simple", "元素 {0} 内不应有子元素"),
        (r"Character content", "元素 {0} 内不应直接出现文字"),
        (r"No matching global declaration", "文档的根元素不应为 {0}"),
    )
)
_ELEMENT = re.compile(r"Element '([^']*)'")


def _problem(entry: Any) -> SchemaProblem:
    named = _ELEMENT.search(entry.message)
    element = named.group(1) if named else ""
    for pattern, sentence in _SENTENCES:
        found = pattern.search(entry.message)
        if found:
            return SchemaProblem(entry.line, entry.path or "", sentence.format(element, *found.groups()))
    return SchemaProblem(entry.line, entry.path or "", f"元素 {element} 不符合模式")
