"""The entrance for the production server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nextgen.settings")

application = get_wsgi_application()
