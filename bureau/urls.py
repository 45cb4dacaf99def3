"""The bureau's pages, mounted below `/bureaus/<province>/` (see `beian.urls`)."""

from __future__ import annotations

from bureau import urls_interface, urls_provider, urls_review, urls_tasks

app_name = "bureau"

urlpatterns = [
    *urls_review.urlpatterns,
    *urls_tasks.urlpatterns,
    *urls_interface.urlpatterns,
    *urls_provider.urlpatterns,
]
