"""Which material of a verification in person did not come along."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from beian.checks import Facts
from beian.checks.missing_material import FORM, PHOTO, Missing, missing_material
from beian.checks.verification import verification
from beian.records import AttachmentRecord, FilingRecord
from tests import builders
from tests.beian.filed import on_file
from tests.builders import changed

BEFORE = on_file()
NEW_PERSON = changed(BEFORE, "websites.0.person.name", "示例新人")
FORM_SENT = builders.attachment(str(BEFORE.sponsor.number))


def photo(owner: object) -> AttachmentRecord:
    return builders.attachment(str(owner), owner_kind=2, purpose=PHOTO)


def missing(after: FilingRecord, facts: Facts, *sent: AttachmentRecord, **how: Any) -> tuple[Missing, ...]:
    return missing_material(verification(BEFORE, after, facts), after, sent, facts, **how)


def test_form_and_photo_of_whoever_had_to_come(facts: Facts) -> None:
    form, picture = missing(NEW_PERSON, facts)
    assert (form.purpose, form.place, form.words, form.demanded) == (FORM, "主体", "缺少真实性核验单", True)
    assert (picture.purpose, picture.demanded) == (PHOTO, False)
    assert (picture.place, picture.words) == ("网站粤ICP备2026000001号-1·负责人", "缺少网站负责人核验现场照片")
    assert picture.field == ("websites", str(BEFORE.websites[0].number), "person")


@pytest.mark.parametrize("owner", [BEFORE.websites[0].number, "粤ICP备2026000001号-1", "粤icp备2026000001号－1"])
def test_nothing_lacks_where_all_came(owner: object, facts: Facts) -> None:
    assert missing(NEW_PERSON, facts, FORM_SENT, photo(owner)) == ()


@pytest.mark.parametrize("owner", [BEFORE.websites[1].number, "粤ICP备2026000001号-2", "无", "None"])
def test_a_photo_of_somebody_else_does_not_do(owner: object, facts: Facts) -> None:
    assert [each.purpose for each in missing(NEW_PERSON, facts, FORM_SENT, photo(owner))] == [PHOTO]


def test_nobody_came_nothing_lacks(facts: Facts) -> None:
    assert missing(changed(BEFORE, "sponsor.person.mobile", "16009999999"), facts) == ()


def test_where_only_the_sponsor_changed_any_photo_does(facts: Facts) -> None:
    after = changed(BEFORE, "sponsor.certificate.address", "示例新址")
    assert [(each.purpose, each.place) for each in missing(after, facts, FORM_SENT)] == [(PHOTO, "网站负责人")]
    assert missing(after, facts, FORM_SENT, photo(BEFORE.websites[1].number)) == ()


def test_who_answers_for_several_websites_is_photographed_once(facts: Facts) -> None:
    somebody = builders.person(5)
    after = changed(changed(BEFORE, "websites.0.person", somebody), "websites.1.person", somebody)
    assert [each.purpose for each in missing(after, facts, FORM_SENT)] == [PHOTO]
    assert missing(after, facts, FORM_SENT, photo(BEFORE.websites[1].number)) == ()


def test_a_new_website_is_named_by_the_providers_id(facts: Facts) -> None:
    after = replace(BEFORE, websites=(*BEFORE.websites, builders.website(9)))
    assert [each.place for each in missing(after, facts, FORM_SENT)] == ["网站示例网站9·负责人"]
    assert missing(after, facts, FORM_SENT, photo(after.websites[2].provider_id)) == ()


def test_a_new_filing_wants_form_and_photos(facts: Facts) -> None:
    filing = builders.filing(websites=2)
    found = missing_material(verification(None, filing, facts), filing, (), facts)
    assert [each.purpose for each in found] == [FORM, PHOTO, PHOTO]


def test_a_bureau_may_demand_the_photo_too(facts: Facts) -> None:
    assert [each.demanded for each in missing(NEW_PERSON, facts, demanded=(FORM, PHOTO))] == [True, True]
