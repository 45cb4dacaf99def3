"""Serializers made from the records: what a filing says is written down once, in `beian.records`.

A draft takes whatever is there so far, so nothing in it is required; what the bureau gives (numbers,
times) cannot be said by a provider and is left out. A filing password is given when the case is handed in,
and never kept with what was typed. Addresses are dotted, files are named by the SHA-256
that their upload was answered with.
"""

from __future__ import annotations

import dataclasses
import typing
from types import NoneType
from typing import Any

from rest_framework import serializers

from beian.records import ContentRecord, FilingRecord, RangeRecord
from beian.records.requests import CancellationRecord, ChangeRecord, NewAccessRecord, NewWebsitesRecord

OF_THE_BUREAU = frozenset(
    {
        "first_reported", "last_modified", "certificate_serial", "certificate_path", "certificate_expires", "reviewer",
        "reviewed", "provider_id", "provider", "odd_remarks", "reported_by", "filing_password",
    }
)  # fmt: skip
REQUESTS: dict[str, type[Any]] = {
    "new_filing": FilingRecord,
    "new_website": NewWebsitesRecord,
    "new_access": NewAccessRecord,
    "change": ChangeRecord,
    "cancel_access": CancellationRecord,
    "cancel_sponsor": CancellationRecord,
    "cancel_website": CancellationRecord,
}
"""What a system may ask for, by the names that the interface gives the kinds of cases."""


_MADE: dict[tuple[type[Any], bool], type[serializers.Serializer[Any]]] = {}


def draft_serializer(record: type[Any], *, numbers: bool = False) -> type[serializers.Serializer[Any]]:
    """Give the serializer of a draft of `record`; `numbers` says that the bureau's numbers may be named."""
    if (record, numbers) not in _MADE:
        _MADE[record, numbers] = _made(record, numbers)
    return _MADE[record, numbers]


def _made(record: type[Any], numbers: bool) -> type[serializers.Serializer[Any]]:
    hints = typing.get_type_hints(record)
    fields: dict[str, Any] = {}
    for each in dataclasses.fields(record):
        if each.name in OF_THE_BUREAU or (not numbers and _is_number_of_the_bureau(each.name, hints[each.name])):
            continue
        fields[each.name] = _field(record, each.name, hints[each.name], numbers)
    name = f"{record.__name__.removesuffix('Record')}{'ByNumber' if numbers else ''}Draft"
    return type(name, (serializers.Serializer,), {**fields, "__doc__": (record.__doc__ or "").splitlines()[0]})


def request_serializer(kind: str) -> type[serializers.Serializer[Any]]:
    """Give the serializer of the draft of a kind of request."""
    record = REQUESTS[kind]
    return draft_serializer(record, numbers=record is not FilingRecord)


def _is_number_of_the_bureau(name: str, hint: Any) -> bool:
    """Whether a field is a number that the bureau gives; that of a certificate is text."""
    return name == "filing_number" or (name == "number" and _without_none(hint) is int)


def _field(record: type[Any], name: str, hint: Any, numbers: bool) -> serializers.Field[Any, Any, Any, Any]:
    if record is RangeRecord:
        return serializers.IPAddressField(protocol="IPv4", required=False)
    if record is ContentRecord:
        return serializers.CharField(required=False, max_length=64)
    return _of_type(_without_none(hint), numbers)


def _of_type(hint: Any, numbers: bool) -> serializers.Field[Any, Any, Any, Any]:
    if typing.get_origin(hint) is tuple:
        inner = typing.get_args(hint)[0]
        if dataclasses.is_dataclass(inner):
            return draft_serializer(typing.cast(type, inner), numbers=numbers)(many=True, required=False)
        return serializers.ListField(child=serializers.IntegerField(), required=False)
    if dataclasses.is_dataclass(hint):
        return draft_serializer(typing.cast(type, hint), numbers=numbers)(required=False)
    if isinstance(hint, type) and issubclass(hint, int):
        return serializers.IntegerField(required=False, allow_null=True)
    return serializers.CharField(required=False, allow_null=True, allow_blank=True, max_length=4096)


def _without_none(hint: Any) -> Any:
    rest = [each for each in typing.get_args(hint) if each is not NoneType]
    return rest[0] if rest and NoneType in typing.get_args(hint) else hint


def as_typed(value: Any) -> Any:
    """Give what was said as a draft keeps it: as it would have been typed; what is missing is left out."""
    if isinstance(value, dict):
        return {key: as_typed(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [as_typed(each) for each in value]
    return str(value) if isinstance(value, int) else value
