"""The reviewers' pages, below `review/`, and what is on file, below `filings/`."""

from __future__ import annotations

from django.urls import path

from bureau.views.filings import attachments as filing_attachments
from bureau.views.filings import listing, page
from bureau.views.review import attachments, bulk, claims, decide, detail, queue, reasons, saved_filters

urlpatterns = [
    path("review/", queue.queue, name="queue"),
    path("review/next", claims.take_next, name="next"),
    path("review/bulk", bulk.bulk, name="bulk"),
    path("review/filters", saved_filters.save_filter, name="save_filter"),
    path("review/filters/<int:pk>/delete", saved_filters.delete_filter, name="delete_filter"),
    path("review/reasons/", reasons.reasons, name="reasons"),
    path("review/reasons/add", reasons.add_reason, name="add_reason"),
    path("review/reasons/<int:pk>/", reasons.edit_reason, name="edit_reason"),
    path("review/reasons/<int:pk>/move", reasons.move_reason, name="move_reason"),
    path("review/reasons/<int:pk>/switch", reasons.switch_reason, name="switch_reason"),
    path("review/<int:pk>/", detail.application, name="application"),
    path("review/<int:pk>/claim", claims.claim, name="claim"),
    path("review/<int:pk>/renew", claims.renew, name="renew"),
    path("review/<int:pk>/release", claims.release, name="release"),
    path("review/<int:pk>/take-over", claims.take_over, name="take_over"),
    path("review/<int:pk>/decide", decide.decide, name="decide"),
    path("review/<int:pk>/withdraw", decide.withdraw, name="withdraw"),
    path("review/<int:pk>/reveal", detail.reveal, name="reveal"),
    path("review/<int:pk>/attachments/<str:sha256>", attachments.attachment, name="attachment"),
    path("filings/", listing.filings, name="filings"),
    path("filings/cancelled/", listing.filings_cancelled, name="filings_cancelled"),
    path("filings/<int:number>/", page.filing, name="filing"),
    path("filings/<int:number>/reveal", page.filing_reveal, name="filing_reveal"),
    path(
        "filings/<int:number>/attachments/<str:sha256>", filing_attachments.filing_attachment, name="filing_attachment"
    ),
]
