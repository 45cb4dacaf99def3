"""The provider's work in the background. Every task may be repeated."""

from __future__ import annotations

from celery import shared_task

from beian.models import Node, NodeKind
from enterprise.services import imported_tables, importing, rechecks, repeating, retention, webhooks
from enterprise.services import tasks as office_tasks


@shared_task(name="enterprise.tasks.tell_webhooks")
def tell_webhooks() -> int:
    """Gather what happened and post what waits; gives how many deliveries were taken."""
    return webhooks.tell()


@shared_task(name="enterprise.tasks.forget_calls")
def forget_calls() -> int:
    """Remove answers kept for repeated calls, and settled deliveries, after their time; gives how many."""
    return repeating.forget() + webhooks.forget()


@shared_task(name="enterprise.tasks.settle_tasks")
def settle_tasks() -> int:
    """Close the bureau's tasks whose result was taken, open those again whose result was given up; gives how many."""
    return office_tasks.settle()


@shared_task(name="enterprise.tasks.recheck_holdings")
def recheck_holdings() -> int:
    """Take over what was verified, ask the sponsors of holdings that are due; gives how many letters were written."""
    written = 0
    for provider in Node.objects.served().filter(kind=NodeKind.PROVIDER):
        rechecks.gather(provider)
        written += rechecks.remind(provider)
    return written


@shared_task(name="enterprise.tasks.import_cases")
def import_cases(run_id: int) -> bool:
    """Work an import off; says whether there was anything to do."""
    return importing.work(run_id)


@shared_task(name="enterprise.tasks.sweep_imports")
def sweep_imports() -> int:
    """Take up imports that wait, or were left by a worker that died; gives how many."""
    return sum(importing.work(pk) for pk in importing.unfinished())


@shared_task(name="enterprise.tasks.remove_old_material")
def remove_old_material() -> int:
    """Remove the material of verifications after its five years, and old tables; gives of how many."""
    removed = 0
    for remove in (retention.remove_old_material, imported_tables.remove_old_tables):
        while some := remove():
            removed += some
    return removed
