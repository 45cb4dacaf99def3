"""The bureau's work in the background. Every task may be repeated."""

from __future__ import annotations

from celery import shared_task

from bureau.services import claims, intake


@shared_task(name="bureau.tasks.process_upload")
def process_upload(account_id: int) -> int:
    """Process the waiting uploads of an account; gives how many."""
    return intake.drain(account_id)


@shared_task(name="bureau.tasks.sweep_uploads")
def sweep_uploads() -> int:
    """Take up again what a dead worker or a lost task left waiting; gives how many accounts."""
    accounts = intake.waiting_accounts()
    for account_id in accounts:
        process_upload.delay(account_id)
    return len(accounts)


@shared_task(name="bureau.tasks.release_expired_claims")
def release_expired_claims() -> int:
    """Put claims back that ran out; gives how many."""
    return claims.release_expired()
