"""Every field of every request has a name in the field's own terms, and a form field knows which paths are its."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator
from typing import Any

import pytest

from beian.records import (
    CancellationRecord,
    ChangeRecord,
    FilingRecord,
    NewAccessRecord,
    NewWebsitesRecord,
)
from enterprise.forms.filing_fields import field_at
from enterprise.forms.labels import label

ADMINISTRATIVE = {
    "first_reported", "last_modified", "certificate_serial", "certificate_path", "certificate_expires",
    "reviewer", "reviewed", "odd_remarks", "provider", "sha256", "size", "media_type",
}  # fmt: skip
"""What nobody fills in and no finding is about."""


def paths(kind: Any, above: str = "") -> Iterator[str]:
    hints = typing.get_type_hints(kind)
    for field in dataclasses.fields(kind):
        if field.name in ADMINISTRATIVE:
            continue
        inner = hints[field.name]
        if isinstance(inner, types.UnionType):
            inner = next(each for each in typing.get_args(inner) if each is not type(None))
        path = f"{above}.{field.name}" if above else field.name
        if typing.get_origin(inner) is tuple:
            path, inner = f"{path}.1", typing.get_args(inner)[0]
        yield path
        if dataclasses.is_dataclass(inner):
            yield from paths(inner, path)


@pytest.mark.parametrize("kind", [FilingRecord, NewWebsitesRecord, NewAccessRecord, ChangeRecord, CancellationRecord])
def test_every_path_of_a_record_has_a_name(kind: type) -> None:
    for path in paths(kind):
        assert not any(character.isascii() and character.islower() for character in label(path)), path


def test_names_say_which_of_several() -> None:
    assert label("sponsor.person.mobile") == "主体负责人·手机号码"
    assert label("websites.0.domains.1.name") == "网站1·域名2"
    assert label("websites.1.accesses.0.ranges.2.first") == "网站2·接入1·IP段3"
    assert label("") == "整件申请"


def test_a_finding_within_a_list_belongs_to_the_field_of_the_list() -> None:
    found = field_at("websites.0.domains.1.name")
    assert found is not None
    assert (found[0], found[1].name) == ("websites.0", "domains")
    person = field_at("websites.1.person.mobile")
    assert person is not None
    assert (person[0], person[1].name) == ("websites.1.person", "mobile")
    nested = field_at("sponsor.certificate.number")
    assert nested is not None
    assert nested[1].label == "证件号码"
    assert field_at("sponsor") is None
