"""The verification form (网站备案信息真实性核验单) as a PDF, filled from a verification, to print and sign.

One page of A4 as long as that is legible; what is longer goes on to a second. Characters that the font
has no shape for are printed as 〓, the printers' mark for a missing one, and named at the foot.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal, cast

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fpdf import FPDF
from fpdf.enums import Align, MethodReturnValue, XPos, YPos
from pylopdf_fonts_zh_cn import sans_path

from beian.models import Code
from beian.records.people import values_of
from enterprise.models import Verification
from enterprise.services.verification_sheet import Subject
from enterprise.services.verification_standing import Line, Standing
from enterprise.verification_form import Part, Said

TITLE = "网站备案信息真实性核验单"
MISSING = "〓"
MARGIN, WIDTH = 14.0, 182.0
"""Millimetres: of the margins, and of what is between them on A4."""

KEEPING = "本核验单一式两份：一份由接入服务单位留存，一份提交网站主办者所在省通信管理局。核验材料保密，保存不少于五年。"
LABEL = 34.0
SIZES = (10.0, 9.0, 8.0)
"""Points of the text; the largest with which the form is one page is taken, the smallest if none."""

_TICKED, _EMPTY = "■", "□"
_UNBROKEN = "\N{NO-BREAK SPACE}"
_MOST_DOMAINS = 24


def form_pdf(verification: Verification, now: Standing) -> bytes:
    """Write the form of a verification as it stands, to be signed on paper."""
    approvals = _approval_names()
    for size in SIZES:
        paper = _Paper(size)
        paper.fill(verification, now, approvals)
        if paper.pdf.pages_count == 1:
            break
    return bytes(paper.pdf.output())


def box(label: str, ticked: bool) -> str:
    """Write a box with its label."""
    return f"{_TICKED if ticked else _EMPTY}{label}"


def printable(text: str) -> tuple[str, tuple[str, ...]]:
    """Give a text with 〓 for what the font cannot show, and those characters."""
    shapes = _shapes()
    missing = tuple(dict.fromkeys(each for each in text if ord(each) not in shapes and each not in "\n\t"))
    return "".join(MISSING if each in missing else each for each in text), missing


class _Paper:
    """The sheet of paper, with the text in one size."""

    def __init__(self, size: float) -> None:
        self.size, self.high = size, size * 0.56
        self.missing: dict[str, None] = {}
        self.pdf = FPDF(format="A4")
        self.pdf.set_margins(MARGIN, 12, MARGIN)
        self.pdf.set_auto_page_break(True, 12)
        self.pdf.add_font("sans", "", str(sans_path()))
        self.pdf.set_line_width(0.2)
        self.pdf.add_page()

    def fill(self, verification: Verification, now: Standing, approvals: Sequence[tuple[int, str]]) -> None:
        """Put everything on paper."""
        sheet = now.sheet
        self.head(verification)
        self.row("网站主办者名称", sheet.sponsor_name)
        self.row("主办者性质", f"{box('单位', not sheet.is_person)}    {box('个人', sheet.is_person)}")
        self.row("网站域名", _domains(sheet.domains))
        for part in Part:
            self.part(part, now)
            if part == Part.WEBSITE:
                self.row("前置审批类型", "  ".join(box(name, code in sheet.approvals) for code, name in approvals))
        self.row("核验说明", _remarks(verification, now))
        self.signatures(verification)
        self.foot()

    def head(self, verification: Verification) -> None:
        """Write the title, the case and who verifies."""
        self.pdf.set_font("sans", size=self.size + 6)
        self.cell(WIDTH, 10, TITLE, Align.C)
        self.pdf.set_font("sans", size=self.size - 1)
        top = self.pdf.get_y()
        self.cell(WIDTH, self.high, f"受理号：{verification.case.reference}", Align.L)
        self.pdf.set_y(top)
        self.cell(WIDTH, self.high, f"核验单位：{verification.provider.name}", Align.R)
        self.pdf.ln(1)
        self.pdf.set_font("sans", size=self.size)

    def part(self, part: Part, now: Standing) -> None:
        """Write a part: a row for each subject, boxes for each item."""
        lines = now.of(part)
        if not lines:
            return
        self.pdf.set_fill_color(236, 239, 243)
        self.cell(WIDTH, self.high * 1.2, part.words, Align.L, border=1, fill=True)
        for key in dict.fromkeys(line.question.subject for line in lines):
            subject = now.sheet.subject(key)
            assert subject is not None
            ticks = (_ticks(line) for line in lines if line.question.subject == key)
            self.row(subject.title, _certificate(part, subject) + "    ".join(ticks))

    def row(self, label: str, text: str) -> None:
        """Write a label and a text side by side, both as high as the higher one."""
        columns = ((LABEL, self.said(label)), (WIDTH - LABEL, self.said(text)))
        high = max(self.lines(width, words) for width, words in columns) * self.high + 1.4
        self.make_room(high)
        top, left = self.pdf.get_y(), MARGIN
        for width, words in columns:
            self.pdf.rect(left, top, width, high)
            self.pdf.set_xy(left, top + 0.7)
            self.pdf.multi_cell(width, self.high, words, align=Align.L)
            left += width
        self.pdf.set_xy(MARGIN, top + high)

    def signatures(self, verification: Verification) -> None:
        """Leave room for both signatures."""
        high, half = 24.0, WIDTH / 2
        self.make_room(high)
        top = self.pdf.get_y()
        columns = (f"核验人签字（加盖单位公章）：{verification.closed_by_name}", "网站负责人签字：")
        for index, words in enumerate(columns):
            left = MARGIN + index * half
            self.pdf.rect(left, top, half, high)
            self.pdf.set_xy(left, top + 1)
            self.cell(half, self.high, words, Align.L)
            self.pdf.set_xy(left, top + high - self.high - 1)
            self.cell(half, self.high, "日期：      年    月    日", Align.R)
        self.pdf.set_xy(MARGIN, top + high)

    def foot(self) -> None:
        """Say how the form is kept, and which characters are to be written by hand."""
        self.pdf.ln(1)
        self.pdf.set_font("sans", size=7)
        words = KEEPING
        if self.missing:
            codes = "、".join(f"U+{ord(each):04X}" for each in self.missing)
            words += f"{MISSING}为字库没有的字，请手写补全：{codes}。"
        self.pdf.multi_cell(WIDTH, 3.6, words, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def make_room(self, high: float) -> None:
        """Go on to the next page where this one has not so many millimetres left."""
        if self.pdf.will_page_break(high):
            self.pdf.add_page()

    def lines(self, width: float, words: str) -> int:
        """Count the lines that a text takes in a column."""
        found = self.pdf.multi_cell(
            width, self.high, words, align=Align.L, dry_run=True, output=MethodReturnValue.LINES
        )
        return max(1, len(cast("list[str]", found)))

    def cell(
        self, width: float, high: float, text: str, align: Align, *, border: Literal[0, 1] = 0, fill: bool = False
    ) -> None:
        """Write one line, and go on below it."""
        self.pdf.cell(
            width, high, self.said(text), border=border, fill=fill, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )

    def said(self, text: str) -> str:
        """Give a text as it can be printed, and remember what cannot."""
        shown, missing = printable(text)
        self.missing.update(dict.fromkeys(missing))
        return shown


def _ticks(line: Line) -> str:
    """Write an item with its boxes."""
    passed = box("不涉及", line.said == Said.NOT_APPLICABLE) if line.question.passable else ""
    return f"{line.question.line}{_UNBROKEN}{box('是', line.said == Said.YES)}{box('否', line.said == Said.NO)}{passed}"


def _domains(domains: Sequence[str]) -> str:
    shown = "、".join(domains[:_MOST_DOMAINS])
    return f"{shown} 等，共{len(domains)}个" if len(domains) > _MOST_DOMAINS else shown


def _certificate(part: Part, subject: Subject) -> str:
    """Say which certificate it is: a form that is signed names the document that was seen."""
    if part != Part.SUBJECT:
        return ""
    kind = subject.fact("certificate.type") or subject.fact("certificate_type")
    return f"证件：{kind}    " if kind else ""


def _remarks(verification: Verification, now: Standing) -> str:
    """Give the notes of the verifier, each once."""
    notes = [f"{line.question.line}：{line.note}" for line in now.lines if line.note]
    if verification.correction_reason:
        notes.insert(0, f"更正 {verification.corrects_id} 号核验记录：{verification.correction_reason}")
    return "；".join(dict.fromkeys(each for note in notes for each in values_of(note))) or " "


def _approval_names() -> list[tuple[int, str]]:
    return list(Code.objects.filter(table="prior_approval").order_by("code").values_list("code", "name"))


@cache
def _shapes() -> frozenset[int]:
    with TTFont(str(sans_path()), lazy=True) as font:
        return frozenset(font.getBestCmap())
