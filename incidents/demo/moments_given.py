"""Lets rows of the past be inserted with their own moments."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Model

AUTOMATIC = ("auto_now", "auto_now_add")


@contextmanager
def moments_given(*models: type[Model]) -> Iterator[None]:
    """Within the block `auto_now` and `auto_now_add` of these models don't replace what a row says.

    It holds for the whole process: only for commands, never where requests are served.
    """
    kept = [
        (field, name) for model in models for field in model._meta.concrete_fields for name in AUTOMATIC
        if getattr(field, name, False)
    ]  # fmt: skip
    try:
        for field, name in kept:
            setattr(field, name, False)
        yield
    finally:
        for field, name in kept:
            setattr(field, name, True)
