"""Taking in a request about a filing that stands, at the bureau where it arrived or at the one that decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Count

from beian import reservations
from beian.checks import ALL_SCOPES, Finding, Scope
from beian.checks.request_facts import load_request_facts
from beian.checks.requests import Asked, Known, check_request, claimed_ids, claims
from beian.checks.requests.names import gone_one
from beian.checks.requests.naming import WORDS
from beian.models import Node
from beian.records import ChangeRecord, Request, as_json
from beian.result_codes import message
from bureau.models import Application
from bureau.services.applying import claim_name, describe_request
from bureau.services.prospects import prospect_in
from bureau.services.requests import named, without_password
from bureau.workflow import Kind

Passwords = Mapping[tuple[int, str], bool | None]

NOT_ON_FILE = 1016


def known_about(
    bureau: Node,
    isp_id: int,
    requests: Sequence[Request],
    *,
    except_application: int | None = None,
    passwords: Passwords | None = None,
) -> Known:
    """Load what the rules need to judge `requests` of the provider `isp_id` at `bureau`."""
    changed = {request.sponsor.number for request in requests if isinstance(request, ChangeRecord)}
    return load_request_facts(
        bureau,
        isp_id=isp_id,
        requests=requests,
        except_application=except_application,
        waiting=_waiting(bureau, isp_id, changed, except_application) if changed else {},
        passwords=passwords,
    )


def check_arrived(asked: Asked, scopes: Iterable[Scope] = ALL_SCOPES) -> list[Finding]:
    """Judge a request that arrived. What is not on file anywhere that could decide is never accepted."""
    findings = check_request(asked, frozenset(scopes))
    if not findings and asked.on_file is None and Scope.FILING in scopes:
        findings = [Finding(NOT_ON_FILE, _why_not_on_file(asked), "备案", "", message(NOT_ON_FILE))]
    return findings


def _why_not_on_file(asked: Asked) -> str:
    """Say what is known of a name that nothing on file bears: an access, say, that ended meanwhile."""
    gone, name = gone_one(asked), named(asked.request)
    if gone is None:
        return f"“{name}”不在任何管局的备案中"
    return f"{WORDS[gone.kind]}{name}已于{gone.on}取消" + (f"（{gone.reason}）" if gone.reason else "")


def fill(application: Application, asked: Asked) -> None:
    """Write into an application what it asks for, what it is about, and what it would change.

    Of another province's filing a copy may be here: it does for naming the application.
    """
    found = prospect_in(asked)
    before = found.before or next((each.filing for each in asked.found), None)
    application.record = as_json(without_password(asked.request))
    application.base = None if asked.base is None else as_json(asked.base)
    application.difference = found.as_json()
    for column, value in describe_request(asked.request, before, found.after).items():
        setattr(application, column, value)


class Taken:
    """What accepted requests take for themselves, gathered and then claimed together."""

    def __init__(self) -> None:
        self._claims = reservations.Claims()

    def add(self, application: Application, asked: Asked) -> None:
        """Take keys, marks and own ids of a request that is accepted; before it is noted as a fact for others."""
        holder, pk = application.holder, application.pk
        self._claims.add_keys(holder, pk, claims(asked), claim_name(application))
        used = asked.known.facts.used_ids
        self._claims.add_own(holder, pk, [own for own in claimed_ids(asked) if own not in used], asked.isp_id)

    def insert(self) -> None:
        """Claim everything; raises `IntegrityError` where somebody was faster."""
        self._claims.insert()


def _waiting(
    bureau: Node, isp_id: int, sponsors: Iterable[int | None], except_application: int | None
) -> dict[int, int]:
    """Count a provider's changes that wait for a decision, by sponsor (1051)."""
    pending = Application.objects.at(bureau).open().filter(isp_id=isp_id, kind=Kind.CHANGE, target__in=set(sponsors))
    if except_application is not None:
        pending = pending.exclude(pk=except_application)
    counted = pending.order_by().values_list("target").annotate(count=Count("pk")).values_list("target", "count")
    return {target: count for target, count in counted if target is not None}
