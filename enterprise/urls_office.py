"""The pages of the filing office."""

from __future__ import annotations

from django.urls import URLPattern, path

from enterprise.views.office import acts, beginning, bulk, case, editing, files, queue

urlpatterns: list[URLPattern] = [
    path("office", queue.queue, name="queue"),
    path("office/next", queue.next_case, name="next_case"),
    path("office/bulk", bulk.bulk, name="bulk"),
    path("cases/new", beginning.case_new, name="case_new"),
    path("cases/new/<str:kind>", beginning.case_begin, name="case_begin"),
    path("cases/<int:pk>", case.case, name="case"),
    path("cases/<int:pk>/reveal", case.reveal, name="case_reveal"),
    path("cases/<int:pk>/corrections", case.corrections, name="case_corrections"),
    path("cases/<int:pk>/files/<str:sha256>", files.case_file, name="case_file"),
    path("cases/<int:pk>/act", acts.act, name="case_act"),
    path("cases/<int:pk>/send-back", acts.send_back, name="case_send_back"),
    path("cases/<int:pk>/edit/<str:step>", editing.case_edit, name="case_edit"),
    path("cases/<int:pk>/submit", acts.submit, name="case_submit"),
    path("cases/<int:pk>/abandon", acts.abandon, name="case_abandon"),
    path("cases/<int:pk>/assign", acts.assign, name="case_assign"),
]
