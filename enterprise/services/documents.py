"""The photos a sponsor hands in: which are wanted, which are there, how one comes into a draft.

Every picture is made anew before it is kept (`enterprise.services.fitting`): no place or time it was taken, no
trailing bytes, and under the limit of the wire. What the office makes itself (verification form, photo at the
counter) is none of the sponsor's.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from beian import store
from beian.records import as_json
from beian.services.refusals import Invalid
from enterprise.forms.filing import part_at, value_at
from enterprise.services import fitting
from enterprise.workflow import Kind

Draft = dict[str, Any]
MAX_UPLOAD = 5 * 1024 * 1024
"""Bytes of a photo as it comes from the telephone."""
CERTIFICATE, SPONSOR_PERSON, WEBSITE_PERSON = 2, 3, 4
"""Purposes of attachments (code table)."""
_JPEG = 1
_INDIVIDUAL = "5"
_OWN_KIND = {"sponsor": 1}
_WEBSITE_KIND = 2


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a slot."""

    sha256: str
    size: int

    @property
    def kb(self) -> int:
        """Its size in KB, rounded up."""
        return -(-self.size // 1024)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for pictures: `key` names it in URLs; `like` is a slot whose picture may serve here too."""

    key: str
    label: str
    help: str
    required: bool
    pictures: tuple[Picture, ...] = ()
    like: str = ""

    @property
    def path(self) -> str:
        """The path that errors about it bear."""
        approval = _approval(self.key)
        return f"{approval}.scans" if approval else f"documents.{self.key}"


def slots(kind: int, draft: Draft) -> list[Slot]:
    """Give the places for pictures of a draft, with what is in them."""
    found = [replace(each, pictures=tuple(_pictures(draft, each.key))) for each in _wanted(kind, draft)]
    filled = {each.key for each in found if each.pictures}
    return [each if each.like in filled and not each.pictures else replace(each, like="") for each in found]


def missing(kind: int, draft: Draft) -> dict[str, list[str]]:
    """Say which pictures are wanted and not there: path → messages."""
    return {each.path: [f"请上传{each.label}。"] for each in slots(kind, draft) if each.required and not each.pictures}


def fitted(data: bytes) -> fitting.Fitted:
    """Bring a photo under the limit. Raises `Invalid` where it is too large or no picture."""
    if len(data) > MAX_UPLOAD:
        raise Invalid({"file": [f"照片为{len(data) / 1024 / 1024:.1f}MB，最大5MB，请改用较小的照片。"]})
    try:
        return fitting.fit(data, fitting.SCAN_LIMIT)
    except fitting.Unfit as error:
        raise Invalid({"file": [error.message]}) from error


def put_in(kind: int, draft: Draft, key: str, data: bytes) -> Draft:
    """Keep a photo and give the draft with it in slot `key`. Raises `Invalid`.

    A slot has one picture, the scans of a prior approval have several pages.
    """
    _known(kind, draft, key)
    content = as_json(store.put(fitted(data).data))
    return _with(draft, key, content)


def copy_to(kind: int, draft: Draft, key: str) -> Draft:
    """Let the picture of another slot serve in slot `key` too: one person's certificate is one photo."""
    slot = _known(kind, draft, key)
    contents = list(_contents(draft, slot.like)) if slot.like else []
    if not contents:
        raise Invalid({slot.path: ["没有可以沿用的照片。"]})
    return _with(draft, key, contents[0])


def take_out(kind: int, draft: Draft, key: str, sha256: str) -> Draft:
    """Give the draft without a picture of slot `key`."""
    _known(kind, draft, key)
    found = copy.deepcopy(draft)
    if approval := _approval(key):
        part = part_at(found, approval)
        part["scans"] = [each for each in part.get("scans") or [] if each.get("sha256") != sha256]
        return found
    owner, purpose = _parse(key)
    found["attachments"] = [
        each
        for each in found.get("attachments") or []
        if not (_is(each, owner, purpose) and each["content"].get("sha256") == sha256)
    ]
    return found


def _known(kind: int, draft: Draft, key: str) -> Slot:
    found = next((each for each in slots(kind, draft) if each.key == key), None)
    if found is None:
        raise Invalid({"": ["没有这一项材料。"]})
    return found


def _wanted(kind: int, draft: Draft) -> Iterator[Slot]:
    if kind == Kind.NEW_FILING or kind == Kind.CHANGE:
        yield from _of_sponsor(draft, required=kind == Kind.NEW_FILING)
    first = f"sponsor-{SPONSOR_PERSON}"
    number = value_at(draft, "sponsor.person.certificate_number")
    for index, website in enumerate(draft.get("websites") or []):
        same = number and value_at(website, "person.certificate_number") == number
        if kind == Kind.CHANGE and not website.get("person"):
            continue
        yield Slot(
            f"websites-{index}-{WEBSITE_PERSON}",
            f"网站{index + 1}负责人有效证件",
            "身份证等证件的正反面拍在一张照片上。",
            kind in (Kind.NEW_FILING, Kind.NEW_WEBSITE),
            like=(first if _pictured(draft, first) else f"sponsor-{CERTIFICATE}") if same else "",
        )
        for number_of_approval, approval in enumerate(website.get("approvals") or []):
            name = approval.get("approval_number") or number_of_approval + 1
            yield Slot(
                f"websites-{index}-approval-{number_of_approval}",
                f"网站{index + 1}前置审批文件（{name}）",
                "主管部门的批准文件，可以传多页。",
                True,
            )


def _of_sponsor(draft: Draft, *, required: bool) -> Iterator[Slot]:
    person = value_at(draft, "sponsor.nature") == _INDIVIDUAL
    yield Slot(
        f"sponsor-{CERTIFICATE}",
        "身份证件" if person else "主办单位有效证件",
        "身份证等证件的正反面拍在一张照片上。" if person else "营业执照等证件，副本也可以，四角完整、文字清楚。",
        required,
    )
    if not person:
        yield Slot(f"sponsor-{SPONSOR_PERSON}", "主体负责人有效证件", "身份证等证件的正反面拍在一张照片上。", required)


def _pictures(draft: Draft, key: str) -> Iterator[Picture]:
    for each in _contents(draft, key):
        yield Picture(str(each.get("sha256") or ""), int(each.get("size") or 0))


def _pictured(draft: Draft, key: str) -> bool:
    return any(True for _ in _contents(draft, key))


def _contents(draft: Draft, key: str) -> Iterator[dict[str, Any]]:
    if approval := _approval(key):
        yield from part_at(draft, approval).get("scans") or []
        return
    owner, purpose = _parse(key)
    for each in draft.get("attachments") or []:
        if _is(each, owner, purpose):
            yield each["content"]


def _with(draft: Draft, key: str, content: dict[str, Any]) -> Draft:
    found = copy.deepcopy(draft)
    if approval := _approval(key):
        part = part_at(found, approval)
        others = [each for each in part.get("scans") or [] if each.get("sha256") != content["sha256"]]
        part["scans"] = [*others, content]
        return found
    owner, purpose = _parse(key)
    kept = [each for each in found.get("attachments") or [] if not _is(each, owner, purpose)]
    entry = {
        "purpose": purpose,
        "format": _JPEG,
        "content": content,
        "owner_kind": _OWN_KIND.get(owner, _WEBSITE_KIND),
        "owner": owner,
    }
    found["attachments"] = [*kept, entry]
    return found


def _is(attachment: dict[str, Any], owner: str, purpose: int) -> bool:
    return attachment.get("owner") == owner and str(attachment.get("purpose")) == str(purpose)


def _parse(key: str) -> tuple[str, int]:
    """Take `websites-0-4` apart: owner `websites.0`, purpose 4."""
    owner, _, purpose = key.rpartition("-")
    return owner.replace("-", "."), int(purpose) if purpose.isdecimal() else 0


def _approval(key: str) -> str:
    """Give the path of the approval whose scans a slot has, "" for other slots."""
    website, found, number = key.partition("-approval-")
    return f"{website.replace('-', '.')}.approvals.{number}" if found else ""
