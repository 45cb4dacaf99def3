"""The signed form counts for what was printed on it: not for a correction, and not after a change."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from beian.models import Node, User
from beian.services.refusals import Invalid
from enterprise.models import PieceKind, Verification, VerificationState
from enterprise.services import verifications
from enterprise.services.verification_closing import close_failed, close_passed
from enterprise.services.verification_standing import FORM_PLACE, standing
from enterprise.verification_form import Said
from tests.enterprise.verifying import answered, begun, kept, passed, photo

MOBILE = "person.0:mobile"


@pytest.fixture
def signed(isp: Node, verifier: User) -> Verification:
    """Everything answered, the form signed and scanned."""
    verification = begun(isp, verifier)
    answered(verification, verifier)
    return Verification.objects.get(pk=verification.pk)


def say(verification: Verification, actor: User, said: Said, note: str = "") -> Verification:
    return verifications.answer(verification.provider, verification.pk, actor, {MOBILE: (said, note)})


def test_a_correction_wants_a_form_of_its_own(isp: Node, verifier: User) -> None:
    first = passed(isp, verifier)
    second = verifications.correct(isp, first.pk, verifier, "手机号码听错")
    carried = {(each.kind, each.place) for each in second.pieces.all()}
    assert carried == {(each.kind, each.place) for each in first.pieces.exclude(kind=PieceKind.FORM)}
    with pytest.raises(Invalid) as caught:
        close_passed(isp, second.pk, verifier, paper_kept=True)
    assert set(caught.value.errors) == {FORM_PLACE}
    kept(second, verifier, PieceKind.FORM, FORM_PLACE, photo(1240, 1754, "grey"))
    closed = close_passed(isp, second.pk, verifier, paper_kept=True)
    old, new = standing(first).form, standing(closed).form
    assert old is not None
    assert new is not None
    assert (old.verification_id, new.verification_id) == (first.pk, second.pk)
    assert old.content_id != new.content_id


@pytest.mark.parametrize(("said", "note"), [(Said.YES, "改号后核实"), (Said.NO, "")])
def test_what_is_printed_may_not_change_after_it_was_signed(
    isp: Node, verifier: User, signed: Verification, said: Said, note: str
) -> None:
    assert standing(signed).form is not None
    now = standing(say(signed, verifier, said, note))
    assert now.form is None
    assert now.old_form is not None
    with pytest.raises(Invalid, match="打印的内容有变更"):
        close_passed(isp, signed.pk, verifier, paper_kept=True)
    assert standing(say(signed, verifier, Said.YES)).form is not None


def test_a_number_that_no_longer_agrees_is_printed_too(isp: Node, verifier: User, signed: Verification) -> None:
    verifications.read_number(isp, signed.pk, verifier, "sponsor", "123456789012345")
    assert standing(Verification.objects.get(pk=signed.pk)).form is None


def test_what_is_not_printed_may_change(verifier: User, signed: Verification) -> None:
    kept(signed, verifier, PieceKind.PHOTO, "person.0", photo(colour="green"))
    kept(signed, verifier, PieceKind.IDENTITY, "person.0")
    assert standing(signed).form is not None


def test_the_page_says_that_the_scan_is_out_of_date_and_shows_it(
    client: Client, isp: Node, verifier: User, signed: Verification
) -> None:
    client.force_login(verifier)
    page = reverse("enterprise:counter", kwargs={"isp": isp.isp_id, "pk": signed.pk})
    words = "这份扫描件不再有效"
    assert words not in client.get(page).content.decode()
    say(signed, verifier, Said.YES, "回拨")
    shown = client.get(page).content.decode()
    assert words in shown
    assert '签好的核验单" loading' in shown
    answer = reverse("enterprise:counter_answer", kwargs={"isp": isp.isp_id, "pk": signed.pk})
    said = {f"answer-{MOBILE}": "yes", f"note-{MOBILE}": "回拨两次"}
    assert words in client.post(answer, said, headers={"HX-Request": "true"}).content.decode()


def test_a_closed_record_shows_the_form_that_was_kept(isp: Node, verifier: User, signed: Verification) -> None:
    failed = close_failed(isp, say(signed, verifier, Said.NO, "停机").pk, verifier, "手机无法接通")
    assert failed.state == VerificationState.FAILED
    assert standing(failed).form == signed.pieces.get(kind=PieceKind.FORM)
