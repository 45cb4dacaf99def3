"""The entry for WSGI servers: `beian.wsgi:application`."""

from __future__ import annotations

import os

import django

from beian.web.utf8 import Utf8Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beian.settings")
django.setup(set_prefix=False)
application = Utf8Handler()
