"""WSGI entry point."""

import os
import sys

from django.core.wsgi import get_wsgi_application

from prsystem.env import ConfigurationError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prsystem.settings")
try:
    application = get_wsgi_application()
except ConfigurationError as error:
    sys.exit(f"pr-system: {error}")
