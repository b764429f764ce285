"""The entrance for the production server: pages that are ready, and Django behind them."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nextgen.settings")

django = get_wsgi_application()

from nextgen.pagecache.wrapper import in_front_of  # noqa: E402 - needs Django set up

application = in_front_of(django)
