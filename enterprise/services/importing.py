"""Importing cases from a sheet: every row on its own, so that nothing is half imported.

A row whose cells cannot be read, or break a rule, becomes no case and is reported with all that is wrong.
One that only lacks something becomes a draft; a complete one is submitted. A row is known by its reference,
or by the file and its place in it: the same file again makes nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils import timezone

from beian import store
from beian.models import Node, User
from beian.services.refusals import Invalid, ServiceError
from enterprise.forms.filing import value_at
from enterprise.forms.filing_fields import field_at
from enterprise.forms.labels import label
from enterprise.gateway.turns import turn
from enterprise.models import Agent, Case, ImportRun, ImportState, SponsorAccount
from enterprise.services import cases, checking, sheets
from enterprise.services.cases import Beginning
from enterprise.services.drafts import Draft, read
from enterprise.services.import_columns import ACCOUNT, BY_TITLE, REFERENCE, Vocabulary, Wrong, column_of
from enterprise.services.sheets import Formula, Unreadable
from enterprise.workflow import Kind, Origin, Team

IMPORTS = 0x696D706F
"""The first of the two numbers of the advisory lock under which a run is worked off; the second is the run's."""

TELL_EVERY = 20
"""Rows after which the page learns how far it is."""

MAX_REFERENCE = 100
_ON_BEHALF = "1"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row: `column` is "" for the row as a whole; `stops` where it became no case."""

    row: int
    column: str
    reason: str
    stops: bool = True

    def as_json(self) -> dict[str, object]:
        """Write it as a run keeps it."""
        return {"row": self.row, "column": self.column, "reason": self.reason, "stops": self.stops}


@dataclass(slots=True)
class Line:
    """A row as it was read."""

    number: int
    reference: str
    email: str
    draft: Draft
    problems: list[Problem] = field(default_factory=list)


def start(
    provider: Node, actor: User, file_name: str, data: bytes, *, team: Team = Team.NEW, agent: Agent | None = None
) -> ImportRun:
    """Take in a file to be worked off in the background. Raises `Invalid` for what is no table of ours."""
    try:
        total = sum(1 for _ in _lines(data))
    except Unreadable as error:
        raise Invalid({"file": [error.message]}) from error
    if not total:
        raise Invalid({"file": ["文件中没有要导入的行。"]})
    with transaction.atomic():
        kept = store.put(data)
        run = ImportRun.objects.create(
            provider=provider,
            by=actor,
            agent=agent,
            team=team,
            file_name=file_name[:255],
            digest=kept.sha256,
            content=kept.sha256,
            total=total,
        )
        transaction.on_commit(lambda: _wake(run.pk))
    return run


def work(run_id: int) -> bool:
    """Work a run off; says whether it was this process that did. A run that was interrupted is taken up again."""
    with turn(IMPORTS, run_id) as mine:
        run = ImportRun.objects.select_related("provider", "by", "agent").get(pk=run_id)
        if not mine or run.state in (ImportState.DONE, ImportState.FAILED):
            return False
        _Import(run).work()
        return True


def unfinished() -> list[int]:
    """Give the runs that wait, or were left by a process that died."""
    found = ImportRun.objects.filter(state__in=[ImportState.WAITING, ImportState.RUNNING])
    return list(found.order_by("pk").values_list("pk", flat=True)[:20])


class _Import:
    """One run being worked off."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.words = Vocabulary()
        self.problems: list[Problem] = []
        self.seen = self.made = self.drafts = self.repeated = 0
        self.references: dict[str, int] = {}

    def work(self) -> None:
        self._save(state=ImportState.RUNNING)
        try:
            data = store.get(self.run.content)
            for line in _lines(data, self.words):
                self._take(line)
                self.seen += 1
                if self.seen % TELL_EVERY == 0:
                    self._save()
        except (Unreadable, store.Missing) as error:
            self.problems.append(Problem(0, "", getattr(error, "message", "文件已不在存储中。")))
            self._save(state=ImportState.FAILED, finished_at=timezone.now())
            return
        from enterprise.services.import_answers import write_answer

        said = [each.as_json() for each in self.problems]
        answer = store.put(write_answer(data, said)).sha256
        self._save(state=ImportState.DONE, finished_at=timezone.now(), answer=answer)

    def _take(self, line: Line) -> None:
        """Make a case of a row, or say why not."""
        found = list(line.problems)
        if line.reference in self.references:
            found.append(Problem(line.number, REFERENCE, f"与第 {self.references[line.reference]} 行的编号相同。"))
        account = self._account(line, found)
        reference = line.reference or f"{self.run.digest[:32]}:{line.number}"
        if line.reference:
            self.references.setdefault(line.reference, line.number)
        if not found and self._is_there(reference):
            return
        wrong, missing = _judged(self.run.provider, line)
        found += wrong
        if any(each.stops for each in found):
            self.problems += [*found, *missing]
            return
        self._make(line, reference, account, missing)

    def _make(self, line: Line, reference: str, account: SponsorAccount | None, missing: list[Problem]) -> None:
        beginning = Beginning(
            kind=Kind.NEW_FILING,
            origin=Origin.IMPORT,
            account=account,
            agent=self.run.agent,
            team=Team(self.run.team),
            draft=line.draft,
            sponsor_name=str(value_at(line.draft, "sponsor.name") or "")[:255],
            reference=reference,
        )
        try:
            with transaction.atomic():
                case = cases.begin(self.run.provider, beginning, self.run.by)
                if not missing:
                    self._submit(case)
        except ServiceError as error:
            said = error.errors if isinstance(error, Invalid) else {"": [error.message]}
            self.problems += [Problem(line.number, column_of(at), text) for at, texts in said.items() for text in texts]
            return
        except IntegrityError:
            self.repeated += 1
            return
        self.made += 1
        self.drafts += bool(missing)
        self.problems += missing

    def _submit(self, case: Case) -> None:
        request = read(case.kind, case.typed).request
        if request is not None:
            cases.submit(self.run.provider, case.pk, request, self.run.by, leaves_access=True)

    def _is_there(self, reference: str) -> bool:
        """Whether the row has its case already, from an earlier import or from before an interruption."""
        there = Case.objects.at(self.run.provider).filter(origin=Origin.IMPORT, origin_reference=reference).first()
        if there is None:
            return False
        if there.created_at >= self.run.created_at:
            self.made += 1
            self.drafts += there.submitted_at is None
        else:
            self.repeated += 1
        return True

    def _account(self, line: Line, found: list[Problem]) -> SponsorAccount | None:
        if not line.email:
            return None
        name = f"{self.run.provider.isp_id}/{line.email.lower()}"
        account = SponsorAccount.objects.filter(provider=self.run.provider, user__username=name).first()
        if account is None:
            found.append(Problem(line.number, ACCOUNT, "没有这个主办者账号。"))
        return account

    def _save(self, **more: object) -> None:
        values = {
            "seen": self.seen,
            "made": self.made,
            "drafts": self.drafts,
            "repeated": self.repeated,
            "problems": [each.as_json() for each in self.problems],
            **more,
        }
        for name, value in values.items():
            setattr(self.run, name, value)
        self.run.save(update_fields=list(values))


def _lines(data: bytes, words: Vocabulary | None = None) -> Iterator[Line]:
    """Read the rows below the titles; without `words` only that they are there. Raises `Unreadable`."""
    rows = sheets.rows_of(data)
    _, titles = next(rows, (0, []))
    titles = [title.rstrip("*").strip() for title in titles]
    known = {REFERENCE, ACCOUNT, *BY_TITLE}
    if not set(titles) & set(BY_TITLE):
        raise Unreadable("第一行不是模板的标题，请用下载的模板填写。")
    if unknown := [title for title in titles if title and title not in known]:
        raise Unreadable(f"不认识的列：{'、'.join(unknown[:10])}。请用下载的模板填写。")
    for number, cells in rows:
        yield _line(number, dict(zip(titles, cells, strict=False)), words)


def _line(number: int, cells: dict[str, str], words: Vocabulary | None) -> Line:
    draft: Draft = {"sponsor": {"reported_by": _ON_BEHALF}, "websites": [{"accesses": [{}]}]}
    line = Line(number, cells.get(REFERENCE, ""), cells.get(ACCOUNT, ""), draft)
    if words is None:
        return line
    if len(line.reference) > MAX_REFERENCE:
        line.problems.append(Problem(number, REFERENCE, f"最多 {MAX_REFERENCE} 字。"))
    for title, text in cells.items():
        if isinstance(text, Formula):
            line.problems.append(Problem(number, title, "单元格是公式，请改为数值或文本。"))
        elif text and title in BY_TITLE:
            try:
                line.draft = words.read(line.draft, BY_TITLE[title], text)
            except Wrong as error:
                line.problems.append(Problem(number, title, error.message))
    return line


def _judged(provider: Node, line: Line) -> tuple[list[Problem], list[Problem]]:
    """Judge a row: what is wrong with what it says, and what it does not say but must.

    What could not be read is told already, and would be told again as missing.
    """
    told = {each.column for each in line.problems}
    wrong: list[Problem] = []
    missing: list[Problem] = []
    for path, texts in checking.problems(provider, Kind.NEW_FILING, line.draft, leaves_access=True).items():
        if path.startswith("documents.") or path.endswith(".scans"):
            continue
        column = column_of(path) or ("" if not path else label(path))
        if column in told:
            continue
        stops = _filled(line.draft, path)
        (wrong if stops else missing).extend(Problem(line.number, column, text, stops) for text in texts)
    return wrong, missing


def _filled(draft: Draft, path: str) -> bool:
    """Whether the field that a path belongs to has something in it: then it is wrong, else it is missing."""
    found = field_at(path)
    if found is None:
        return True
    above, owner = found
    return bool(value_at(draft, f"{above}.{owner.name}" if above else owner.name))


def _wake(run_id: int) -> None:
    from enterprise.tasks import import_cases

    import_cases.delay(run_id)
