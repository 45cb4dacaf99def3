"""What the office sets for its portal."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from beian.events import record
from beian.web.requests import NodeRequest
from enterprise.forms.office_settings import OfficeSettingsForm
from enterprise.models import OfficeSettings
from enterprise.views.portal.doors import at


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: NodeRequest, isp: int) -> HttpResponse:
    """Show and keep the office's settings."""
    found = OfficeSettings.objects.filter(provider=request.node).first() or OfficeSettings(provider=request.node)
    form = OfficeSettingsForm(request.POST or None, settings=found)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            OfficeSettings.objects.update_or_create(provider=request.node, defaults=form.cleaned_data)
            changed = sorted(form.changed_data)
            record(
                "node",
                request.node.pk,
                "office.settings",
                node=request.node,
                actor=request.user,
                data={"fields": changed},
            )
        messages.success(request, "设置已保存。")
        return HttpResponseRedirect(at(request, "settings"))
    return render(request, "enterprise/portal/settings.html", {"form": form}, status=422 if form.errors else 200)
