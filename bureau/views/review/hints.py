"""What a reviewer should look at first: findings of the checks, and what the bureau already knows."""

from __future__ import annotations

from dataclasses import dataclass

from beian.checks.registered import AGREES
from beian.models import BlacklistEntry, BlacklistKind
from beian.records import FilingRecord
from beian.web.components import Tone
from bureau.models import Application
from bureau.queries.matter import Matter
from bureau.queries.related import CERTIFICATE, DOMAIN, FILING, Related
from bureau.views.review.addresses import notes
from bureau.views.review.verifying import Verifying
from bureau.workflow import State


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing to look at; `anchor` names the section of the page that shows it."""

    tone: Tone
    text: str
    anchor: str = ""


def hints(
    application: Application, matter: Matter, verifying: Verifying | None, related: Related, before: list[Application]
) -> list[Hint]:
    """Gather all hints, the gravest first. Three queries at most."""
    found = [*_of_checks(application), *_of_blacklist(application), *_of_relatives(related), *_of_case(before)]
    found += [*_of_matter(application, matter), *_of_materials(verifying), *_of_addresses(application, matter)]
    if application.received_by_id != application.holder_id:
        found.append(Hint("info", f"由{application.received_by}受理后转来，办理期限自其受理之日起算。"))
    order = {"bad": 0, "warn": 1, "info": 2}
    return sorted(found, key=lambda hint: order.get(hint.tone, 3))


def _of_matter(application: Application, matter: Matter) -> list[Hint]:
    """Say what is odd about a request for what it is about."""
    if not application.is_open or isinstance(matter.request, FilingRecord):
        return []
    if matter.before is None:
        return [Hint("bad", "所涉备案已不在本局备案库中，不能办理。", "sheet")]
    if matter.after is None:
        return [Hint("bad", "所涉网站已不在该备案中，不能办理。", "sheet")]
    found = []
    if matter.both:
        found.append(Hint("warn", f"{len(matter.both)} 项内容在接入商上次确认之后另有变更，请逐项核对。", "sheet"))
    if not matter.changes:
        found.append(Hint("info", "申请内容与备案现有内容没有差别。", "sheet"))
    return found


def _of_materials(verifying: Verifying | None) -> list[Hint]:
    """What is to be handed in and lacks is grave; what the provider may keep is only said."""
    lacking = verifying.missing if verifying else ()
    return [
        Hint("bad" if each.demanded else "warn", f"{each.words}（{each.place}）。", "verifying") for each in lacking
    ]


def _of_addresses(application: Application, matter: Matter) -> list[Hint]:
    """Name each range that is not as registered; those that are, in one line."""
    found = notes(application, matter)
    differing = [Hint("warn", f"{each.code} {each.place}：{each.detail}。") for each in found if each.code != AGREES]
    agreeing = len(found) - len(differing)
    return [*differing, *([Hint("good", f"{AGREES} {agreeing} 段IP地址与登记的一致。")] if agreeing else [])]


def _of_checks(application: Application) -> list[Hint]:
    return [
        Hint("bad", f"{found['code']} {found['text']}（{found['place']}：{found['detail']}）")
        for found in application.findings
    ]


def _of_blacklist(application: Application) -> list[Hint]:
    barred = BlacklistEntry.objects.filter(kind=BlacklistKind.DOMAIN, key__in=application.domains)
    if application.certificate_index:
        barred = barred | BlacklistEntry.objects.filter(kind=BlacklistKind.SPONSOR, key=application.certificate_index)
    return [
        Hint("bad", f"黑名单{entry.get_kind_display()}：{entry.name}（{entry.reason}）")
        for entry in barred.order_by("pk")
    ]


def _of_relatives(related: Related) -> list[Hint]:
    found = []
    if rows := related.having(FILING):
        found.append(Hint("warn", f"同一备案另有在办申请 {len(rows)} 件。", "related"))
    for common in (CERTIFICATE, DOMAIN):
        rows = [row for row in related.having(common) if row.application is None or row.is_open]
        if rows:
            found.append(Hint("warn", f"{common}的备案或在办申请 {len(rows)} 件。", "related"))
    others = [row for row in related.rows if not {FILING, CERTIFICATE, DOMAIN} & {*row.common}]
    if others:
        found.append(Hint("info", f"同地址或同电话的其他记录 {len(others)} 件。", "related"))
    return found


def _of_case(before: list[Application]) -> list[Hint]:
    refused = [row for row in before if row.state == State.REFUSED]
    if not refused:
        return []
    last = refused[0].opinion.replace("\n", "；")
    shown = last if len(last) <= 60 else f"{last[:60]}…"
    return [Hint("warn", f"此前被拒绝 {len(refused)} 次，最近一次：{shown}", "history")]
