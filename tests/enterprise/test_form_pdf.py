"""The verification form: one page of A4, ticked from what was answered, also for long names and rare characters."""

from __future__ import annotations

from dataclasses import replace

import pytest

from beian.models import Node, User
from enterprise.models import Verification
from enterprise.services import verifications
from enterprise.services.form_pdf import MISSING, box, form_pdf, printable
from enterprise.services.verification_standing import Standing, standing
from enterprise.verification_form import Said
from tests.enterprise.verifying import begun

pytestmark = pytest.mark.usefixtures("code_tables")


def pages(pdf: bytes) -> int:
    return pdf.count(b"/Type /Page\n")


def stretched(now: Standing, **changes: object) -> Standing:
    return replace(now, sheet=replace(now.sheet, **changes))


@pytest.fixture
def verification(isp: Node, verifier: User) -> Verification:
    return begun(isp, verifier)


def test_it_is_a_pdf_of_one_page(verification: Verification) -> None:
    pdf = form_pdf(verification, standing(verification))
    assert pdf.startswith(b"%PDF-")
    assert pages(pdf) == 1


def test_a_long_name_and_many_domains_still_fit_on_one_page(verification: Verification) -> None:
    name = "示例科技（集团）股份有限公司第一分公司互联网事业部" * 4
    domains = tuple(f"example-with-a-long-name-{n}.cn" for n in range(200))
    pdf = form_pdf(verification, stretched(standing(verification), sponsor_name=name, domains=domains))
    assert pages(pdf) == 1


def test_what_does_not_fit_goes_on_to_another_page_and_nothing_is_lost(verification: Verification) -> None:
    now = standing(verification)
    subjects = tuple(replace(now.sheet.subjects[-1], key=f"website.{n}") for n in range(40))
    asked = now.sheet.of_subject("website.0")
    questions = tuple(replace(each, subject=subject.key) for subject in subjects for each in asked)
    lines = tuple(replace(now.lines[0], question=each) for each in questions)
    long = replace(now, lines=lines, sheet=replace(now.sheet, subjects=subjects, questions=questions))
    assert pages(form_pdf(verification, long)) > 1


def test_boxes_are_ticked_from_the_answers(verification: Verification, verifier: User) -> None:
    said = {"person.0:mobile": (Said.YES, ""), "website.0:name": (Said.NO, "不规范")}
    before = form_pdf(verification, standing(verification))
    verifications.answer(verification.provider, verification.pk, verifier, said)
    after = form_pdf(verification, standing(Verification.objects.get(pk=verification.pk)))
    assert box("是", True) != box("是", False)
    assert len(before) != len(after)


def test_a_character_without_a_shape_is_marked_and_named() -> None:
    assert printable("王𠮷女士") == (f"王{MISSING}女士", ("𠮷",))
    assert printable("镕䶮㐀 ABC·") == ("镕䶮㐀 ABC·", ())


def test_rare_characters_do_not_stop_it(verification: Verification) -> None:
    assert form_pdf(verification, stretched(standing(verification), sponsor_name="𠮷祥示例店😀")).startswith(b"%PDF-")
