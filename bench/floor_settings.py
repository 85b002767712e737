"""The product's settings with the floors instead of its pages."""

from prsystem.settings import *  # noqa: F403

ROOT_URLCONF = "bench.floors"
MIDDLEWARE: list[str] = []
