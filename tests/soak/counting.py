"""What must be true when everything is over, counted in the database and in the providers' hands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from beian.checks.keys import reservation_keys
from beian.models import Counter as Series
from beian.models import Event, Mail, Message, MessageState, Node, Reservation, Sponsor
from beian.records import FilingRecord, from_json
from bureau.models import Application
from bureau.workflow import State
from interface.models import Outcome, ProviderAccount, Upload, UploadState
from ministry.models import PublicFiling
from tests.soak.providers import Provider
from tests.soak.system import System

LONGEST_WAIT = 60.0
APPROVED_CODE, REFUSED_CODE = 1001, 1002


@dataclass(frozen=True)
class Line:
    """One line of the table: what, how many there should be, how many there are."""

    what: str
    expected: object
    found: object

    @property
    def right(self) -> bool:
        return self.expected == self.found


def count(providers: Sequence[Provider], uploads: int) -> list[Line]:
    """Count everything; a line is right where both numbers are the same."""
    return [
        *_uploads(providers, uploads),
        *_applications(),
        *_numbers(),
        *_mailboxes(),
        *_in_hand(providers),
        *_reservations(),
        *_told(),
        Line("troubles of providers", [], [trouble for each in providers for trouble in each.troubles]),
    ]


def waits(system: System) -> tuple[list[float], float]:
    """Give how long each upload waited, and the longest that one waited while nothing was dead, in seconds."""
    times = [
        (received.timestamp(), processed.timestamp())
        for received, processed in Upload.objects.exclude(processed_at=None).values_list("received_at", "processed_at")
    ]
    longest = max((system.calm_between(*each) for each in times), default=0.0)
    return sorted(end - start for start, end in times), longest


def unfinished(*what: str) -> dict[str, int]:
    """Count what is still on its way, by what it is; only what is named, or all but what is in work."""
    uploads = Upload.objects.filter(state=UploadState.RECEIVED)
    on_the_way: dict[str, QuerySet[Any]] = {
        "uploads": uploads,
        "applications": Application.objects.filter(state__in=[*_open(), State.FORWARDED]),
        "messages": Message.objects.exclude(state=MessageState.ACKNOWLEDGED),
        "outcomes": Outcome.objects.filter(left_out="").exclude(parcel__acknowledged_at__isnull=False),
        "letters": Mail.objects.filter(sent_at=None),
        "in work": uploads.filter(not_before__gt=timezone.now()),
    }
    return {name: on_the_way[name].count() for name in what or tuple(on_the_way)[:-1]}


def _open() -> list[State]:
    return [State.PENDING, State.CLAIMED, State.RECOMMENDED]


def _uploads(providers: Sequence[Provider], uploads: int) -> Iterator[Line]:
    acknowledged = {(each.parameters.isp_id, number) for each in providers for number in each.acknowledged}
    stored = Counter(Upload.objects.values_list("account__isp_id", "sequence"))
    yield Line("uploads acknowledged", uploads, len(acknowledged))
    yield Line("  acknowledged, not stored", 0, len(acknowledged - stored.keys()))
    yield Line("  stored, never acknowledged", 0, len(stored.keys() - acknowledged))
    yield Line("  stored twice", 0, sum(number - 1 for number in stored.values()))
    yield Line("  processed", uploads, Upload.objects.filter(state=UploadState.PROCESSED).count())
    last = dict(ProviderAccount.objects.values_list("isp_id", "last_sequence"))
    wrong = [each for each in providers if last[each.parameters.isp_id] != len(each.seeds)]
    yield Line("  providers with another last number", 0, len(wrong))
    for verb in ("received", "processed"):
        events = Event.objects.filter(subject_kind="upload", verb=verb)
        yield Line(f"  events “{verb}”", uploads, events.values("subject").distinct().count())
        yield Line(f"  events “{verb}” beyond the first", 0, events.count() - uploads)


def _applications() -> Iterator[Line]:
    made = Application.objects.filter(upload__isnull=False)
    yield Line("applications of uploads", Upload.objects.count(), made.count())
    yield Line("  uploads with more than one", 0, _repeated(made, "upload"))
    sent_on = Application.objects.filter(upload__isnull=True)
    pointers = made.filter(province=110000, received_by__province=440000).exclude(state=State.RETURNED)
    yield Line("  sent to another province and there", pointers.count(), sent_on.count())
    there, here = (set(rows.values_list("origin", "state", "filing_number")) for rows in (sent_on, pointers))
    yield Line("  decided otherwise here than there", 0, len(there ^ here))
    yield Line("  without a decision", 0, Application.objects.filter(state__in=[*_open(), State.FORWARDED]).count())


def _numbers() -> Iterator[Line]:
    approved = Application.objects.filter(state=State.APPROVED, received_by__province=440000)
    decided = [each for each in approved if each.upload_id is None or each.province != 110000]
    yield Line("filing numbers issued twice", 0, len(decided) - len({each.filing_number for each in decided}))
    for bureau in Node.objects.filter(province__in=(440000, 110000), kind="bureau"):
        here = [each for each in decided if each.holder_id == bureau.pk]
        # The copies that this bureau keeps of another's filings have that one's numbers.
        kept = Sponsor.objects.held_by(bureau).filter(number__range=_range(bureau))
        yield Line(f"  filings of {bureau.code}", len(here), kept.count())
        issued = Series.objects.filter(node=bureau, series__startswith="filing:").first()
        yield Line("    numbers issued, gaps", (len(here), 0), (issued.value if issued else 0, _gaps(here)))


def _range(bureau: Node) -> tuple[int, int]:
    return bureau.province * 10**9, (bureau.province + 1) * 10**9 - 1


def _gaps(approved: Sequence[Application]) -> int:
    """Numbers between the first and the last that no application has; a rolled-back approval leaves none."""
    serials = {int(each.filing_number[-7:-1]) for each in approved}
    return max(serials, default=0) - len(serials)


def _mailboxes() -> Iterator[Line]:
    ended = Application.objects.filter(received_by__province=440000, holder__province=440000)
    wanted = Counter((each.isp_id, f"case:{each.kind}:{each.subject}", "results") for each in ended)
    wanted.update(
        (each.isp_id, f"case:{each.kind}:{each.subject}", "filings") for each in ended if each.state == State.APPROVED
    )
    queued = Counter(Outcome.objects.values_list("account__isp_id", "about", "kind"))
    yield Line("pieces in mailboxes", wanted.total(), queued.total())
    yield Line("  lost", 0, (wanted - queued).total())
    yield Line("  doubled", 0, (queued - wanted).total())
    yield Line("  in no acknowledged parcel", 0, Outcome.objects.filter(parcel__acknowledged_at=None).count())
    yield Line("  left out", 0, Outcome.objects.exclude(left_out="").count())


def _in_hand(providers: Sequence[Provider]) -> Iterator[Line]:
    subjects = {(str(number[0]), number[1]) for number in _subjects()}
    results = Counter({(each.parameters.isp_id, key): n for each in providers for key, n in each.results().items()})
    wanted = Counter({(isp, subject): 1 for subject, isp in subjects})
    yield Line("results in providers' hands", wanted.total(), results.total())
    yield Line("  never seen, seen twice", (0, 0), ((wanted - results).total(), (results - wanted).total()))
    codes = {subject: code for each in providers for subject, code in each.codes().items()}
    yield Line("  other than the decision", 0, sum(1 for each in _decided() if not _agrees(each, codes)))
    filings = Counter(number for each in providers for number in each.filings().elements())
    approved = Counter(each.filing_number for each in _decided() if each.state == State.APPROVED)
    yield Line("filings in providers' hands", approved.total(), filings.total())
    yield Line("  never seen, seen twice", (0, 0), ((approved - filings).total(), (filings - approved).total()))


def _decided() -> list[Application]:
    """Every application once, as the bureau that received it sees it."""
    return list(Application.objects.filter(upload__isnull=False))


def _subjects() -> list[tuple[str, int]]:
    return [(each.subject, each.isp_id) for each in _decided()]


def _agrees(application: Application, codes: dict[str, int]) -> bool:
    code = codes.get(application.subject, 0)
    special = {State.APPROVED: APPROVED_CODE, State.REFUSED: REFUSED_CODE}
    wanted = special.get(State(application.state))
    return code == wanted if wanted else code not in special.values() and code > 0


def _reservations() -> Iterator[Line]:
    decided = Application.objects.filter(state=State.APPROVED)
    homes = [each for each in decided if each.province == each.holder.province]
    wanted = sum(len(set(reservation_keys(from_json(each.record, FilingRecord)))) for each in homes)
    yield Line("reservations of filings", wanted, Reservation.objects.filter(sponsor__isnull=False).count())
    yield Line("  of applications that ended", 0, Reservation.objects.filter(application__isnull=False).count())


def _told() -> Iterator[Line]:
    ministry = Node.objects.get(code="ministry")
    approved = {each.sponsor_number for each in Application.objects.filter(state=State.APPROVED)}
    copies = set(Sponsor.objects.held_by(ministry).values_list("number", flat=True))
    yield Line("filings at the ministry", len(approved), len(copies & approved))
    public = set(PublicFiling.objects.values_list("sponsor_number", flat=True))
    yield Line("  found by the public", len(approved), len(public & approved))
    open_messages = Message.objects.exclude(state=MessageState.ACKNOWLEDGED)
    yield Line("messages not acknowledged", 0, open_messages.count())
    yield Line("letters to sponsors, not sent", (len(approved), 0), (Mail.objects.count(), _unsent()))


def _unsent() -> int:
    return Mail.objects.filter(sent_at=None).count()


def _repeated(rows: object, field: str) -> int:
    return rows.values(field).annotate(n=Count("pk")).filter(n__gt=1).count()  # type: ignore[attr-defined]
