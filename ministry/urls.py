"""The ministry's pages, mounted at `/` (see `beian.urls`)."""

from __future__ import annotations

from django.urls import path

from ministry.views import desk, providers, query

app_name = "ministry"

urlpatterns = [
    path("", query.query, name="query"),
    path("providers", providers.providers, name="providers"),
    path("ministry/", desk.desk, name="desk"),
    path("ministry/messages/<int:pk>/send-again", desk.send_again, name="send_again"),
]
