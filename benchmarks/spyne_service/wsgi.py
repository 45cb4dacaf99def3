"""The service under gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.spyne_service.settings"
application = get_wsgi_application()
