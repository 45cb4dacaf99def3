"""The pages of verification in person."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
