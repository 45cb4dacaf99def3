"""The pages of verification in person."""

from __future__ import annotations

from django.urls import URLPattern, path

from enterprise.views.verification import appointments, capture, closing, counter, form, hours, records, today

urlpatterns: list[URLPattern] = [
    path("verification", today.today, name="counter_today"),
    path("verification/cases/<int:pk>", counter.case, name="counter_case"),
    path("verification/cases/<int:pk>/begin", counter.begin, name="counter_begin"),
    path("verification/cases/<int:pk>/reuse", counter.reuse, name="counter_reuse"),
    path("verification/<int:pk>", counter.show, name="counter"),
    path("verification/<int:pk>/answer", counter.answer, name="counter_answer"),
    path("verification/<int:pk>/number", counter.number, name="counter_number"),
    path("verification/<int:pk>/form.pdf", form.form, name="counter_form"),
    path("verification/<int:pk>/capture/<slug:kind>/<str:place>", capture.capture, name="counter_capture"),
    path("verification/<int:pk>/pieces/<int:piece>", capture.piece_file, name="counter_piece"),
    path("verification/<int:pk>/pieces/<int:piece>/look", capture.look, name="counter_look"),
    path("verification/<int:pk>/pieces/<int:piece>/keep", capture.keep, name="counter_keep"),
    path("verification/<int:pk>/pieces/<int:piece>/drop", capture.drop, name="counter_drop"),
    path("verification/<int:pk>/passed", closing.passed, name="counter_passed"),
    path("verification/<int:pk>/failed", closing.failed, name="counter_failed"),
    path("verification/<int:pk>/correct", closing.correct, name="counter_correct"),
    path("verification/cases/<int:pk>/appointment", appointments.by_office, name="counter_appointment"),
    path("verification/hours", hours.hours, name="counter_hours"),
    path("verification/records", records.records, name="counter_records"),
    path("mine/cases/<str:reference>/appointment", appointments.by_sponsor, name="appointment"),
]
