"""The pages of the connection to the bureau."""

from __future__ import annotations

from django.urls import URLPattern, path

from enterprise.views.connection import acts, calls, history, incoming, outgoing, overview, parameters, trying

urlpatterns: list[URLPattern] = [
    path("connection/", overview.connection, name="connection"),
    path("connection/status", overview.connection_status, name="connection_status"),
    path("connection/parameters", parameters.connection_edit, name="connection_edit"),
    path("connection/try", trying.connection_try, name="connection_try"),
    path("connection/act/<str:act>", acts.connection_act, name="connection_act"),
    path("connection/sequence", acts.connection_sequence, name="connection_sequence"),
    path("connection/calls/", calls.connection_calls, name="connection_calls"),
    path("connection/outgoing/", outgoing.connection_outgoing, name="connection_outgoing"),
    path(
        "connection/outgoing/<int:pk>/",
        outgoing.connection_outgoing_document,
        name="connection_outgoing_document",
    ),
    path("connection/incoming/", incoming.connection_incoming, name="connection_incoming"),
    path(
        "connection/incoming/<int:pk>/",
        incoming.connection_incoming_document,
        name="connection_incoming_document",
    ),
    path("connection/incoming/<int:pk>/again", incoming.connection_apply_again, name="connection_apply_again"),
    path("connection/history/", history.connection_history, name="connection_history"),
]
