"""The three paths of the interface, mounted below a bureau's prefix (`province` comes from there)."""

from __future__ import annotations

from django.urls import path

from interface.endpoint import endpoint
from interface.wsdl import SERVICES

app_name = "interface"
urlpatterns = [path(service.path, endpoint, {"service": service}, name=service.name) for service in SERVICES]
