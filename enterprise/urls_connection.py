"""The pages of the connection to the bureau."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
