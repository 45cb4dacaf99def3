"""The front page of a provider, and the pages where a sponsor applies in steps."""

from __future__ import annotations

from django.urls import URLPattern, path

from enterprise.views.portal import documents, files, front, review, wizard

urlpatterns: list[URLPattern] = [
    path("", front.front, name="front"),
    path("regions", wizard.regions, name="regions"),
    path("apply/<int:pk>/documents", documents.page, name="apply_documents"),
    path("apply/<int:pk>/documents/<slug:key>", documents.document, name="apply_document"),
    path("apply/<int:pk>/files/<str:sha256>", files.file, name="apply_file"),
    path("apply/<int:pk>/review", review.review, name="apply_review"),
    path("apply/<int:pk>/websites/<int:website>", wizard.apply, {"step": "websites"}, name="apply_website"),
    path("apply/<int:pk>/<slug:step>", wizard.apply, name="apply"),
]
