"""Sections of a draft as pages show them, and what was typed there put back into the draft.

    shown = section(draft, "websites.0", errors=…, corrections=…)  # enterprise/portal/section.html shows it
    draft = typed(draft, "websites.0", request.POST)

`only` names the fields (paths) that are shown and read, for correcting just what was refused. The names of the
controls are the paths of the fields.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from enterprise.forms import lines
from enterprise.forms.filing_fields import Field, Section, Widget, at_ease, field_at, section_at
from enterprise.forms.labels import label
from enterprise.forms.options import Group, Options

Draft = dict[str, Any]
SHOWN = "shown"
"""The name under which a page tells which groups of boxes it had: one without a tick sends nothing itself."""


@dataclass(frozen=True, slots=True)
class Input:
    """A field on a page: what was typed, what can be chosen, what is wrong (`errors`), what was sent back (`notes`)."""

    path: str
    field: Field
    value: str = ""
    values: frozenset[str] = frozenset()
    groups: tuple[Group, ...] = ()
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The id of the control: links of errors lead there."""
        return element_id(self.path)

    @property
    def described_by(self) -> str:
        """The ids of what explains the control."""
        ids = [f"{self.id}-help"] if self.field.help else []
        return " ".join([*ids, f"{self.id}-errors"])


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section on a page. `errors` are about the section as a whole."""

    path: str
    title: str
    lead: str
    inputs: tuple[Input, ...]
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    offers: Sequence[Any] = field(default=())

    @property
    def id(self) -> str:
        """The id of the section."""
        return element_id(self.path)

    @property
    def region(self) -> tuple[Input, ...]:
        """The three choices of a region, which stand together."""
        return tuple(each for each in self.inputs if each.field.widget == Widget.REGION)

    @property
    def number(self) -> str:
        """Its index, where it is one of several."""
        return self.path.rpartition(".")[2]


def section(
    draft: Draft,
    path: str,
    *,
    errors: Mapping[str, Sequence[str]] | None = None,
    corrections: Iterable[Mapping[str, str]] = (),
    only: Collection[str] | None = None,
    options: Options | None = None,
    left_open: tuple[str, ...] = (),
    offers: Sequence[Any] = (),
) -> ShownSection:
    """Show the section of a draft at `path` (`sponsor`, `websites.0.person`, `access` …).

    `errors` are by path, `corrections` as a case has them; both stand beside the field they are about, also
    where they are about one of several domains. Fields in `left_open` may stay empty. Raises `KeyError` where
    no section stands at `path`.
    """
    options = options or Options()
    made = at_ease(section_at(path), *left_open)
    errors, notes = errors or {}, _notes(corrections)
    part = part_at(draft, path)
    inputs = tuple(_input(part, path, each, errors, notes, options) for each in _wanted(made, path, only))
    return ShownSection(
        path=path,
        title=_title(made, path),
        lead=made.lead,
        inputs=inputs,
        errors=tuple(errors.get(path, ())),
        notes=tuple(notes.get(path, ())),
        offers=offers,
    )


def typed(draft: Draft, path: str, data: QueryDict, *, only: Collection[str] | None = None) -> Draft:
    """Give the draft with what was typed in the section at `path`; what the page did not have stays as it is."""
    found = copy.deepcopy(draft)
    part = _made_part(found, path)
    shown = set(data.getlist(SHOWN))
    for each in _wanted(section_at(path), path, only):
        name = f"{path}.{each.name}" if path else each.name
        if name in data or name in shown:
            _put(part, each, data.getlist(name))
    if isinstance(part.get("address"), dict):
        _keep_within(part["address"])
    return found


def part_at(draft: Any, path: str) -> dict[str, Any]:
    """Give the part of a draft at `path`; an empty one where nothing was typed yet."""
    found = value_at(draft, path) if path else draft
    return found if isinstance(found, dict) else {}


def value_at(draft: Any, path: str) -> Any:
    """Give what stands at `path` of a draft, None where nothing does."""
    for name in path.split("."):
        if isinstance(draft, list):
            draft = draft[int(name)] if name.isdecimal() and int(name) < len(draft) else None
        elif isinstance(draft, dict):
            draft = draft.get(name)
        else:
            return None
    return draft


def put_at(draft: Draft, path: str, value: Any) -> Draft:
    """Give the draft with `value` at `path`."""
    found = copy.deepcopy(draft)
    above, _, name = path.rpartition(".")
    part = _made_part(found, above) if above else found
    part[name] = value
    return found


def element_id(path: str) -> str:
    """Give the id that the element of a path has on every page."""
    return f"f-{path.replace('.', '-')}" if path else "f-whole"


def anchor(path: str) -> str:
    """Give the id of the control that a finding's path belongs to, or of its section."""
    found = field_at(path)
    if found is None:
        return element_id(path)
    above, owner = found
    return element_id(f"{above}.{owner.name}" if above else owner.name)


def _wanted(made: Section, path: str, only: Collection[str] | None) -> list[Field]:
    if only is None:
        return list(made.fields)
    wanted = set()
    for each in only:
        if each == path:
            return list(made.fields)
        found = field_at(each)
        if found and found[0] == path:
            wanted.add(found[1].name)
    # A region is one thing in three fields.
    if any(name.startswith("address.") for name in wanted):
        wanted |= {each.name for each in made.fields if each.level}
    return [each for each in made.fields if each.name in wanted]


def _input(
    part: dict[str, Any],
    path: str,
    made: Field,
    errors: Mapping[str, Sequence[str]],
    notes: Mapping[str, Sequence[str]],
    options: Options,
) -> Input:
    whole = f"{path}.{made.name}" if path else made.name
    value = value_at(part, made.name)
    return Input(
        path=whole,
        field=made,
        value=_text(made, value),
        values=frozenset(map(str, value)) if isinstance(value, list) and made.widget == Widget.CHOICES else frozenset(),
        groups=options.of(made, part),
        errors=_about(whole, errors),
        notes=_about(whole, notes),
    )


def _text(made: Field, value: Any) -> str:
    if made.widget == Widget.DOMAINS:
        return lines.domains_text(value or [])
    if made.widget == Widget.RANGES:
        return lines.ranges_text(value or [])
    return "" if value is None or isinstance(value, list | dict) else str(value)


def _about(path: str, messages: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Gather what is about a field or one of its values, saying which where it is one of several."""
    found = list(messages.get(path, ()))
    for about, said in messages.items():
        if about.startswith(f"{path}."):
            which = label(about).rpartition("·")[2]
            found += [each if which in each else f"{which}：{each}" for each in said]
    return tuple(dict.fromkeys(found))


def _put(part: dict[str, Any], made: Field, values: list[str]) -> None:
    values = [each.replace("\x00", "") for each in values]  # the database has no text with it
    above, _, name = made.name.rpartition(".")
    if above:
        inner = part.get(above)
        part[above] = part = inner if isinstance(inner, dict) else {}
    if made.widget == Widget.CHOICES:
        part[name] = [each for each in values if each]
    elif made.widget == Widget.DOMAINS:
        part[name] = lines.domains_typed("\n".join(values), part.get(name) or [])
    elif made.widget == Widget.RANGES:
        part[name] = lines.ranges_typed("\n".join(values), part.get(name) or [])
    else:
        part[name] = (values[-1] if values else "").replace("\r\n", "\n")


def _keep_within(address: dict[str, Any]) -> None:
    """Drop what belonged to a region chosen before: codes begin with those of what they lie in."""
    province, city, county = (str(address.get(name) or "") for name in ("province", "city", "county"))
    if city[:2] != province[:2]:
        address["city"] = city = ""
    if county[:4] != city[:4]:
        address["county"] = ""


def _made_part(draft: Draft, path: str) -> dict[str, Any]:
    """Give the part at `path` for changing it; what is missing on the way is made."""
    part: Any = draft
    names = path.split(".") if path else []
    for index, name in enumerate(names):
        following: Any = [] if index + 1 < len(names) and names[index + 1].isdecimal() else {}
        if isinstance(part, list):
            while len(part) <= int(name):
                part.append({})
            if not isinstance(part[int(name)], dict):
                part[int(name)] = {}
            part = part[int(name)]
        else:
            if not isinstance(part.get(name), type(following)):
                part[name] = following
            part = part[name]
    found: dict[str, Any] = part
    return found


def _notes(corrections: Iterable[Mapping[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in corrections:
        found.setdefault(each.get("about", ""), []).append(each.get("note", ""))
    return found


def _title(made: Section, path: str) -> str:
    """A section's own title; one of several says which."""
    return label(path) if path and made.place.endswith("*") else made.title
