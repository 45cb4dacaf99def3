"""The upload path of the measured bureau."""

from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from spyne.server.django import DjangoApplication

from benchmarks.spyne_service.operations import application

urlpatterns = [path("bureaus/440000/ISPWebService/upDownLoad", csrf_exempt(DjangoApplication(application)))]
