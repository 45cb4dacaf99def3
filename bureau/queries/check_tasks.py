"""The filings that a provider can be given to verify."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from beian.finding import named
from beian.models import Access, Node, Sponsor
from beian.web.filters import Filter, choice, text
from bureau.models import CheckTask
from bureau.queries.filings import listed


def candidates(bureau: Node, isp_id: int) -> QuerySet[Sponsor]:
    """Give the filings in the bureau's copy, and whether the provider has an open task about each."""
    tasks = CheckTask.objects.at(bureau).open().filter(account__isp_id=isp_id, sponsor_number=OuterRef("number"))
    return listed(bureau).annotate(has_task=Exists(tasks))


def candidate_filters(bureau: Node, providers: list[tuple[str, str]]) -> tuple[Filter, ...]:
    """Give what the choice is narrowed by: the provider, and one of the names of a filing."""
    of = choice("provider", "接入商", "", providers, any_label="请选择")
    words = text("text", "备案号、域名、编号或主办者名称", placeholder="名称可只输入一部分")
    return (
        Filter(
            name=of.name,
            label=of.label,
            make_field=of.make_field,
            condition=lambda isp_id: _accessed_by(bureau, int(isp_id)),
        ),
        Filter(
            name=words.name,
            label=words.label,
            make_field=words.make_field,
            condition=lambda typed: named(bureau, typed),
            width="wide",
        ),
    )


def _accessed_by(bureau: Node, isp_id: int) -> Q:
    accesses = Access.objects.held_by(bureau).filter(website__sponsor=OuterRef("pk"), isp_id=isp_id)
    return Q(Exists(accesses))
