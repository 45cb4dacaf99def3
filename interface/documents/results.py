"""The shapes of what a bureau answers: results and reviewers' opinions."""

from __future__ import annotations

from beian.records import CodeRecord, OpinionRecord, ResultRecord
from interface.documents.fields import Many, Number, Shape, Text

# A description that is too long is cut: all detail stands in the result's remark.
CODE = Shape(
    CodeRecord,
    (
        Number("Jgdm", "code"),
        Text("Dmms", "description", most=255),
    ),
)

RESULT = Shape(
    ResultRecord,
    (
        Many("Jgxx", "codes", CODE),
        Number("Czlx", "operation"),
        Text("Bs", "subject"),
        Text("Bz", "remark"),
    ),
)

# The schema has no room for a telephone of less than 11 characters: it is left out.
OPINION = Shape(
    OpinionRecord,
    (
        Text("Shrxm", "reviewer"),
        Text("Shr_dhhm", "telephone", least=11),
        Text("Shsj", "reviewed"),
        Text("Shyj", "opinion", most=1024),
        Number("Shjg", "verdict"),
        Number("Czlx", "operation"),
        Number("Jlid", "subject"),
    ),
)
