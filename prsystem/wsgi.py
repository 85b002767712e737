"""WSGI entry point."""

import gc
import os
import sys
import threading

from django.core.wsgi import get_wsgi_application

from prsystem.env import ConfigurationError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prsystem.settings")
try:
    application = get_wsgi_application()
except ConfigurationError as error:
    sys.exit(f"pr-system: {error}")

from integrations.nodes.services import nodes_seed_at_start

# The nodes that OLLAMA_URLS names are in the console from the start; nothing waits for it.
threading.Thread(target=nodes_seed_at_start, daemon=True).start()

# What the application loaded lives as long as the process: the collector needn't walk it again and again.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
