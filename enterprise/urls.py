"""The provider's pages, mounted below `/isp/<isp id>/` (see `beian.urls`)."""

from __future__ import annotations

from enterprise import urls_api, urls_connection, urls_holdings, urls_office, urls_portal, urls_tasks, urls_verification

app_name = "enterprise"

urlpatterns = [
    *urls_portal.urlpatterns,
    *urls_office.urlpatterns,
    *urls_verification.urlpatterns,
    *urls_tasks.urlpatterns,
    *urls_holdings.urlpatterns,
    *urls_connection.urlpatterns,
    *urls_api.urlpatterns,
]
