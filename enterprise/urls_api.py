"""The URLs of the REST interface, and the pages on which it is administered."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.generic import RedirectView

from enterprise.api import cases, files, holdings, schema, tasks, verifications
from enterprise.views.api import deliveries, systems

api_patterns: list[URLPattern] = [
    path("cases", cases.Cases.as_view(), name="api_cases"),
    path("cases/<int:pk>", cases.OneCase.as_view(), name="api_case"),
    path("cases/<int:pk>/draft", cases.Draft.as_view(), name="api_draft"),
    path("cases/<int:pk>/submit", cases.Submission.as_view(), name="api_submit"),
    path("cases/<int:pk>/abandon", cases.Abandonment.as_view(), name="api_abandon"),
    path("cases/<int:pk>/verification", verifications.Verifications.as_view(), name="api_verify"),
    path("verifications/<int:pk>/answers", verifications.Answers.as_view(), name="api_answers"),
    path("verifications/<int:pk>/numbers", verifications.Numbers.as_view(), name="api_numbers"),
    path("verifications/<int:pk>/pieces", verifications.Pieces.as_view(), name="api_pieces"),
    path("verifications/<int:pk>/form.pdf", verifications.Form.as_view(), name="api_form"),
    path("verifications/<int:pk>/close", verifications.Closing.as_view(), name="api_close"),
    path("files", files.Files.as_view(), name="api_files"),
    path("holdings", holdings.Holdings.as_view(), name="api_holdings"),
    path("holdings/<int:number>", holdings.OneHolding.as_view(), name="api_holding"),
    path("tasks", tasks.Tasks.as_view(), name="api_tasks"),
    path("cuts", tasks.Cuts.as_view(), name="api_cuts"),
]
"""The interface itself, below `api/v1/`."""

_PREFIX = "api/v1/"

urlpatterns: list[URLPattern] = [
    *(path(f"{_PREFIX}{each.pattern}", each.callback, name=each.name) for each in api_patterns),
    path(_PREFIX, RedirectView.as_view(pattern_name="enterprise:api_try"), name="api_root"),
    path(f"{_PREFIX}schema", schema.schema, name="api_schema"),
    path(f"{_PREFIX}docs", schema.try_it, name="api_try"),
    path("systems", systems.show, name="systems"),
    path("systems/tokens", systems.make_token, name="make_token"),
    path("systems/tokens/<int:pk>/revoke", systems.revoke_token, name="revoke_token"),
    path("systems/webhooks", systems.add_webhook, name="add_webhook"),
    path("systems/webhooks/<int:pk>/switch", systems.switch_webhook, name="switch_webhook"),
    path("systems/webhooks/<int:pk>", deliveries.show, name="webhook"),
    path("systems/deliveries/<uuid:pk>/again", deliveries.send_again, name="send_delivery_again"),
]
