"""The pages of the sponsors' portal."""

from __future__ import annotations

from django.urls import URLPattern

from enterprise import urls_portal_apply, urls_portal_cases

urlpatterns: list[URLPattern] = [
    *urls_portal_apply.urlpatterns,
    *urls_portal_cases.urlpatterns,
]
