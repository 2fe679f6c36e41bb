"""The pages as a WSGI application. Serving is never local mode unless somebody says so."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("MAKEGOOD_LOCAL", "0")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.config.settings")

application = get_wsgi_application()
